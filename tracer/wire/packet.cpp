#include "tracer/wire/packet.hpp"

#include <algorithm>

#include "tracer/bytes/checksum.hpp"
#include "tracer/wire/arp.hpp"
#include "tracer/wire/ipv4.hpp"
#include "tracer/wire/ipv6.hpp"
#include "tracer/wire/link.hpp"

namespace tracer {
namespace {

/// What is left to decode: the bytes that were kept, and how many there were on the wire.
struct Rest {
  Bytes bytes;
  std::uint32_t wire_length;

  Rest after(std::size_t count) const {
    return {slice(bytes, count),
            wire_length > count ? wire_length - static_cast<std::uint32_t>(count) : 0};
  }
  Rest within(std::uint32_t length) const {
    return {slice(bytes, 0, length), std::min(wire_length, length)};
  }
};

/// One pass over one frame; each step adds a layer and hands the rest to the next.
class Decoder {
 public:
  explicit Decoder(Packet& packet) : packet_(packet) {}

  void link(LinkType type, Rest rest) {
    switch (type) {
      case LinkType::ethernet:
        if (const auto header = accept(EthernetHeader::parse(rest.bytes), Protocol::ethernet, rest))
          tagged(header->type(), rest.after(EthernetHeader::header_size));
        return;
      case LinkType::linux_sll:
        if (const auto header = accept(CookedHeader::parse(rest.bytes), Protocol::cooked, rest))
          cooked(header->type(), rest.after(CookedHeader::header_size));
        return;
      case LinkType::linux_sll2:
        if (const auto header = accept(Cooked2Header::parse(rest.bytes), Protocol::cooked2, rest))
          cooked(header->type(), rest.after(Cooked2Header::header_size));
        return;
      case LinkType::null:
      case LinkType::loop:
        if (const auto header = accept(NullHeader::parse(rest.bytes), Protocol::null, rest))
          network(header->type(), rest.after(NullHeader::header_size));
        return;
      case LinkType::raw:
      case LinkType::raw_bsd:
      case LinkType::raw_openbsd:
      case LinkType::ipv4:
      case LinkType::ipv6:
        add(Protocol::raw, rest, 0);
        if (!rest.bytes.empty())
          network(be8(rest.bytes, 0) >> 4 == 6 ? ether_type::ipv6 : ether_type::ipv4, rest);
        return;
      case LinkType::ppp:
      case LinkType::ppp_serial: return ppp(rest);
      case LinkType::pppoe: return pppoe(rest);
      case LinkType::cisco_hdlc:
        if (take(Protocol::cisco_hdlc, rest, 4)) network(be16(rest.bytes, 2), rest.after(4));
        return;
    }
  }

  void transport(std::uint8_t protocol, Rest rest) {
    packet_.protocol = protocol;
    switch (protocol) {
      case ip_protocol::ipv4: return network(ether_type::ipv4, rest);
      case ip_protocol::ipv6: return network(ether_type::ipv6, rest);
      case ip_protocol::gre: return gre(rest);
      case ip_protocol::authentication:
        if (const auto header =
                accept(Ipv6Extension::parse(rest.bytes, true), Protocol::authentication, rest)) {
          packet_.layers.back().header_size = static_cast<std::uint32_t>(header->size());
          if (!packet_.layers.full()) transport(header->next_header(), rest.after(header->size()));
        }
        return;
      case ip_protocol::tcp:
        own(rest);
        if (const auto header = accept(TcpHeader::parse(rest.bytes), Protocol::tcp, rest)) {
          packet_.layers.back().header_size = static_cast<std::uint32_t>(header->size());
          packet_.tcp = *header;
        }
        return;
      case ip_protocol::udp:
        own(rest);
        if (const auto header = accept(UdpHeader::parse(rest.bytes), Protocol::udp, rest)) {
          packet_.layers.back().header_size = UdpHeader::header_size;
          packet_.udp = *header;
        }
        return;
      case ip_protocol::icmp:
      case ip_protocol::icmpv6: {
        own(rest);
        const bool v6 = protocol == ip_protocol::icmpv6;
        const auto header =
            accept(IcmpHeader::parse(rest.bytes), v6 ? Protocol::icmpv6 : Protocol::icmp, rest);
        if (!header) return;
        packet_.layers.back().header_size = IcmpHeader::header_size;
        packet_.icmp = *header;
        packet_.icmp_v6 = v6;
        if (IcmpHeader::quotes_packet(v6, header->type()))
          quote(rest.after(IcmpHeader::header_size));
        return;
      }
      default: return;
    }
  }

 private:
  void add(Protocol protocol, Rest rest, std::size_t header_size) {
    packet_.layers.push_back(
        {protocol, quoted_, static_cast<std::uint32_t>(header_size), rest.wire_length, rest.bytes});
  }

  /// Adds the layer also when its header did not decode: its bytes are there to be shown.
  template <class Header>
  std::optional<Header> accept(const Decoded<Header>& header, Protocol protocol, Rest rest) {
    add(protocol, rest, 0);
    if (!header) {
      if (!packet_.fault) packet_.fault = header.error();
      return std::nullopt;
    }
    if constexpr (requires { Header::header_size; })
      packet_.layers.back().header_size = Header::header_size;
    return *header;
  }

  void own(Rest rest) {
    if (quoted_) return;
    packet_.transport = rest.bytes;
    packet_.transport_wire_length = rest.wire_length;
  }

  /// A header of `size` bytes that needs no look inside. False if the capture cut it.
  bool take(Protocol protocol, Rest rest, std::size_t size) {
    add(protocol, rest, 0);
    if (rest.bytes.size() < size) {
      if (!packet_.fault)
        packet_.fault = DecodeError{Fault::truncated, name(protocol), size, rest.bytes.size()};
      return false;
    }
    packet_.layers.back().header_size = static_cast<std::uint32_t>(size);
    return true;
  }

  /// Linux has numbers of its own below the EtherTypes (if_ether.h): 4 is LLC.
  void cooked(std::uint16_t type, Rest rest) {
    constexpr std::uint16_t eth_p_802_2 = 4;
    if (type >= ether_type::smallest)
      tagged(type, rest);
    else if (type == eth_p_802_2)
      llc(rest);
  }

  /// IEEE 802.2 with the SNAP extension, which leads back to EtherTypes (RFC 1042).
  void llc(Rest rest) {
    constexpr std::uint32_t snap = 0xaaaa03;
    if (!take(Protocol::llc, rest, 3) || be24(rest.bytes, 0) != snap || rest.bytes.size() < 8)
      return;
    packet_.layers.back().header_size = 8;
    if (be24(rest.bytes, 3) == 0) network(be16(rest.bytes, 6), rest.after(8));
  }

  /// RFC 1661 and RFC 1662: address and control may be left out, and the protocol be one byte.
  void ppp(Rest rest) {
    constexpr std::uint16_t ipv4 = 0x0021, ipv6 = 0x0057;
    const std::size_t start = rest.bytes.size() >= 2 && be16(rest.bytes, 0) == 0xff03 ? 2 : 0;
    const bool one_byte = rest.bytes.size() > start && (be8(rest.bytes, start) & 1) != 0;
    const std::size_t size = start + (one_byte ? 1 : 2);
    if (!take(Protocol::ppp, rest, size)) return;
    const std::uint16_t protocol = one_byte ? be8(rest.bytes, start) : be16(rest.bytes, start);
    if (protocol == ipv4) network(ether_type::ipv4, rest.after(size));
    if (protocol == ipv6) network(ether_type::ipv6, rest.after(size));
  }

  /// PPP over Ethernet, session stage (RFC 2516 §4).
  void pppoe(Rest rest) {
    if (take(Protocol::pppoe, rest, 6)) ppp(rest.after(6).within(be16(rest.bytes, 4)));
  }

  /// Labels, the last one marked; what follows says by its first bits what it is (RFC 3032, RFC 4928).
  void mpls(Rest rest) {
    for (bool last = false; !last && !packet_.layers.full(); rest = rest.after(4)) {
      if (!take(Protocol::mpls, rest, 4)) return;
      last = (be8(rest.bytes, 2) & 1) != 0;
    }
    if (rest.bytes.empty()) return;
    const int version = be8(rest.bytes, 0) >> 4;
    if (version == 4) network(ether_type::ipv4, rest);
    if (version == 6) network(ether_type::ipv6, rest);
  }

  /// Generic routing encapsulation (RFC 2784, RFC 2890), version 0.
  void gre(Rest rest) {
    constexpr std::uint16_t checksum = 0x8000, routing = 0x4000, key = 0x2000, sequence = 0x1000,
                            version = 7;
    constexpr std::uint16_t ethernet_bridging = 0x6558;
    if (!take(Protocol::gre, rest, 4) || packet_.layers.full()) return;
    const std::uint16_t flags = be16(rest.bytes, 0), type = be16(rest.bytes, 2);
    if (flags & (routing | version)) return;
    const std::size_t size =
        4u + (flags & checksum ? 4u : 0u) + (flags & key ? 4u : 0u) + (flags & sequence ? 4u : 0u);
    packet_.layers.back().header_size = static_cast<std::uint32_t>(size);
    if (type == ethernet_bridging)
      link(LinkType::ethernet, rest.after(size));
    else
      network(type, rest.after(size));
  }

  void tagged(std::uint16_t type, Rest rest) {
    while (type == ether_type::vlan || type == ether_type::service_vlan ||
           type == ether_type::old_service_vlan) {
      const auto kind = type == ether_type::service_vlan ? Protocol::service_vlan : Protocol::vlan;
      const auto tag = accept(VlanTag::parse(rest.bytes), kind, rest);
      if (!tag || packet_.layers.full()) return;
      type = tag->type();
      rest = rest.after(VlanTag::header_size);
    }
    if (type < ether_type::smallest) return llc(rest.within(type));
    network(type, rest);
  }

  void network(std::uint16_t type, Rest rest) {
    if (packet_.layers.full()) return;  // tunnels in tunnels
    // An IPv6 packet under IPv4's number is taken for what it is.
    const bool six =
        type == ether_type::ipv4 && !rest.bytes.empty() && be8(rest.bytes, 0) >> 4 == 6;
    if (type == ether_type::ipv4 && !six) ipv4(rest);
    if (type == ether_type::ipv6 || six) ipv6(rest);
    if (type == ether_type::pppoe_session) pppoe(rest);
    if (type == ether_type::mpls || type == ether_type::mpls_multicast) mpls(rest);
    if ((type == ether_type::arp || type == ether_type::reverse_arp) &&
        accept(ArpHeader::parse(rest.bytes), Protocol::arp, rest)) {
      Layer& layer = packet_.layers.back();
      layer.header_size = static_cast<std::uint32_t>(layer.bytes.size());
      packet_.arp = true;
    }
  }

  void ipv4(Rest rest) {
    const auto header = accept(Ipv4Header::parse(rest.bytes), Protocol::ipv4, rest);
    if (!header) return;
    const std::size_t size = header->size();
    if (header->total_length() != 0 && header->total_length() < size) {
      if (!packet_.fault)
        packet_.fault = DecodeError{Fault::malformed, "IPv4", size, header->total_length()};
      return;
    }
    // A total length of 0 is what segmentation offload leaves: the packet ends with the frame.
    if (header->total_length() != 0) rest = rest.within(header->total_length());
    Layer& layer = packet_.layers.back();
    layer = {Protocol::ipv4, quoted_, static_cast<std::uint32_t>(size), rest.wire_length,
             rest.bytes};
    addresses(header->source(), header->final_destination(), header->protocol());
    rest = rest.after(size);
    if (header->is_fragment()) {
      // A first fragment that the capture cut is never put together; its transport header is there.
      if (!quoted_ && (header->fragment_offset() != 0 || rest.bytes.size() >= rest.wire_length)) {
        packet_.fragment = FragmentInfo{header->id(),
                                        header->fragment_offset() * 8u,
                                        header->more_fragments(),
                                        header->protocol(),
                                        rest.bytes,
                                        rest.wire_length};
        packet_.protocol = header->protocol();
        return;
      }
      if (header->fragment_offset() != 0) return;
      packet_.part_of_datagram = !quoted_;
    }
    carry(header->protocol(), rest);
  }

  void ipv6(Rest rest) {
    const auto header = accept(Ipv6Header::parse(rest.bytes), Protocol::ipv6, rest);
    if (!header) return;
    const std::uint32_t payload =
        header->payload_length() != 0
            ? header->payload_length()
            : jumbo_length(header->next_header(), rest.after(Ipv6Header::header_size));
    rest = rest.within(payload + Ipv6Header::header_size);
    packet_.layers.back() = {Protocol::ipv6, quoted_, Ipv6Header::header_size, rest.wire_length,
                             rest.bytes};
    addresses(header->source(), header->destination(), header->next_header());
    extensions(header->next_header(), rest.after(Ipv6Header::header_size));
  }

  /// A payload length of 0 is right only with a jumbo payload option, first among the hop-by-hop
  /// options (RFC 2675 §2).
  static std::uint32_t jumbo_length(std::uint8_t next, Rest rest) {
    constexpr std::uint8_t jumbo_payload = 0xc2;
    if (next != ip_protocol::hop_by_hop || rest.bytes.size() < 8 ||
        be8(rest.bytes, 2) != jumbo_payload || be8(rest.bytes, 3) != 4)
      return 0;
    return std::min(be32(rest.bytes, 4), rest.wire_length);
  }

 public:
  /// What follows the fixed header, or was put together from fragments, up to the transport.
  void extensions(std::uint8_t next, Rest rest) {
    while (!packet_.layers.full()) {
      Protocol protocol = Protocol::hop_by_hop;
      switch (next) {
        case ip_protocol::hop_by_hop: break;
        case ip_protocol::routing: protocol = Protocol::routing; break;
        case ip_protocol::destination_options: protocol = Protocol::destination_options; break;
        case ip_protocol::authentication: protocol = Protocol::authentication; break;
        case ip_protocol::fragment: {
          const auto fragment = accept(Ipv6Fragment::parse(rest.bytes), Protocol::fragment, rest);
          if (!fragment) return;
          next = fragment->next_header();
          rest = rest.after(Ipv6Fragment::header_size);
          if (fragment->is_atomic()) continue;
          if (!quoted_) {
            packet_.fragment =
                FragmentInfo{fragment->id(), fragment->offset() * 8u, fragment->more(), next,
                             rest.bytes,     rest.wire_length};
            packet_.protocol = next;
          }
          return;  // of a part nothing more is told
        }
        default: return carry(next, rest);
      }
      const auto extension = accept(
          Ipv6Extension::parse(rest.bytes, protocol == Protocol::authentication), protocol, rest);
      if (!extension) return;
      packet_.layers.back().header_size = static_cast<std::uint32_t>(extension->size());
      if (protocol == Protocol::routing && !quoted_)
        if (const auto last = final_destination(rest.bytes.first(extension->size())))
          packet_.destination = *last;
      next = extension->next_header();
      rest = rest.after(extension->size());
    }
  }

 private:
  /// Where a routing header with stations left sends the packet in the end: that address, not the
  /// next station, is in the pseudo-header (RFC 8200 §8.1). Types 0, 2 (RFC 6275) and 4 (RFC 8754).
  static std::optional<IpAddress> final_destination(Bytes routing) {
    const std::uint8_t type = be8(routing, 2), left = be8(routing, 3);
    const std::size_t count = (routing.size() - 8) / 16;
    if (left == 0 || count == 0 || (type != 0 && type != 2 && type != 4)) return std::nullopt;
    // Segment routing lists its stations last first.
    return IpAddress::from(routing.subspan(type == 4 ? 8 : 8 + (count - 1) * 16, 16));
  }

  void addresses(IpAddress source, IpAddress destination, std::uint8_t protocol) {
    if (quoted_) {
      packet_.quoted = QuotedPacket{{source, 0}, {destination, 0}, protocol};
      return;
    }
    packet_.has_network = true;
    packet_.source = source;
    packet_.destination = destination;
    packet_.protocol = protocol;
  }

  void carry(std::uint8_t protocol, Rest rest) {
    if (quoted_)
      quoted_transport(protocol, rest);
    else
      transport(protocol, rest);
  }

  void quote(Rest rest) {
    if (quoted_ || rest.bytes.empty()) return;
    quoted_ = true;
    // What an error quotes is cut short by rule, so a fault inside it is no fault of this frame.
    const auto fault = packet_.fault;
    network(be8(rest.bytes, 0) >> 4 == 6 ? ether_type::ipv6 : ether_type::ipv4, rest);
    packet_.fault = fault;
    quoted_ = false;
  }

  void quoted_transport(std::uint8_t protocol, Rest rest) {
    packet_.quoted->protocol = protocol;
    const bool tcp = protocol == ip_protocol::tcp;
    if (!tcp && protocol != ip_protocol::udp) {
      if (protocol == ip_protocol::icmp || protocol == ip_protocol::icmpv6)
        add(protocol == ip_protocol::icmp ? Protocol::icmp : Protocol::icmpv6, rest,
            std::min<std::size_t>(8, rest.bytes.size()));
      return;
    }
    add(tcp ? Protocol::tcp : Protocol::udp, rest, std::min<std::size_t>(8, rest.bytes.size()));
    if (rest.bytes.size() < 4) return;
    packet_.quoted->source.port = be16(rest.bytes, 0);
    packet_.quoted->destination.port = be16(rest.bytes, 2);
  }

  Packet& packet_;
  bool quoted_ = false;
};

/// What most frames are: Ethernet, IPv4 without options and in one piece, TCP, the headers kept. A
/// few loads decide, and Decoder would give the same; false: it must be asked.
bool plain_tcp(Packet& packet) {
  constexpr std::uint32_t link_size = EthernetHeader::header_size, ip_size = Ipv4Header::min_size;
  const Frame& frame = packet.frame;
  if (frame.link != LinkType::ethernet ||
      frame.bytes.size() < link_size + ip_size + TcpHeader::min_size)
    return false;
  if (frame.original_length < frame.bytes.size() || be16(frame.bytes, 12) != ether_type::ipv4)
    return false;
  const Bytes ip = frame.bytes.subspan(link_size);
  constexpr std::uint16_t pieces = 0x3fff;  // more fragments, or an offset
  const std::uint16_t length = be16(ip, 2);
  if (be8(ip, 0) != 0x45 || length < ip_size + TcpHeader::min_size || (be16(ip, 6) & pieces) != 0 ||
      be8(ip, 9) != ip_protocol::tcp)
    return false;
  const Bytes segment = ip.subspan(ip_size, std::min<std::size_t>(ip.size(), length) - ip_size);
  const std::size_t tcp_size = (be8(segment, 12) >> 4) * 4u;
  if (tcp_size < TcpHeader::min_size) return false;
  const std::uint32_t ip_length =
      std::min<std::uint32_t>(frame.original_length - link_size, length);
  packet.layers.push_back(
      {Protocol::ethernet, false, link_size, frame.original_length, frame.bytes});
  packet.layers.push_back(
      {Protocol::ipv4, false, ip_size, ip_length, ip.first(ip_size + segment.size())});
  packet.layers.push_back(
      {Protocol::tcp, false, static_cast<std::uint32_t>(tcp_size), ip_length - ip_size, segment});
  packet.has_network = true;
  packet.source = IpAddress::from(ip.subspan(12, 4));
  packet.destination = IpAddress::from(ip.subspan(16, 4));
  packet.protocol = ip_protocol::tcp;
  packet.tcp = *TcpHeader::parse(segment);
  packet.transport = segment;
  packet.transport_wire_length = ip_length - ip_size;
  return true;
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
  packet.number = number;
  packet.layers.clear();
  packet.has_network = packet.arp = packet.reassembled = packet.part_of_datagram = packet.icmp_v6 =
      false;
  packet.protocol = 0;
  packet.fragment.reset();
  packet.tcp.reset();
  packet.udp.reset();
  packet.icmp.reset();
  packet.quoted.reset();
  packet.fault.reset();
  packet.transport = {};
  packet.transport_wire_length = 0;
  if (!plain_tcp(packet)) Decoder(packet).link(frame.link, {frame.bytes, frame.original_length});
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
