#include "tracer/bytes/checksum.hpp"
#include "tracer/fields/dissect.hpp"
#include "tracer/wire/ipv4.hpp"
#include "tracer/wire/ipv6.hpp"

namespace tracer {
namespace {

void next_and_length(Bytes header, Field next, Field length, Field octets, FieldSink& sink) {
  if (header.size() < 2) return;
  sink.add(next, be8(header, 0), header.first(1));
  sink.add(length, be8(header, 1), header.subspan(1, 1));
  sink.add(octets, (be8(header, 1) + 1u) * 8, header.subspan(1, 1));
}

/// Names as tshark -n has them: the addresses.
void hosts(Field source, Field destination, Field either, Bytes from, Bytes to, FieldSink& sink) {
  if (!sink.wants(source) && !sink.wants(destination) && !sink.wants(either)) return;
  const std::string sender = IpAddress::from(from).text(), receiver = IpAddress::from(to).text();
  sink.add_text(source, sender, from);
  sink.add_text(either, sender, from);
  sink.add_text(destination, receiver, to);
  sink.add_text(either, receiver, to);
}

/// Options of an extension header: type, length, value; only padding of one byte is shorter
/// (RFC 8200 §4.2).
void extension_options(Bytes options, FieldSink& sink) {
  constexpr std::uint8_t pad_1 = 0, router_alert = 5, jumbo = 0xc2;
  while (!options.empty()) {
    const std::uint8_t type = be8(options, 0);
    sink.add(Field::ipv6_opt_type, type, options.first(1));
    sink.add(Field::ipv6_opt_type_action, type >> 6, options.first(1));
    sink.add(Field::ipv6_opt_type_change, type >> 5 & 1, options.first(1));
    sink.add(Field::ipv6_opt_type_rest, type & 31, options.first(1));
    if (type == pad_1) {
      options = options.subspan(1);
      continue;
    }
    if (options.size() < 2) return;
    const std::size_t length = be8(options, 1);
    sink.add(Field::ipv6_opt_length, length, options.subspan(1, 1));
    const Bytes value = slice(options, 2, length);
    if (value.size() < length) return;
    if (type == router_alert && length == 2)
      sink.add(Field::ipv6_opt_router_alert, be16(value, 0), value);
    if (type == jumbo && length == 4) sink.add(Field::ipv6_opt_jumbo, be32(value, 0), value);
    options = slice(options, 2 + length);
  }
}

/// Types 0 (RFC 2460 §4.4) and 4 (RFC 8754).
void stations(Bytes routing, FieldSink& sink) {
  const std::uint8_t type = be8(routing, 2);
  if (type != 0 && type != 4) return;
  if (type == 4)
    sink.add(Field::ipv6_routing_srh_last_entry, be8(routing, 4), routing.subspan(4, 1));
  for (std::size_t at = 8; at + 16 <= routing.size(); at += 16)
    sink.add_bytes(type == 0 ? Field::ipv6_routing_src_addr : Field::ipv6_routing_srh_addr,
                   routing.subspan(at, 16));
}

/// A route: what lies before the pointer was passed; what follows is to come, or is room for more.
/// The last address of a source route is the destination, and where it goes now is `current`.
void route(Bytes option, bool recording, Bytes current, FieldSink& sink) {
  if (option.size() < 3) return;
  const std::size_t pointer = be8(option, 2);
  sink.add(Field::ip_opt_ptr, pointer, option.subspan(2, 1));
  if (pointer < 4 || pointer % 4 != 0) return;
  const bool moving = !recording && pointer + 3 <= option.size();
  if (moving) sink.add_bytes(Field::ip_cur_rt, current);
  for (std::size_t at = 3; at + 4 <= option.size(); at += 4) {
    const Bytes address = option.subspan(at, 4);
    if (at + 1 < pointer)
      sink.add_bytes(Field::ip_rec_rt, address);
    else if (recording)
      sink.add_bytes(Field::ip_empty_rt, address);
    else if (at + 8 <= option.size())
      sink.add_bytes(Field::ip_src_rt, address);
  }
}

/// RFC 791 §3.1: one byte, or kind and length.
void option_fields(Bytes options, Bytes current, FieldSink& sink) {
  constexpr std::uint8_t end = 0, no_operation = 1, record_route = 7, loose_route = 131,
                         strict_route = 137, router_alert = 148;
  while (!options.empty()) {
    const std::uint8_t kind = be8(options, 0);
    sink.add(Field::ip_opt_type, kind, options.first(1));
    sink.add(Field::ip_opt_type_copy, kind >> 7, options.first(1));
    sink.add(Field::ip_opt_type_class, kind >> 5 & 3, options.first(1));
    sink.add(Field::ip_opt_type_number, kind & 31, options.first(1));
    if (kind == end) return;
    const std::size_t size = kind == no_operation ? 1 : options.size() < 2 ? 0 : be8(options, 1);
    if (size == 0 || size > options.size() || (kind != no_operation && size < 2)) return;
    if (kind != no_operation) sink.add(Field::ip_opt_len, size, options.subspan(1, 1));
    if (kind == record_route || kind == loose_route || kind == strict_route)
      route(options.first(size), kind == record_route, current, sink);
    if (kind == router_alert && size == 4)
      sink.add(Field::ip_opt_ra, be16(options, 2), options.subspan(2, 2));
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
  sink.add(Field::ip_len, header->total_length() == 0 ? layer.wire_length : header->total_length(),
           b.subspan(2, 2));
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
    sink.add(Field::ip_checksum_status, ones_complement_sum(header->header()) == 0xffff,
             b.subspan(10, 2));
  if (!header->options().empty()) option_fields(header->options(), b.subspan(16, 4), sink);
  sink.add_bytes(Field::ip_src, b.subspan(12, 4));
  sink.add_bytes(Field::ip_addr, b.subspan(12, 4));
  const Bytes destination = header->final_destination_octets();
  sink.add_bytes(Field::ip_dst, destination);
  sink.add_bytes(Field::ip_addr, destination);
  hosts(Field::ip_src_host, Field::ip_dst_host, Field::ip_host, b.subspan(12, 4), destination,
        sink);
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
      sink.add(Field::ipv6_tclass_dscp, header->traffic_class() >> 2, b.first(2));
      sink.add(Field::ipv6_tclass_ecn, header->traffic_class() & 3, b.first(2));
      sink.add(Field::ipv6_flow, header->flow_label(), b.subspan(1, 3));
      sink.add(Field::ipv6_plen, header->payload_length(), b.subspan(4, 2));
      sink.add(Field::ipv6_nxt, header->next_header(), b.subspan(6, 1));
      sink.add(Field::ipv6_hlim, header->hop_limit(), b.subspan(7, 1));
      sink.add_bytes(Field::ipv6_src, b.subspan(8, 16));
      sink.add_bytes(Field::ipv6_addr, b.subspan(8, 16));
      sink.add_bytes(Field::ipv6_dst, b.subspan(24, 16));
      sink.add_bytes(Field::ipv6_addr, b.subspan(24, 16));
      hosts(Field::ipv6_src_host, Field::ipv6_dst_host, Field::ipv6_host, b.subspan(8, 16),
            b.subspan(24, 16), sink);
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
      next_and_length(b, Field::ipv6_hopopts_nxt, Field::ipv6_hopopts_len,
                      Field::ipv6_hopopts_len_oct, sink);
      return extension_options(slice(layer.header(), 2), sink);
    case Protocol::routing:
      sink.add_layer(Field::ipv6_routing, layer.header(), layer.bytes);
      next_and_length(b, Field::ipv6_routing_nxt, Field::ipv6_routing_len,
                      Field::ipv6_routing_len_oct, sink);
      if (b.size() < 4) return;
      sink.add(Field::ipv6_routing_type, be8(b, 2), b.subspan(2, 1));
      sink.add(Field::ipv6_routing_segleft, be8(b, 3), b.subspan(3, 1));
      if (layer.header_size >= 8) stations(layer.header(), sink);
      return;
    case Protocol::destination_options:
      sink.add_layer(Field::ipv6_dstopts, layer.header(), layer.bytes);
      next_and_length(b, Field::ipv6_dstopts_nxt, Field::ipv6_dstopts_len,
                      Field::ipv6_dstopts_len_oct, sink);
      return extension_options(slice(layer.header(), 2), sink);
    case Protocol::authentication: sink.add_layer(Field::ah, layer.header(), layer.bytes); return;
    default: return;
  }
}

}  // namespace tracer
