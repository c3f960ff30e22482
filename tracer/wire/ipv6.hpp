#pragma once

#include "tracer/bytes/bytes.hpp"
#include "tracer/bytes/decoded.hpp"
#include "tracer/wire/address.hpp"

namespace tracer {

/// The fixed IPv6 header read in place (RFC 8200 §3). Valid only while the captured frame is.
class Ipv6Header {
 public:
  static constexpr std::size_t header_size = 40;

  /// truncated: fewer than 40 bytes. malformed: the version is not 6.
  static Decoded<Ipv6Header> parse(Bytes packet) {
    if (packet.size() < header_size)
      return DecodeError{Fault::truncated, "IPv6", header_size, packet.size()};
    if (be8(packet, 0) >> 4 != 6)
      return DecodeError{Fault::malformed, "IPv6", header_size, packet.size()};
    return Ipv6Header(packet);
  }

  std::uint8_t traffic_class() const { return static_cast<std::uint8_t>(be16(packet_, 0) >> 4); }
  std::uint32_t flow_label() const { return be32(packet_, 0) & 0xfffff; }
  std::uint16_t payload_length() const { return be16(packet_, 4); }
  std::uint8_t next_header() const { return be8(packet_, 6); }
  std::uint8_t hop_limit() const { return be8(packet_, 7); }
  IpAddress source() const { return IpAddress::from(packet_.subspan(8, 16)); }
  IpAddress destination() const { return IpAddress::from(packet_.subspan(24, 16)); }

 private:
  explicit Ipv6Header(Bytes packet) : packet_(packet) {}
  Bytes packet_;
};

/// An extension header with the common layout (RFC 8200 §4.3, §4.4, §4.6): hop-by-hop options,
/// routing, destination options; and the authentication header, which counts its length in
/// words of four bytes (RFC 4302 §2.2).
class Ipv6Extension {
 public:
  static Decoded<Ipv6Extension> parse(Bytes header, bool authentication) {
    if (header.size() < 8) return DecodeError{Fault::truncated, "IPv6 extension", 8, header.size()};
    const std::size_t size =
        authentication ? (be8(header, 1) + 2u) * 4u : (be8(header, 1) + 1u) * 8u;
    if (header.size() < size)
      return DecodeError{Fault::truncated, "IPv6 extension", size, header.size()};
    return Ipv6Extension(header.first(size));
  }
  std::uint8_t next_header() const { return be8(header_, 0); }
  std::size_t size() const { return header_.size(); }

 private:
  explicit Ipv6Extension(Bytes header) : header_(header) {}
  Bytes header_;
};

/// RFC 8200 §4.5.
class Ipv6Fragment {
 public:
  static constexpr std::size_t header_size = 8;
  static Decoded<Ipv6Fragment> parse(Bytes header) {
    if (header.size() < header_size)
      return DecodeError{Fault::truncated, "IPv6 fragment", header_size, header.size()};
    return Ipv6Fragment(header);
  }
  std::uint8_t next_header() const { return be8(header_, 0); }
  std::uint16_t offset() const { return static_cast<std::uint16_t>(be16(header_, 2) >> 3); }  // ×8
  bool more() const { return (be8(header_, 3) & 1) != 0; }
  std::uint32_t id() const { return be32(header_, 4); }
  /// RFC 6946: a fragment header around a whole packet.
  bool is_atomic() const { return offset() == 0 && !more(); }

 private:
  explicit Ipv6Fragment(Bytes header) : header_(header) {}
  Bytes header_;
};

}  // namespace tracer
