#pragma once

#include "tracer/bytes/bytes.hpp"
#include "tracer/bytes/decoded.hpp"

namespace tracer {

/// An ICMP (RFC 792) or ICMPv6 (RFC 4443) header read in place.
class IcmpHeader {
 public:
  static constexpr std::size_t header_size = 8;

  /// truncated: fewer than four bytes: type, code and checksum. What follows may be absent.
  static Decoded<IcmpHeader> parse(Bytes message) {
    if (message.size() < 4) return DecodeError{Fault::truncated, "ICMP", 4, message.size()};
    return IcmpHeader(message);
  }
  std::uint8_t type() const { return be8(message_, 0); }
  std::uint8_t code() const { return be8(message_, 1); }
  std::uint16_t checksum() const { return be16(message_, 2); }
  /// The four bytes whose meaning depends on the type (identifier and sequence, MTU, gateway …);
  /// shorter if the message ends there.
  Bytes rest() const { return slice(message_, 4, 4); }
  Bytes body() const { return slice(message_, header_size); }

  /// Do errors of this type quote the packet that caused them? (RFC 792; RFC 4443 §2.1: types
  /// under 128 are errors.)
  static bool quotes_packet(bool v6, std::uint8_t type) {
    return v6 ? type >= 1 && type <= 4
              : type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
  }

 private:
  explicit IcmpHeader(Bytes message) : message_(message) {}
  Bytes message_;
};

}  // namespace tracer
