// Fuzzers hand over one stretch of bytes; this makes frames of it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tracer/bytes/frame.hpp"

namespace tracer::fuzz {

/// Each frame is a byte for link type and vantage, a byte for the time since the frame before, two
/// for its length, and its bytes. Frames point into `input`.
inline std::vector<Frame> frames_of(Bytes input) {
  constexpr LinkType links[] = {LinkType::ethernet,   LinkType::raw,  LinkType::linux_sll,
                                LinkType::linux_sll2, LinkType::null, LinkType::loop,
                                LinkType::ipv4,       LinkType::ipv6};
  std::vector<Frame> frames;
  Timestamp now{std::chrono::seconds(1'700'000'000)};
  while (input.size() >= 4 && frames.size() < 256) {
    Frame frame;
    const std::uint8_t kind = be8(input, 0);
    frame.link = links[kind & 7];
    frame.vantage = kind >> 3 & 1;
    if (kind & 16) frame.packet_id = kind >> 5;
    frame.direction = frame.vantage ? Direction::inbound : Direction::outbound;
    now += std::chrono::milliseconds(be8(input, 1));
    frame.time = now;
    frame.bytes = slice(input, 4, be16(input, 2) & 0x7ff);
    frame.original_length = static_cast<std::uint32_t>(frame.bytes.size()) + (be16(input, 2) >> 11);
    frames.push_back(frame);
    input = slice(input, 4 + frame.bytes.size());
  }
  return frames;
}

}  // namespace tracer::fuzz
