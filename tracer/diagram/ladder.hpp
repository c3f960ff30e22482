// A conversation as a ladder: two lanes, and what went between them. Facts and roles only; how
// they look is a renderer's business.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tracer/tracking/conversations.hpp"
#include "tracer/tracking/passages.hpp"
#include "tracer/tracking/tcp_states.hpp"
#include "tracer/wire/packet.hpp"

namespace tracer {

/// Something worth saying about a row.
struct Note {
  enum class Kind : std::uint8_t {
    lost,                 // did not arrive; from one end: must not have
    corrupted,            // arrived with a wrong checksum and was discarded
    duplicated,           // arrived twice
    overtaken,            // arrived after packets that left later
    fast_retransmit,      // sent again because ACKs said that something is missing
    timeout_retransmit,   // sent again because no ACK came in time
    needless_retransmit,  // sent again though it had arrived
    retransmit,           // sent again, and why cannot be told
    duplicate_ack,
    window_update,
    zero_window,
    window_full,
    zero_window_probe,
    keep_alive,
    keep_alive_ack,
    ports_reused,
    incomplete,   // the last fragment of a datagram, of which another fragment did not arrive
    gap,          // a segment before this one was not captured
    unreachable,  // an ICMP error about an earlier packet
    malformed,
    cut,
    comment,  // what the capture file itself says
  };
  Kind kind;
  std::uint32_t about = 0;  // number of the row that it refers to, 0 if none
  std::uint64_t count = 0;  // which duplicate ACK, which ICMP code, how many copies
  Nanoseconds time{0};      // how long the sender waited
  std::string text;         // cause of a loss, kind of an ICMP error; may be empty
};

/// What a packet says, apart from how it fared.
struct Label {
  enum class Kind : std::uint8_t { tcp, udp, icmp, other };
  Kind kind = Kind::other;
  TcpFlags flags;
  std::uint32_t seq = 0, ack = 0;                             // relative
  std::uint32_t length = 0;                                   // bytes of payload
  std::uint32_t window = 0;                                   // bytes
  std::vector<std::pair<std::uint32_t, std::uint32_t>> sack;  // relative
  std::vector<std::string> options;  // "MSS=1460", in the order of the header
  std::string
      text;  // icmp and other: what it is; udp and tcp: the payload's first words, printable
  bool speaks = false;  // the first words are a line of an application's protocol
  std::string message;  // what an application says with it: "Client Hello"; often empty
};

struct Row {
  std::uint32_t number;              // in order of departure, or the frame's in a single capture
  std::uint8_t from;                 // lane 0 or 1
  std::optional<Timestamp> time[2];  // when it passed each lane, on the common clock
  std::vector<Timestamp> more_arrivals;  // of duplicates
  Fate fate = Fate::unknown;
  Label label;
  std::vector<Note> notes;
  TcpState state[2] = {TcpState::unknown,
                       TcpState::unknown};  // of each end, where this row changed it
  std::vector<std::uint32_t>
      pieces;  // numbers of all fragments of its datagram, if it is the one that completes it
  std::uint32_t departure = Passage::none, arrival = Passage::none;  // frames in the store

  bool has(Note::Kind kind) const {
    for (const Note& note : notes)
      if (note.kind == kind) return true;
    return false;
  }
};

struct Ladder {
  std::uint8_t protocol = 0;  // IP protocol number
  Endpoint ends[2];           // lane 0 is the originator's
  std::string names[2];       // "client"; empty if none is known
  bool two_ended = false;
  Timestamp start{};  // zero of all times shown
  std::vector<Row> rows;

  std::size_t count(Note::Kind kind) const {
    std::size_t n = 0;
    for (const Row& row : rows) n += row.has(kind);
    return n;
  }
};

/// What lanes are called, asked in this order: the endpoint with its port, then the address.
class Names {
 public:
  void add(const Endpoint& endpoint, std::string name) {
    names_.emplace_back(endpoint, std::move(name));
  }
  std::string of(const Endpoint& endpoint) const;

 private:
  std::vector<std::pair<Endpoint, std::string>> names_;
};

/// All conversations of the packets, in order of first packet, each as a ladder. `start` of all is
/// the time of the first packet.
std::vector<Ladder> ladders(const FrameStore& frames, const Passages& passages, const Names& names);

/// The label of one packet, for renderers that show packets by themselves.
struct TcpFacts;
Label label_of(const Packet& packet, const TcpFacts* facts, const TcpOptions& options);

}  // namespace tracer
