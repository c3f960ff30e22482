#pragma once

#include <cstdint>
#include <vector>

#include "tracer/bytes/frame_store.hpp"
#include "tracer/tracking/tracker.hpp"

namespace tracer {

/// Follows a capture from some frame in its middle on, while another thread follows what is before
/// it; then both know together what one tracker would have known that saw all.
///
/// A connection that begins here with a SYN needs nothing of what was before. The packets of other
/// conversations are kept for the tracker of the earlier part. Where that does not suffice, which
/// is told and never guessed, all has to be followed again.
class LaterPart {
 public:
  static constexpr std::size_t most_kept = std::size_t{8} << 20;  // bytes of packets

  /// The next packet, decoded; its number counts from the first one of this part. False: too much
  /// depends on what was before, and this part is of no use.
  bool follow(Packet& packet, Tracker::Expected expected = {});
  /// As Tracker::expect().
  Tracker::Expected expect(const Packet& packet) const { return tracker_.expect(packet); }

  /// Gives what was kept to the tracker of the earlier part, which had so many frames. False, and
  /// nothing was given: a connection seemed to begin here that is in truth an earlier one.
  bool join(Tracker& earlier, std::uint64_t frames_before);
  /// Those that began here; their first_number counts from the first frame of this part.
  const ConversationTable& conversations() const { return tracker_.conversations(); }

 private:
  struct Beginning {
    std::uint32_t conversation;  // index
    SeqNumber isn;
  };
  bool keep(const Packet& packet);
  bool is_new_to(Tracker& earlier, const Beginning& beginning) const;

  Tracker tracker_{Tracker::Follows::begun_here, Facts::flags};
  std::vector<Beginning> beginnings_;
  ConversationTable others_;  // those whose packets are kept, as a set
  FrameStore kept_;
  std::vector<std::uint64_t> numbers_;  // of what is kept
  std::size_t kept_bytes_ = 0;
};

}  // namespace tracer
