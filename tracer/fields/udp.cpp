#include "tracer/wire/udp.hpp"

#include "tracer/fields/dissect.hpp"

namespace tracer {

void udp_fields(const Packet& packet, const Tracked& tracked, const Layer& layer, FieldSink& sink) {
  if (!sink.wants_any(Field::udp, Field::udp_payload)) return;
  const Bytes b = layer.bytes;
  if (b.size() < 4) return;
  sink.add_layer(Field::udp, layer.header(), layer.bytes);
  sink.add(Field::udp_srcport, be16(b, 0), b.first(2));
  sink.add(Field::udp_port, be16(b, 0), b.first(2));
  sink.add(Field::udp_dstport, be16(b, 2), b.subspan(2, 2));
  sink.add(Field::udp_port, be16(b, 2), b.subspan(2, 2));
  if (b.size() >= 6) sink.add(Field::udp_length, be16(b, 4), b.subspan(4, 2));
  const auto header = UdpHeader::parse(layer.bytes);
  if (!header) return;
  sink.add(Field::udp_checksum, header->checksum(), b.subspan(6, 2));
  if (layer.quoted) return;
  if (sink.wants(Field::udp_checksum_status)) {
    const auto right = transport_checksum_right(packet);
    sink.add(Field::udp_checksum_status,
             header->checksum() == 0 ? 3u
             : right                 ? std::uint64_t{*right}
                                     : 2u,
             b.subspan(6, 2));
  }
  if (tracked.udp_stream) {
    sink.add(Field::udp_stream, *tracked.udp_stream);
    sink.add(Field::udp_time_relative, static_cast<std::uint64_t>(tracked.since_first.count()));
    sink.add(Field::udp_time_delta, static_cast<std::uint64_t>(tracked.since_previous.count()));
  }
  if (!header->payload().empty()) sink.add_bytes(Field::udp_payload, header->payload());
}

}  // namespace tracer
