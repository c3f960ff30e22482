#include "tracer/bytes/checksum.hpp"
#include "tracer/fields/dissect.hpp"
#include "tracer/wire/ipv4.hpp"
#include "tracer/wire/ipv6.hpp"

namespace tracer {
namespace {

void next_and_length(Bytes header, Field next, Field length, FieldSink& sink) {
  if (header.size() < 2) return;
  sink.add(next, be8(header, 0), header.first(1));
  sink.add(length, be8(header, 1), header.subspan(1, 1));
}

/// RFC 791 §3.1: one byte, or kind and length.
void option_fields(Bytes options, FieldSink& sink) {
  constexpr std::uint8_t end = 0, no_operation = 1;
  while (!options.empty()) {
    const std::uint8_t kind = be8(options, 0);
    sink.add(Field::ip_opt_type, kind, options.first(1));
    if (kind == end) return;
    const std::size_t size = kind == no_operation ? 1 : options.size() < 2 ? 0 : be8(options, 1);
    if (size == 0 || size > options.size() || (kind != no_operation && size < 2)) return;
    if (kind != no_operation) sink.add(Field::ip_opt_len, size, options.subspan(1, 1));
    options = options.subspan(size);
  }
}

}  // namespace


void ipv4_fields(const Layer& layer, FieldSink& sink) {
  if (!sink.wants_any(Field::ip, Field::ip_addr)) return;
  const Bytes b = layer.bytes;
  if (b.size() < Ipv4Header::min_size) return;
  const auto header = Ipv4Header::parse(b);
  sink.add_layer(Field::ip, layer.header(), layer.bytes);
  sink.add(Field::ip_version, be8(b, 0) >> 4, b.first(1));
  if (be8(b, 0) >> 4 == 4) sink.add(Field::ip_hdr_len, (be8(b, 0) & 15u) * 4, b.first(1));
  if (!header) return;
  sink.add(Field::ip_dsfield, header->type_of_service(), b.subspan(1, 1));
  sink.add(Field::ip_dsfield_dscp, header->type_of_service() >> 2, b.subspan(1, 1));
  sink.add(Field::ip_dsfield_ecn, header->type_of_service() & 3, b.subspan(1, 1));
  // What segmentation offload leaves at 0 has the length of the frame.
  sink.add(Field::ip_len, header->total_length() == 0 ? layer.wire_length : header->total_length(), b.subspan(2, 2));
  if (header->total_length() != 0 && header->total_length() < header->size()) return;
  sink.add(Field::ip_id, header->id(), b.subspan(4, 2));
  sink.add(Field::ip_flags, be8(b, 6) >> 5, b.subspan(6, 1));
  sink.add(Field::ip_flags_rb, (be8(b, 6) & 0x80) != 0, b.subspan(6, 1));
  sink.add(Field::ip_flags_df, header->dont_fragment(), b.subspan(6, 1));
  sink.add(Field::ip_flags_mf, header->more_fragments(), b.subspan(6, 1));
  sink.add(Field::ip_frag_offset, header->fragment_offset(), b.subspan(6, 2));
  sink.add(Field::ip_ttl, header->ttl(), b.subspan(8, 1));
  sink.add(Field::ip_proto, header->protocol(), b.subspan(9, 1));
  sink.add(Field::ip_checksum, header->checksum(), b.subspan(10, 2));
  if (sink.wants(Field::ip_checksum_status))
    sink.add(Field::ip_checksum_status, ones_complement_sum(header->header()) == 0xffff, b.subspan(10, 2));
  if (!header->options().empty()) option_fields(header->options(), sink);
  sink.add_bytes(Field::ip_src, b.subspan(12, 4));
  sink.add_bytes(Field::ip_addr, b.subspan(12, 4));
  const Bytes destination = header->final_destination_octets();
  sink.add_bytes(Field::ip_dst, destination);
  sink.add_bytes(Field::ip_addr, destination);
}

void ipv6_fields(const Layer& layer, FieldSink& sink) {
  if (!sink.wants_any(Field::ipv6, Field::ah) && !sink.wants(Field::ip_version)) return;
  const Bytes b = layer.bytes;
  switch (layer.protocol) {
    case Protocol::ipv6: {
      const auto header = Ipv6Header::parse(b);
      if (!header) return;
      sink.add_layer(Field::ipv6, layer.header(), layer.bytes);
      sink.add(Field::ip_version, 6, b.first(1));
      sink.add(Field::ipv6_version, 6, b.first(1));
      sink.add(Field::ipv6_tclass, header->traffic_class(), b.first(2));
      sink.add(Field::ipv6_flow, header->flow_label(), b.subspan(1, 3));
      sink.add(Field::ipv6_plen, header->payload_length(), b.subspan(4, 2));
      sink.add(Field::ipv6_nxt, header->next_header(), b.subspan(6, 1));
      sink.add(Field::ipv6_hlim, header->hop_limit(), b.subspan(7, 1));
      sink.add_bytes(Field::ipv6_src, b.subspan(8, 16));
      sink.add_bytes(Field::ipv6_addr, b.subspan(8, 16));
      sink.add_bytes(Field::ipv6_dst, b.subspan(24, 16));
      sink.add_bytes(Field::ipv6_addr, b.subspan(24, 16));
      return;
    }
    case Protocol::fragment: {
      const auto header = Ipv6Fragment::parse(b);
      if (!header) return;
      sink.add_layer(Field::ipv6_fraghdr, layer.header(), layer.bytes);
      sink.add(Field::ipv6_fraghdr_nxt, header->next_header(), b.first(1));
      sink.add(Field::ipv6_fraghdr_offset, header->offset(), b.subspan(2, 2));
      sink.add(Field::ipv6_fraghdr_more, header->more(), b.subspan(3, 1));
      sink.add(Field::ipv6_fraghdr_ident, header->id(), b.subspan(4, 4));
      return;
    }
    case Protocol::hop_by_hop:
      sink.add_layer(Field::ipv6_hopopts, layer.header(), layer.bytes);
      return next_and_length(b, Field::ipv6_hopopts_nxt, Field::ipv6_hopopts_len, sink);
    case Protocol::routing:
      sink.add_layer(Field::ipv6_routing, layer.header(), layer.bytes);
      next_and_length(b, Field::ipv6_routing_nxt, Field::ipv6_routing_len, sink);
      if (b.size() < 4) return;
      sink.add(Field::ipv6_routing_type, be8(b, 2), b.subspan(2, 1));
      sink.add(Field::ipv6_routing_segleft, be8(b, 3), b.subspan(3, 1));
      return;
    case Protocol::destination_options:
      sink.add_layer(Field::ipv6_dstopts, layer.header(), layer.bytes);
      return next_and_length(b, Field::ipv6_dstopts_nxt, Field::ipv6_dstopts_len, sink);
    case Protocol::authentication: sink.add_layer(Field::ah, layer.header(), layer.bytes); return;
    default: return;
  }
}

}  // namespace tracer
