// A TCP connection written down in packetdrill's notation, and what the tracer makes of it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "tests/support/segment.hpp"
#include "tracer/tracking/tcp_states.hpp"
#include "tracer/tracking/tracker.hpp"

namespace tracer {
std::ostream& operator<<(std::ostream& out, SeqNumber number);  // for gtest's messages
}

namespace support {

/// One end after all segments.
struct End {
  tracer::SeqNumber snd_una, snd_nxt, rcv_nxt;
  tracer::TcpState state = tracer::TcpState::unknown;
  int duplicate_acks = 0;  // duplicate ACKs that this end sent
};

/// What the tracer said when a segment passed.
struct Step {
  std::string line;
  tracer::TcpFacts facts;
  std::string verdict;  // its analysis flags, or "none"
  End client, server;
};

/// The end of the story; a failing expectation prints the story while this lives.
struct Connection {
  End client, server;
  std::vector<Step> steps;
  std::string history, state;  // Zeek's words for it
  std::uint32_t streams = 0;   // TCP connections that the tracker saw
  std::unique_ptr<testing::ScopedTrace> story;

  /// Facts of the n-th segment, from 1.
  const tracer::TcpFacts& facts(std::size_t number) const { return steps.at(number - 1).facts; }
};

/// Why an expectation holds, for the message when it does not.
struct Because {
  std::string why, where;
};

/// Feeds the segments through decode() and Tracker, and to both ends at once as one vantage point
/// must. A line may end in `=> EXPECTATIONS`, checked right after its segment, joined by commas:
///
///     none, or analysis flags            => retransmission fast_retransmission
///     client|server STATE                => client FIN-WAIT-1, server CLOSE-WAIT
///     client|server SND.UNA N            (also SND.NXT, RCV.NXT)
///     dup N, seq N, ack N, window N, flight N, acks N, stream N; flight none
Connection track(const std::vector<std::string>& script, const Because& because = {},
                 const char* file = __builtin_FILE(), int line = __builtin_LINE());

/// "duplicate_ack zero_window": the names of analysis bits, in their order; "none" for none.
std::string analysis_names(std::uint16_t bits);

}  // namespace support
