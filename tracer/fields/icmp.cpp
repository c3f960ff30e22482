#include "tracer/wire/icmp.hpp"

#include "tracer/fields/dissect.hpp"

namespace tracer {

void icmp_fields(const Packet& packet, const Layer& layer, FieldSink& sink) {
  if (!sink.wants_any(Field::icmp, Field::icmpv6_checksum_status)) return;
  const auto header = IcmpHeader::parse(layer.bytes);
  if (!header) return;
  const Bytes b = layer.bytes;
  const auto status = [&]() -> std::uint64_t {
    const auto right = layer.quoted ? std::nullopt : transport_checksum_right(packet);
    return right ? *right : 2;
  };
  if (layer.protocol == Protocol::icmpv6) {
    sink.add_layer(Field::icmpv6, layer.header(), layer.bytes);
    sink.add(Field::icmpv6_type, header->type(), b.first(1));
    sink.add(Field::icmpv6_code, header->code(), b.subspan(1, 1));
    sink.add(Field::icmpv6_checksum, header->checksum(), b.subspan(2, 2));
    if ((header->type() == 128 || header->type() == 129) && b.size() >= 8) {
      sink.add(Field::icmpv6_echo_identifier, be16(b, 4), b.subspan(4, 2));
      sink.add(Field::icmpv6_echo_sequence_number, be16(b, 6), b.subspan(6, 2));
    }
    if (header->type() == 135 && b.size() >= 24) sink.add_bytes(Field::icmpv6_nd_ns_target_address, b.subspan(8, 16));
    if (header->type() == 136 && b.size() >= 24) sink.add_bytes(Field::icmpv6_nd_na_target_address, b.subspan(8, 16));
    if (sink.wants(Field::icmpv6_checksum_status)) sink.add(Field::icmpv6_checksum_status, status(), b.subspan(2, 2));
    return;
  }
  sink.add_layer(Field::icmp, layer.header(), layer.bytes);
  sink.add(Field::icmp_type, header->type(), b.first(1));
  sink.add(Field::icmp_code, header->code(), b.subspan(1, 1));
  sink.add(Field::icmp_checksum, header->checksum(), b.subspan(2, 2));
  if (sink.wants(Field::icmp_checksum_status)) sink.add(Field::icmp_checksum_status, status(), b.subspan(2, 2));
  const Bytes rest = header->rest();
  if (rest.size() < 4) return;
  if (header->type() == 0 || header->type() == 8 || (header->type() >= 13 && header->type() <= 18)) {
    sink.add(Field::icmp_ident, be16(rest, 0), rest.first(2));
    sink.add(Field::icmp_seq, be16(rest, 2), rest.subspan(2, 2));
  }
  if (header->type() == 3 && header->code() == 4) sink.add(Field::icmp_mtu, be16(rest, 2), rest.subspan(2, 2));
}

}  // namespace tracer
