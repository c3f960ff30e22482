// Two vantage points of the same traffic -> one list of packets, each with what became of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tracer/bytes/frame_store.hpp"
#include "tracer/bytes/inline_vector.hpp"
#include "tracer/wire/packet.hpp"

namespace tracer {

/// What became of a packet between the vantage points.
enum class Fate : std::uint8_t {
  unknown,  // only one end was watched, or the far capture did not cover the moment
  arrived,
  lost,
  duplicated,  // arrived more than once
  corrupted,   // arrived changed: the receiver's checksum fails and it throws the packet away
};

/// One packet on its way from one host to the other. Frames are indices into the store.
struct Passage {
  static constexpr std::uint32_t none = UINT32_MAX;

  std::uint32_t departure = none;           // the sighting at the sender's end
  InlineVector<std::uint32_t, 4> arrivals;  // at the receiver's end, in order of arrival
  Fate fate = Fate::unknown;
  std::string_view cause;   // the wire's word for it, where known; lives as long as the store
  std::uint8_t origin = 0;  // vantage point at the sender's end
  Timestamp left{};         // on the common clock; that of the arrival where no departure was seen

  /// The frame to decode: as it was sent, if that was seen.
  std::uint32_t frame() const { return departure != none ? departure : arrivals[0]; }
};

/// How the second clock relates to the first.
struct ClockOffset {
  Nanoseconds offset{0};  // second clock minus first
  Nanoseconds error{0};   // half the smallest round trip: the truth is within ± this
  bool measured = false;  // from packets that passed both points in both directions
  bool shared = false;    // zero is within the error: taken as one clock
};

struct PairingOptions {
  std::optional<ClockOffset> clock;  // known beforehand, not to be estimated
  bool cut =
      false;  // the captures end before the traffic did: what is not there may have come later
};

/// All packets of a capture, in order of departure on the first vantage point's clock.
struct Passages {
  std::vector<Passage> list;
  bool two_ended = false;
  bool exact = false;  // paired by packet ids, not by content
  ClockOffset clock;
  std::size_t paired = 0, departures = 0;  // packets seen at both ends; packets seen leaving
};

/// From one vantage point: every frame is a packet of unknown fate.
Passages single_ended(const FrameStore& frames);

/// From two: Frame::vantage is 0 or 1. Paired by packet id where every frame has one; else by
/// addresses, protocol, IP identification, fragment and a hash of transport header and payload
/// (checksums apart), first in first out among equals. Corrupted packets are found by what is left.
/// A packet counts as lost only where the far capture went on for long enough to have seen it.
/// Frame times of vantage 1 are moved onto the first clock in `frames`.
Passages two_ended(FrameStore& frames, const PairingOptions& options = {});

}  // namespace tracer
