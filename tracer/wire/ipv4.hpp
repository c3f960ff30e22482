#pragma once

#include "tracer/bytes/bytes.hpp"
#include "tracer/bytes/decoded.hpp"
#include "tracer/wire/address.hpp"

namespace tracer {

/// An IPv4 header read in place (RFC 791 §3.1). Valid only while the captured frame is.
class Ipv4Header {
 public:
  static constexpr std::size_t min_size = 20;  // bytes, without options

  /// truncated: the capture holds fewer bytes than the header says it has.
  /// malformed: the version is not 4, or IHL is under 5 words.
  static Decoded<Ipv4Header> parse(Bytes packet) {
    if (packet.size() < min_size)
      return DecodeError{Fault::truncated, "IPv4", min_size, packet.size()};
    const std::size_t size = (be8(packet, 0) & 0x0fu) * 4u;
    if (be8(packet, 0) >> 4 != 4 || size < min_size)
      return DecodeError{Fault::malformed, "IPv4", min_size, size};
    if (packet.size() < size) return DecodeError{Fault::truncated, "IPv4", size, packet.size()};
    return Ipv4Header(packet);
  }

  std::size_t size() const { return (be8(packet_, at::version_ihl) & 0x0fu) * 4u; }  // bytes
  std::uint8_t type_of_service() const { return be8(packet_, at::tos); }
  std::uint16_t total_length() const { return be16(packet_, at::total_length); }  // 0: offloaded
  std::uint16_t id() const { return be16(packet_, at::id); }
  bool dont_fragment() const { return (be8(packet_, at::fragment) & 0x40) != 0; }
  bool more_fragments() const { return (be8(packet_, at::fragment) & 0x20) != 0; }
  /// In units of 8 bytes.
  std::uint16_t fragment_offset() const { return be16(packet_, at::fragment) & 0x1fff; }
  bool is_fragment() const { return more_fragments() || fragment_offset() != 0; }
  std::uint8_t ttl() const { return be8(packet_, at::ttl); }
  std::uint8_t protocol() const { return be8(packet_, at::protocol); }
  std::uint16_t checksum() const { return be16(packet_, at::checksum); }
  IpAddress source() const { return IpAddress::from(packet_.subspan(at::source, 4)); }
  IpAddress destination() const { return IpAddress::from(packet_.subspan(at::destination, 4)); }
  /// Where a source route with stations left leads in the end (RFC 791 §3.1); else destination().
  /// The pseudo-header of TCP and UDP has this address (RFC 1122 §4.1.3.5).
  IpAddress final_destination() const { return IpAddress::from(final_destination_octets()); }
  Bytes final_destination_octets() const {
    const Bytes own = packet_.subspan(at::destination, 4);
    return size() == min_size ? own : end_of_source_route(options(), own);
  }
  Bytes header() const { return packet_.first(size()); }
  Bytes options() const { return header().subspan(min_size); }

 private:
  static Bytes end_of_source_route(Bytes options, Bytes otherwise);
  struct at {  // offsets in bytes: the RFC's picture, told once
    static constexpr std::size_t version_ihl = 0, tos = 1, total_length = 2, id = 4, fragment = 6,
                                 ttl = 8, protocol = 9, checksum = 10, source = 12,
                                 destination = 16;
  };
  explicit Ipv4Header(Bytes packet) : packet_(packet) {}
  Bytes packet_;
};

/// Options of one byte have no length; the others have it in their second byte.
inline Bytes Ipv4Header::end_of_source_route(Bytes options, Bytes otherwise) {
  constexpr std::uint8_t end = 0, no_operation = 1, loose_route = 131, strict_route = 137;
  while (!options.empty() && be8(options, 0) != end) {
    const std::uint8_t kind = be8(options, 0);
    const std::size_t length = kind == no_operation ? 1 : options.size() < 2 ? 0 : be8(options, 1);
    if (length == 0 || length > options.size() || (kind != no_operation && length < 2)) break;
    const bool route = kind == loose_route || kind == strict_route;
    if (route && length >= 7 && (length - 3) % 4 == 0) {
      const std::uint8_t next = be8(options, 2);  // counts bytes of the option from 1
      if (next >= 4 && next % 4 == 0 && next <= length - 3) return options.subspan(length - 4, 4);
    }
    options = options.subspan(length);
  }
  return otherwise;
}

}  // namespace tracer
