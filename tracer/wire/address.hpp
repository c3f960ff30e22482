// Addresses as values: small, comparable, printable.
#pragma once

#include <array>
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
    std::memcpy(address.octets_.data(), octets.data(), octets.size());
    address.v6_ = octets.size() == 16;
    return address;
  }
  /// Dotted quad or RFC 4291 text; none if it is neither.
  static std::optional<IpAddress> parse(std::string_view text);

  bool is_v6() const { return v6_; }
  Bytes octets() const { return std::as_bytes(std::span(octets_)).first(v6_ ? 16 : 4); }
  std::string text() const;                // RFC 5952 for IPv6
  void append_to(std::string& out) const;  // the same, without a string of its own

  friend constexpr auto operator<=>(const IpAddress&, const IpAddress&) = default;
  /// In two words: each packet's conversation is found by it.
  friend bool operator==(const IpAddress& a, const IpAddress& b) {
    std::uint64_t left[2], right[2];
    std::memcpy(left, a.octets_.data(), sizeof left);
    std::memcpy(right, b.octets_.data(), sizeof right);
    return ((left[0] ^ right[0]) | (left[1] ^ right[1])) == 0 && a.v6_ == b.v6_;
  }

 private:
  std::array<std::uint8_t, 16> octets_{};
  bool v6_ = false;
};

/// An address and a port; the port is 0 for protocols that have none.
struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;

  std::string text() const;  // 10.0.0.1:7000, [fd00::1]:7000; the address alone without a port
  void append_to(std::string& out) const;
  friend constexpr auto operator<=>(const Endpoint&, const Endpoint&) = default;
  friend bool operator==(const Endpoint& a, const Endpoint& b) {
    return a.port == b.port && a.address == b.address;
  }
};

/// 02:00:5e:00:53:01. REQUIRES: six octets.
std::string mac_text(Bytes octets);

}  // namespace tracer
