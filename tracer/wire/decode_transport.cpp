// The transports, and the packets that ICMP errors quote.
#include "tracer/wire/decoder.hpp"
#include "tracer/wire/ipv6.hpp"
#include "tracer/wire/link.hpp"

namespace tracer {

void Decoder::transport(std::uint8_t protocol, Rest rest) {
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
      } else if (rest.bytes.size() >= TcpHeader::min_size) {
        packet_.misshapen_tcp = TcpHeader::parsed(rest.bytes);
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
      if (IcmpHeader::quotes_packet(v6, header->type())) quote(rest.after(IcmpHeader::header_size));
      return;
    }
    default: return;
  }
}

void Decoder::carry(std::uint8_t protocol, Rest rest) {
  if (quoted_)
    quoted_transport(protocol, rest);
  else
    transport(protocol, rest);
}

void Decoder::quote(Rest rest) {
  if (quoted_ || rest.bytes.empty()) return;
  quoted_ = true;
  // What an error quotes is cut short by rule, so a fault inside it is no fault of this frame.
  const auto fault = packet_.fault;
  network(be8(rest.bytes, 0) >> 4 == 6 ? ether_type::ipv6 : ether_type::ipv4, rest);
  packet_.fault = fault;
  quoted_ = false;
}

void Decoder::quoted_transport(std::uint8_t protocol, Rest rest) {
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

}  // namespace tracer
