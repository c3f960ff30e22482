// What the processes of a run tell the one in front: whole messages over a pipe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "labs/support/fd.hpp"
#include "labs/testbed/wire_rules.hpp"
#include "tracer/bytes/bytes.hpp"

namespace testbed {

enum class MessageType : std::uint8_t {
  // from the conductor
  failure,        // exit code (u32), text, NUL, hint: the run cannot go on
  ready,          // captures run, the wire is up
  note,           // text: something the user should know
  captured,       // a CapturedHead, then the frame
  output,         // side (u8), then what its program printed
  program_ended,  // a ProgramEnd, the text of ProgramResult::detail, NUL, that of ::limit
  socket_closed,  // a ClosedSocket
  captures_done,  // a CaptureCounts
  // from the wire
  decided,    // a DecidedHead, then the cause
  sent,       // a SentHead
  wire_done,  // a WireCounts
};

struct CapturedHead {
  std::uint8_t side, outbound;
  std::uint16_t unused = 0;
  std::uint32_t original_length;
  std::int64_t time;  // nanoseconds since 1970
};
struct ProgramEnd {
  std::uint8_t side;
  std::uint8_t stopped;    // by us: it ran on after the peer was done, or too long
  std::uint8_t timed_out;  // the time limit of the run passed
  std::uint8_t ignored_sigterm;
  std::int32_t status;          // as from waitpid(2)
  std::int64_t dropped_output;  // bytes beyond the limit
  std::int64_t stopped_at;      // nanoseconds since 1970; 0: it ended by itself
  std::uint64_t starved;        // of a time-out: the machine gave it too little time
};
struct CaptureCounts {
  std::uint64_t outbound[2], inbound[2];  // frames seen at each host
  std::uint64_t dropped[2];               // by the kernel, for want of room
  std::uint64_t sentinels[2];             // 2 a host: one before the first program, one at the end
};
struct DecidedHead {
  std::uint64_t id;  // the packet, counted by the wire from 1
  std::int64_t time;
  std::uint8_t from, dropped, corrupted, held;
  std::uint32_t copies;
  std::uint32_t length;
  std::int32_t rule;
  std::int64_t departure;
  std::uint64_t corrupt_at;
  std::uint64_t digest, sent_digest;  // of the frame as it came and as it leaves
};
struct SentHead {
  std::uint64_t id;
  std::int64_t time;
  std::uint8_t to, copy, corrupted, failed;  // failed: the kernel did not take it
  std::uint32_t unused = 0;
};
struct WireCounts {
  std::uint64_t received[2];  // from each host
  std::uint64_t sent[2];      // to each host
  std::uint64_t overflow;     // frames that the kernel dropped before the wire could read them
  std::uint64_t refused;      // frames that the kernel would not take from the wire
  std::uint64_t applied;      // number of u64 counts that follow, one a rule
};

/// Tells frames apart by their content, so that a captured one can be found among the wire's
/// (64-bit, not cryptographic).
std::uint64_t digest(tracer::Bytes bytes);

/// Sends one whole message; false if the reader is gone. `head` and `tail` go out as one.
bool send_message(int fd, MessageType type, tracer::Bytes head, tracer::Bytes tail = {});
template <class Head>
bool send_message(int fd, MessageType type, const Head& head, tracer::Bytes tail = {}) {
  return send_message(fd, type, std::as_bytes(std::span(&head, 1)), tail);
}

/// Puts messages together from what arrives in pieces.
class MessageReader {
 public:
  struct Message {
    MessageType type;
    tracer::Bytes body;  // valid until the next call
  };
  /// Reads once from `fd`; false at its end.
  bool read_from(int fd);
  bool next(Message& message);

 private:
  std::vector<std::byte> buffer_;
  std::size_t at_ = 0;
};

/// The head at the front of a body. REQUIRES: the body was sent with one.
template <class Head>
Head head_of(tracer::Bytes body) {
  Head head;
  std::memcpy(&head, body.data(), sizeof head);
  return head;
}

}  // namespace testbed
