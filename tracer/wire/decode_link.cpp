// From the link layer to the EtherType or protocol number that names the network layer.
#include "tracer/wire/decoder.hpp"
#include "tracer/wire/link.hpp"

namespace tracer {

void Decoder::link(LinkType type, Rest rest) {
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

/// Linux has numbers of its own below the EtherTypes (if_ether.h): 4 is LLC.
void Decoder::cooked(std::uint16_t type, Rest rest) {
  constexpr std::uint16_t eth_p_802_2 = 4;
  if (type >= ether_type::smallest)
    tagged(type, rest);
  else if (type == eth_p_802_2)
    llc(rest);
}

/// IEEE 802.2 with the SNAP extension, which leads back to EtherTypes (RFC 1042).
void Decoder::llc(Rest rest) {
  constexpr std::uint32_t snap = 0xaaaa03;
  if (!take(Protocol::llc, rest, 3) || be24(rest.bytes, 0) != snap || rest.bytes.size() < 8) return;
  packet_.layers.back().header_size = 8;
  if (be24(rest.bytes, 3) == 0) network(be16(rest.bytes, 6), rest.after(8));
}

/// RFC 1661 and RFC 1662: address and control may be left out, and the protocol be one byte.
void Decoder::ppp(Rest rest) {
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
void Decoder::pppoe(Rest rest) {
  if (take(Protocol::pppoe, rest, 6)) ppp(rest.after(6).within(be16(rest.bytes, 4)));
}

/// Labels, the last one marked; what follows says by its first bits what it is (RFC 3032, RFC 4928).
void Decoder::mpls(Rest rest) {
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
void Decoder::gre(Rest rest) {
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

void Decoder::tagged(std::uint16_t type, Rest rest) {
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

}  // namespace tracer
