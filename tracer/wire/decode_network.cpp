// IPv4, IPv6 with its extension headers, ARP, up to the transport.
#include "tracer/wire/arp.hpp"
#include "tracer/wire/decoder.hpp"
#include "tracer/wire/ipv4.hpp"
#include "tracer/wire/ipv6.hpp"
#include "tracer/wire/link.hpp"

namespace tracer {
namespace {

/// A payload length of 0 is right only with a jumbo payload option, first among the hop-by-hop
/// options (RFC 2675 §2).
std::uint32_t jumbo_length(std::uint8_t next, Rest rest) {
  constexpr std::uint8_t jumbo_payload = 0xc2;
  if (next != ip_protocol::hop_by_hop || rest.bytes.size() < 8 ||
      be8(rest.bytes, 2) != jumbo_payload || be8(rest.bytes, 3) != 4)
    return 0;
  return std::min(be32(rest.bytes, 4), rest.wire_length);
}

/// Where a routing header with stations left sends the packet in the end: that address, not the
/// next station, is in the pseudo-header (RFC 8200 §8.1). Types 0, 2 (RFC 6275) and 4 (RFC 8754).
std::optional<IpAddress> final_destination(Bytes routing) {
  const std::uint8_t type = be8(routing, 2), left = be8(routing, 3);
  const std::size_t count = (routing.size() - 8) / 16;
  if (left == 0 || count == 0 || (type != 0 && type != 2 && type != 4)) return std::nullopt;
  // Segment routing lists its stations last first.
  return IpAddress::from(routing.subspan(type == 4 ? 8 : 8 + (count - 1) * 16, 16));
}

}  // namespace

void Decoder::network(std::uint16_t type, Rest rest) {
  if (packet_.layers.full()) return;  // tunnels in tunnels
  // An IPv6 packet under IPv4's number is taken for what it is.
  const bool six = type == ether_type::ipv4 && !rest.bytes.empty() && be8(rest.bytes, 0) >> 4 == 6;
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

void Decoder::ipv4(Rest rest) {
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
  layer = {Protocol::ipv4, quoted_, static_cast<std::uint32_t>(size), rest.wire_length, rest.bytes};
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

void Decoder::ipv6(Rest rest) {
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

void Decoder::extensions(std::uint8_t next, Rest rest) {
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

void Decoder::addresses(IpAddress source, IpAddress destination, std::uint8_t protocol) {
  if (quoted_) {
    packet_.quoted = QuotedPacket{{source, 0}, {destination, 0}, protocol};
    return;
  }
  packet_.has_network = true;
  packet_.source = source;
  packet_.destination = destination;
  packet_.protocol = protocol;
}

}  // namespace tracer
