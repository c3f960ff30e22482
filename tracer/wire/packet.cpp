#include "tracer/wire/packet.hpp"

#include <algorithm>

#include "tracer/bytes/checksum.hpp"
#include "tracer/wire/decoder.hpp"
#include "tracer/wire/ipv4.hpp"
#include "tracer/wire/link.hpp"
#include "tracer/wire/plain_tcp.hpp"

namespace tracer {
namespace {

/// The layers of a frame that is_plain_tcp(); Decoder would give the same.
void decode_plain_tcp(Packet& packet) {
  constexpr std::uint32_t link_size = EthernetHeader::header_size, ip_size = Ipv4Header::min_size;
  const Frame& frame = packet.frame;
  const Bytes ip = frame.bytes.subspan(link_size);
  const std::uint16_t length = be16(ip, 2);
  const Bytes segment = ip.subspan(ip_size, std::min<std::size_t>(ip.size(), length) - ip_size);
  const std::uint32_t ip_length =
      std::min<std::uint32_t>(frame.original_length - link_size, length);
  packet.tcp.emplace(TcpHeader::parsed(segment));
  packet.layers.push_back(
      {Protocol::ethernet, false, link_size, frame.original_length, frame.bytes});
  packet.layers.push_back(
      {Protocol::ipv4, false, ip_size, ip_length, ip.first(ip_size + segment.size())});
  packet.layers.push_back({Protocol::tcp, false, static_cast<std::uint32_t>(packet.tcp->size()),
                           ip_length - ip_size, segment});
  packet.has_network = true;
  packet.source.set(ip.subspan(12, 4));
  packet.destination.set(ip.subspan(16, 4));
  packet.protocol = ip_protocol::tcp;
  packet.transport = segment;
  packet.transport_wire_length = ip_length - ip_size;
}

}  // namespace

std::string_view name(Protocol protocol) {
  switch (protocol) {
    case Protocol::ethernet: return "Ethernet";
    case Protocol::vlan: return "802.1Q VLAN";
    case Protocol::service_vlan: return "802.1ad VLAN";
    case Protocol::llc: return "IEEE 802.2 LLC";
    case Protocol::pppoe: return "PPP over Ethernet";
    case Protocol::ppp: return "PPP";
    case Protocol::cisco_hdlc: return "Cisco HDLC";
    case Protocol::mpls: return "MPLS";
    case Protocol::cooked: return "Linux cooked capture";
    case Protocol::cooked2: return "Linux cooked capture v2";
    case Protocol::null: return "BSD loopback";
    case Protocol::raw: return "Raw IP";
    case Protocol::arp: return "ARP";
    case Protocol::ipv4: return "IPv4";
    case Protocol::ipv6: return "IPv6";
    case Protocol::hop_by_hop: return "IPv6 hop-by-hop options";
    case Protocol::routing: return "IPv6 routing";
    case Protocol::fragment: return "IPv6 fragment";
    case Protocol::destination_options: return "IPv6 destination options";
    case Protocol::authentication: return "IP authentication";
    case Protocol::gre: return "GRE";
    case Protocol::icmp: return "ICMP";
    case Protocol::icmpv6: return "ICMPv6";
    case Protocol::tcp: return "TCP";
    case Protocol::udp: return "UDP";
  }
  return "?";
}

void decode(const Frame& frame, std::uint64_t number, Packet& packet) {
  packet.frame = frame;
  decode(number, packet);
}

void decode(std::uint64_t number, Packet& packet) {
  packet.number = number;
  packet.layers.clear();
  packet.has_network = packet.arp = packet.reassembled = packet.part_of_datagram = packet.icmp_v6 =
      false;
  packet.protocol = 0;
  packet.fragment.reset();
  packet.tcp.reset();
  packet.misshapen_tcp.reset();
  packet.udp.reset();
  packet.icmp.reset();
  packet.quoted.reset();
  packet.fault.reset();
  packet.transport = {};
  packet.transport_wire_length = 0;
  const Frame& frame = packet.frame;
  if (is_plain_tcp(frame))
    decode_plain_tcp(packet);
  else
    Decoder(packet).link(frame.link, {frame.bytes, frame.original_length});
}

void decode_transport(std::uint8_t protocol, Bytes payload, std::uint32_t wire_length,
                      Packet& packet) {
  packet.reassembled = true;
  packet.protocol = protocol;
  if (packet.source.is_v6())
    Decoder(packet).extensions(protocol, {payload, wire_length});
  else
    Decoder(packet).transport(protocol, {payload, wire_length});
}

std::optional<bool> transport_checksum_right(const Packet& packet) {
  const Bytes segment = packet.transport;
  if (!packet.has_network || segment.size() < packet.transport_wire_length) return std::nullopt;
  std::size_t length = segment.size();
  if (packet.udp) {
    if (packet.udp->checksum() == 0) return std::nullopt;
    if (packet.udp->length() >= UdpHeader::header_size) length = packet.udp->length();
    if (length > segment.size()) return std::nullopt;
  } else if (!packet.tcp && !packet.icmp) {
    return std::nullopt;
  }
  std::uint32_t pseudo = 0;
  if (!packet.icmp || packet.icmp_v6) {
    pseudo += ones_complement_sum(packet.source.octets());
    pseudo += ones_complement_sum(packet.destination.octets());
    pseudo += packet.protocol;
    pseudo +=
        static_cast<std::uint32_t>(length >> 16) + static_cast<std::uint32_t>(length & 0xffff);
  }
  return ones_complement_sum(segment.first(length), pseudo) == 0xffff;
}

}  // namespace tracer
