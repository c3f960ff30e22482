#pragma once

#include "tracer/bytes/bytes.hpp"
#include "tracer/bytes/decoded.hpp"

namespace tracer {

/// Address resolution (RFC 826), read in place.
class ArpHeader {
 public:
  static constexpr std::size_t min_size = 8;

  /// truncated: the capture ends before the four addresses do.
  static Decoded<ArpHeader> parse(Bytes message);

  std::uint16_t hardware_type() const { return be16(message_, 0); }
  std::uint16_t protocol_type() const { return be16(message_, 2); }
  std::uint8_t hardware_size() const { return be8(message_, 4); }
  std::uint8_t protocol_size() const { return be8(message_, 5); }
  std::uint16_t operation() const { return be16(message_, 6); }  // 1 request, 2 reply
  Bytes sender_hardware() const { return message_.subspan(8, hardware_size()); }
  Bytes sender_protocol() const { return message_.subspan(8u + hardware_size(), protocol_size()); }
  Bytes target_hardware() const {
    return message_.subspan(8u + hardware_size() + protocol_size(), hardware_size());
  }
  Bytes target_protocol() const {
    return message_.subspan(8u + 2u * hardware_size() + protocol_size(), protocol_size());
  }
  /// True for IPv4 over Ethernet, the only kind seen in practice.
  bool is_ipv4() const { return protocol_type() == 0x0800 && protocol_size() == 4; }

 private:
  explicit ArpHeader(Bytes message) : message_(message) {}
  Bytes message_;
};

inline Decoded<ArpHeader> ArpHeader::parse(Bytes message) {
  if (message.size() < min_size)
    return DecodeError{Fault::truncated, "ARP", min_size, message.size()};
  const std::size_t needed = min_size + 2u * be8(message, 4) + 2u * be8(message, 5);
  if (message.size() < needed) return DecodeError{Fault::truncated, "ARP", needed, message.size()};
  return ArpHeader(message);
}

}  // namespace tracer
