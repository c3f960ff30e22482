#pragma once

#include <cstdint>

#include "tracer/wire/plain_tcp.hpp"

namespace tracer {

/// One of several parts, about equal, into which the conversations of a capture are divided: each
/// can be followed by a Tracker of its own, which then needs nothing of the others.
class Share {
 public:
  /// All conversations.
  Share() = default;
  /// REQUIRES: number < of.
  Share(std::uint32_t number, std::uint32_t of) : number_(number), of_(of) {}

  /// Are the conversations between these endpoints, in either order, in this share?
  bool has(const Endpoint& a, const Endpoint& b) const {
    return of_ == 1 || is_ours(word(a) ^ word(b));
  }
  /// False for most frames of other shares, at little cost: only the others need be decoded.
  bool may_have(const Frame& frame) const {
    if (of_ == 1 || !is_plain_tcp(frame)) return true;
    constexpr std::size_t source = plain_tcp::ip + 12, destination = source + 4;
    return is_ours(be32(frame.bytes, source) ^ be32(frame.bytes, destination) ^
                   be16(frame.bytes, plain_tcp::tcp) ^ be16(frame.bytes, plain_tcp::tcp + 2));
  }

 private:
  static std::uint32_t word(const Endpoint& end) {
    const Bytes octets = end.address.octets();
    std::uint32_t word = end.port;
    for (std::size_t at = 0; at < octets.size(); at += 4) word ^= be32(octets, at);
    return word;
  }
  /// The upper bits of the product depend on all of `both`.
  bool is_ours(std::uint32_t both) const {
    return (std::uint64_t{both * 0x9e3779b1u} * of_) >> 32 == number_;
  }

  std::uint32_t number_ = 0, of_ = 1;
};

}  // namespace tracer
