#pragma once

#include "tracer/bytes/bytes.hpp"
#include "tracer/bytes/decoded.hpp"

namespace tracer {

/// A UDP header read in place (RFC 768). Valid only while the captured frame is.
class UdpHeader {
 public:
  static constexpr std::size_t header_size = 8;

  /// truncated: fewer than 8 bytes. The Length field is not judged here.
  static Decoded<UdpHeader> parse(Bytes datagram) {
    if (datagram.size() < header_size)
      return DecodeError{Fault::truncated, "UDP", header_size, datagram.size()};
    return UdpHeader(datagram);
  }
  std::uint16_t source_port() const { return be16(datagram_, 0); }
  std::uint16_t destination_port() const { return be16(datagram_, 2); }
  std::uint16_t length() const { return be16(datagram_, 4); }    // header included; 0 in jumbograms
  std::uint16_t checksum() const { return be16(datagram_, 6); }  // 0: none
  Bytes payload() const {
    const std::size_t end = length() >= header_size ? length() : datagram_.size();
    return slice(datagram_, header_size, end - header_size);
  }

 private:
  explicit UdpHeader(Bytes datagram) : datagram_(datagram) {}
  Bytes datagram_;
};

}  // namespace tracer
