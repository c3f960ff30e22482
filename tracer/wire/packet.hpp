// One frame taken apart, outermost header first. Nothing is copied: all layers point into it.
#pragma once

#include <cstdint>
#include <optional>

#include "tracer/bytes/frame.hpp"
#include "tracer/bytes/inline_vector.hpp"
#include "tracer/wire/address.hpp"
#include "tracer/wire/icmp.hpp"
#include "tracer/wire/tcp.hpp"
#include "tracer/wire/udp.hpp"

namespace tracer {

enum class Protocol : std::uint8_t {
  ethernet,
  vlan,
  service_vlan,
  llc,
  pppoe,
  ppp,
  cisco_hdlc,
  mpls,
  cooked,
  cooked2,
  null,
  raw,
  arp,
  ipv4,
  ipv6,
  hop_by_hop,
  routing,
  fragment,
  destination_options,
  authentication,
  gre,
  icmp,
  icmpv6,
  tcp,
  udp,
};
std::string_view name(Protocol protocol);  // "Ethernet", "IPv4", …

/// IP protocol numbers that we act on (IANA "Assigned Internet Protocol Numbers").
namespace ip_protocol {
inline constexpr std::uint8_t hop_by_hop = 0, icmp = 1, ipv4 = 4, tcp = 6, udp = 17, ipv6 = 41,
                              routing = 43, fragment = 44, gre = 47, authentication = 51,
                              icmpv6 = 58, no_next = 59, destination_options = 60;
}

/// One header and what it carries.
struct Layer {
  Protocol protocol;
  bool quoted;                // inside an ICMP error: somebody else's packet
  std::uint32_t header_size;  // bytes of `bytes` that are this layer's own header
  std::uint32_t wire_length;  // header and content as they were on the wire, captured or not
  Bytes bytes;                // the same, as far as the capture kept it

  Bytes header() const { return slice(bytes, 0, header_size); }
};

/// Where an IP fragment belongs (RFC 791 §3.2, RFC 8200 §4.5).
struct FragmentInfo {
  std::uint32_t id;
  std::uint32_t offset;  // bytes
  bool more;
  std::uint8_t protocol;      // of the whole datagram
  Bytes payload;              // of this fragment, as captured
  std::uint32_t wire_length;  // of this fragment's payload
};

/// The headers of somebody's packet as an ICMP error quotes them.
struct QuotedPacket {
  Endpoint source, destination;  // ports 0 if the quote ends before them
  std::uint8_t protocol;
};

/// What decode() found in a frame. Layers up to a fault are kept; `fault` says why it stopped.
struct Packet {
  Frame frame;
  std::uint64_t number = 0;  // in its capture, from 1
  InlineVector<Layer, 24> layers;

  // The network layer; of a tunnel the inner one.
  bool has_network = false;
  bool arp = false;
  std::uint8_t protocol = 0;  // IP protocol of the transport, behind any extension headers
  IpAddress source, destination;
  std::optional<FragmentInfo> fragment;  // set: an IP fragment; its transport waits for the others
  bool reassembled = false;              // the transport below was put together from fragments
  bool part_of_datagram = false;  // the transport below is a first fragment's that stays alone

  // The frame's own transport.
  std::optional<TcpHeader> tcp;
  // A TCP header whose Data Offset is under 5 words: no TCP takes the segment, and nothing behind the
  // offset is read; but Wireshark counts it to its connection.
  std::optional<TcpHeader> misshapen_tcp;
  std::optional<UdpHeader> udp;
  std::optional<IcmpHeader> icmp;
  bool icmp_v6 = false;
  Bytes transport;                          // header and payload, as captured
  std::uint32_t transport_wire_length = 0;  // header and payload, on the wire
  std::optional<QuotedPacket> quoted;

  std::optional<DecodeError> fault;

  /// Bytes of TCP payload on the wire; none if the segment is shorter than its own header, or in pieces.
  std::optional<std::uint32_t> tcp_length() const {
    return tcp ? length_behind(*tcp) : std::nullopt;
  }
  /// The header that tells the connection to which the packet is counted; null: none.
  const TcpHeader* any_tcp() const {
    return tcp ? &*tcp : misshapen_tcp ? &*misshapen_tcp : nullptr;
  }
  /// As tcp_length(), of any_tcp().
  std::optional<std::uint32_t> any_tcp_length() const {
    const TcpHeader* const header = any_tcp();
    return header ? length_behind(*header) : std::nullopt;
  }
  /// Is it a SYN without an ACK (RFC 9293 §3.5)?
  bool opens_connection() const {
    const TcpHeader* const header = any_tcp();
    return header && header->flags().has(TcpFlags::syn) && !header->flags().has(TcpFlags::ack);
  }
  Endpoint source_endpoint() const {
    const TcpHeader* const header = any_tcp();
    return {source, header ? header->source_port() : udp ? udp->source_port() : std::uint16_t{0}};
  }
  Endpoint destination_endpoint() const {
    const TcpHeader* const header = any_tcp();
    return {destination, header ? header->destination_port()
                         : udp  ? udp->destination_port()
                                : std::uint16_t{0}};
  }

 private:
  std::optional<std::uint32_t> length_behind(const TcpHeader& header) const {
    if (part_of_datagram || transport_wire_length < header.size()) return std::nullopt;
    return transport_wire_length - static_cast<std::uint32_t>(header.size());
  }
};

/// Takes a frame apart into `packet`, whose earlier content is dropped. `number` counts from 1.
/// The result is valid as long as the frame's bytes are.
void decode(const Frame& frame, std::uint64_t number, Packet& packet);
/// The same where packet.frame is in its place already.
void decode(std::uint64_t number, Packet& packet);

/// Goes on with a transport that was not in the frame itself: a reassembled datagram.
/// `payload` must live as long as the packet is used.
void decode_transport(std::uint8_t protocol, Bytes payload, std::uint32_t wire_length,
                      Packet& packet);

/// Is the transport checksum right, counting the pseudo-header (RFC 9293 §3.1, RFC 768, RFC 8200
/// §8.1)? None if it cannot be told: a fragment, a cut capture, no checksum sent.
std::optional<bool> transport_checksum_right(const Packet& packet);

}  // namespace tracer
