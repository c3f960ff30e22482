#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "tracer/bytes/frame.hpp"
#include "tracer/wire/seq_number.hpp"

namespace tracer {

/// Segments of one direction that were sent and not yet acknowledged, oldest first.
///
/// In the common case they lie one after the other in sequence space, and an ACK takes them off
/// the front; after a retransmission they do not, and it looks at each. Bounded: beyond
/// `capacity` nothing is added.
class PendingSegments {
 public:
  static constexpr std::size_t capacity = 10'000;

  struct Segment {
    SeqNumber start, end;
    Timestamp time;
    std::uint64_t frame;
  };
  struct Acknowledged {
    std::uint64_t frame = 0;  // 0: no segment ends at the acknowledgment number
    Timestamp time{};
  };

  bool empty() const { return !queue_ || queue_->empty(); }
  /// REQUIRES: !empty().
  const Segment& oldest() const { return queue_->oldest(); }
  void add(SeqNumber start, SeqNumber end, Timestamp time, std::uint64_t frame);
  /// Drops what `ack` covers, and says which segment ends exactly there (the oldest of several).
  Acknowledged acknowledge(SeqNumber ack);
  /// Highest end minus lowest start, as offsets from `base`. REQUIRES: !empty().
  std::uint32_t span(SeqNumber base) const;
  /// Gives the memory back where nothing is waiting: for connections that are over.
  void shrink() {
    if (queue_ && queue_->empty()) give_back();
  }

 private:
  struct Queue {
    std::vector<Segment> segments;  // from `head` on
    std::size_t head = 0;
    bool in_order = true;

    bool empty() const { return head == segments.size(); }
    const Segment& oldest() const { return segments[head]; }
  };
  Acknowledged acknowledge_each(SeqNumber ack);
  void give_back();
  /// Queues that were given back, for the next connections: a short one then allocates nothing.
  static std::vector<std::unique_ptr<Queue>>& spare();

  std::unique_ptr<Queue> queue_;  // a closed connection, and most are, has none
};

}  // namespace tracer
