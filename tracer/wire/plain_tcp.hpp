// What most frames are, told by a few loads and without decoding.
#pragma once

#include "tracer/bytes/frame.hpp"
#include "tracer/wire/ipv4.hpp"
#include "tracer/wire/link.hpp"
#include "tracer/wire/packet.hpp"
#include "tracer/wire/tcp.hpp"

namespace tracer {

/// Where the headers lie in such a frame, in bytes.
namespace plain_tcp {
inline constexpr std::size_t ip = EthernetHeader::header_size, tcp = ip + Ipv4Header::min_size;
}

/// Ethernet, IPv4 without options and in one piece, TCP, the fixed headers kept?
inline bool is_plain_tcp(const Frame& frame) {
  using namespace plain_tcp;
  constexpr std::uint16_t pieces = 0x3fff;  // more fragments, or an offset
  const Bytes bytes = frame.bytes;
  return frame.link == LinkType::ethernet && bytes.size() >= tcp + TcpHeader::min_size &&
         frame.original_length >= bytes.size() && be16(bytes, 12) == ether_type::ipv4 &&
         be8(bytes, ip) == 0x45 &&
         be16(bytes, ip + 2) >= Ipv4Header::min_size + TcpHeader::min_size &&
         (be16(bytes, ip + 6) & pieces) == 0 && be8(bytes, ip + 9) == ip_protocol::tcp &&
         (be8(bytes, tcp + 12) >> 4) * 4u >= TcpHeader::min_size;
}

}  // namespace tracer
