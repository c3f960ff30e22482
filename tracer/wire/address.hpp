// Addresses as values: small, comparable, printable.
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "tracer/bytes/bytes.hpp"

namespace tracer {

/// An IPv4 or IPv6 address, in network byte order.
class IpAddress {
 public:
  constexpr IpAddress() = default;  // 0.0.0.0
  /// `octets` are 4 (IPv4) or 16 (IPv6) bytes; REQUIRES one of the two.
  static IpAddress from(Bytes octets) {
    IpAddress address;
    address.set(octets);
    return address;
  }
  /// The same, where the address is to stay. Whole words: a processor waits when it reads at once
  /// what it has just written in parts, and this is done twice for each packet.
  void set(Bytes octets) {
    v6_ = octets.size() == 16;
    if (v6_) {
      std::memcpy(words_.data(), octets.data(), sizeof words_);
    } else {
      std::uint32_t quad;
      std::memcpy(&quad, octets.data(), sizeof quad);
      constexpr int place = std::endian::native == std::endian::little ? 0 : 32;
      words_ = {std::uint64_t{quad} << place, 0};
    }
  }
  /// Dotted quad or RFC 4291 text; none if it is neither.
  static std::optional<IpAddress> parse(std::string_view text);

  bool is_v6() const { return v6_; }
  /// Two words that tell addresses of one kind apart; their order of bytes is the machine's.
  const std::array<std::uint64_t, 2>& words() const { return words_; }
  Bytes octets() const { return std::as_bytes(std::span(words_)).first(v6_ ? 16 : 4); }
  std::string text() const;                // RFC 5952 for IPv6
  void append_to(std::string& out) const;  // the same, without a string of its own
  /// The same, into room for longest_text characters, without a 0 at the end. Returns the end.
  char* write_to(char* room) const;
  static constexpr std::size_t longest_text = 45;  // ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255

  friend std::strong_ordering operator<=>(const IpAddress& a, const IpAddress& b) {
    const int octets = std::memcmp(a.words_.data(), b.words_.data(), sizeof a.words_);
    return octets != 0 ? octets <=> 0 : a.v6_ <=> b.v6_;
  }
  /// Two words: each packet's conversation is found by it.
  friend bool operator==(const IpAddress& a, const IpAddress& b) {
    return ((a.words_[0] ^ b.words_[0]) | (a.words_[1] ^ b.words_[1])) == 0 && a.v6_ == b.v6_;
  }

 private:
  std::array<std::uint64_t, 2> words_{};  // the octets as they lie in memory, zeros after four
  bool v6_ = false;
};

/// An address and a port; the port is 0 for protocols that have none.
struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;

  std::string text() const;  // 10.0.0.1:7000, [fd00::1]:7000; the address alone without a port
  /// As IpAddress::write_to().
  char* write_to(char* room) const;
  static constexpr std::size_t longest_text = IpAddress::longest_text + sizeof "[]:65535" - 1;

  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
  friend bool operator==(const Endpoint& a, const Endpoint& b) {
    return a.port == b.port && a.address == b.address;
  }
};

/// 02:00:5e:00:53:01. REQUIRES: six octets.
std::string mac_text(Bytes octets);

}  // namespace tracer
