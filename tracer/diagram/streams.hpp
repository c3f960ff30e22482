#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tracer/diagram/ladder.hpp"

namespace tracer {

/// A stretch of the bytes that one end sent, and how it fared on its way.
struct StreamPiece {
  enum class Fate : std::uint8_t {
    arrived,   // by the first packet that carried it
    repaired,  // lost or corrupted first, then sent again
    missing,   // no packet that carried it arrived
    unseen,    // only one end was watched
  };
  std::uint64_t from = 0, to = 0;  // offsets in the stream, from 0; [from, to)
  Fate fate = Fate::unseen;
  std::vector<std::uint32_t>
      rows;  // numbers of the packets that carried it, in order; the first few
};

/// What one end of a conversation sent: of TCP the bytes in order and once each, of UDP the
/// datagrams' payloads one after the other.
struct Stream {
  std::uint64_t sent = 0;      // bytes; of TCP from the first to the last sequence number seen
  std::uint64_t received = 0;  // bytes of those that arrived whole, counted once
  std::uint64_t on_wire = 0;   // payload bytes of all packets, repetitions included
  std::vector<StreamPiece> pieces;
  std::string bytes;  // the first of them; what was not captured is 0
  bool whole = true;  // false: more pieces than are kept, the later ones are left out
};

/// The stream from lane `from`. Of TCP and UDP; of others it is empty. At most `most` bytes are kept.
Stream stream_of(const Ladder& ladder, const FrameStore& frames, unsigned from, std::size_t most);

}  // namespace tracer
