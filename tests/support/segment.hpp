// One line of packetdrill's notation as a frame.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/frames.hpp"
#include "tracer/bytes/frame_store.hpp"

namespace support {

/// What a line says:
///
///     TIME  client > server  FLAGS  SEQ:END(LENGTH) [ack N] [win N] [<OPTION,…>]  [=> EXPECTATIONS]
///
/// TIME is in seconds. FLAGS are S F R P E W U A and `.` for ACK; `-` for none. `ack` without `.`
/// fills the field and leaves the bit clear. Options: mss N, wscale N, sackOK, sack A:B, TS A B,
/// mptcp N, nop, eol, and hex BYTES as they are.
///
/// For two vantage points TIME is DEPARTURE-FATE: `0.000-0.020` arrives then, `0.000-0.020+0.021`
/// twice, `0.000-lost` never, `0.000-0.020!` changed on the way.
struct Segment {
  std::string line;         // as written, without the expectations
  std::string expectation;  // what follows `=>`
  tracer::Nanoseconds departure{0};
  std::vector<tracer::Nanoseconds> arrivals;
  bool two_ended = false, corrupted = false;
  bool from_client = true;
  std::uint32_t length = 0;  // bytes of payload, made up from the sequence number
  Tcp header;
};

/// Throws std::invalid_argument, with the line in it.
Segment parse_segment(std::string_view line);

/// The frame: client is 10.0.0.1:40000, server 10.0.0.2:7000. `id` goes into the IP header.
Buffer frame_of(const Segment& segment, std::uint16_t id);

/// Time zero of all scripts: any moment but 1970, since a time of 0 may stand for none.
tracer::Timestamp script_time(tracer::Nanoseconds since_start);

/// The frames of a script as one vantage point saw them, or two where the lines have arrivals.
/// `numbered`: with the line's number as packet id, as the testbed numbers its packets.
tracer::FrameStore frames_of(const std::vector<std::string>& script, bool numbered = false);

}  // namespace support
