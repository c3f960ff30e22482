// What one end of a TCP connection sent and heard, as positions in its sequence space over time: the
// facts of tcptrace's time-sequence graph, and what a second vantage point adds.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "tracer/diagram/ladder.hpp"

namespace tracer {

/// One direction of a connection. Times are from the ladder's start, on the sender's clock: when a
/// segment left it, when an ACK reached it. Positions are relative sequence numbers that do not wrap.
struct TimeSequence {
  struct Segment {
    std::uint32_t row;  // its number
    Nanoseconds time;
    std::int64_t from, to;  // to: one past the last; SYN and FIN take one each
    std::uint32_t length;   // bytes of payload
    TcpFlags flags;
    bool again;                          // some of it had been sent before
    bool lost;                           // known from two ends, or inferred from one
    std::optional<Nanoseconds> arrived;  // seen at the far end
  };
  /// An ACK moves the edge of what is acknowledged, or repeats it (from == to).
  struct Ack {
    std::uint32_t row;
    Nanoseconds time;
    std::int64_t from, to;
    std::uint64_t duplicate;  // which duplicate ACK it is (RFC 5681 §2), 0 if none
  };
  /// The right edge of the window that the far end offers: ACK plus window.
  struct Window {
    std::uint32_t row;
    Nanoseconds time;
    std::int64_t edge;
    bool zero;
  };
  /// A block of data that the far end holds above what it acknowledges (RFC 2018).
  struct Sack {
    std::uint32_t row;
    Nanoseconds time;
    std::int64_t from, to;
    bool below;  // a D-SACK (RFC 2883): data that came twice
  };

  std::uint8_t sender = 0;  // lane
  std::vector<Segment> segments;
  std::vector<Ack> acks;
  std::vector<Window> windows;
  std::vector<Sack> sacks;
};

/// Both directions, lane 0's first. REQUIRES: a ladder of TCP. Looks at the first `most` rows only.
struct TimeSequences {
  TimeSequence of[2];
  std::size_t left_out = 0;  // rows beyond `most`
};
TimeSequences time_sequences(const Ladder& ladder, std::size_t most = 20'000);

/// How a flow fared over time; each is a sequence of points in order of time.
struct FlowCurves {
  struct Point {
    Nanoseconds time;
    double value;
  };
  std::vector<Point>
      round_trip;  // ms, at the moment of the ACK; segments sent twice are left out (Karn)
  std::vector<Point> in_flight;  // bytes sent and not acknowledged, a staircase
  std::vector<Point>
      throughput;  // bits a second, of payload new to the receiver; a staircase of `bin`
  Nanoseconds bin{0};
};
FlowCurves flow_curves(const TimeSequence& sequence, bool two_ended);

}  // namespace tracer
