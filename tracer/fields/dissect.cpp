#include "tracer/fields/dissect.hpp"

namespace tracer {

void dissect(const Packet& packet, const Tracked& tracked, const FrameClock& clock, FieldSink& sink) {
  frame_fields(packet, clock, sink);
  for (const Layer& layer : packet.layers) {
    switch (layer.protocol) {
      case Protocol::ethernet:
      case Protocol::vlan:
      case Protocol::cooked:
      case Protocol::cooked2:
      case Protocol::null:
      case Protocol::raw: link_fields(packet, layer, sink); break;
      case Protocol::arp: arp_fields(layer, sink); break;
      case Protocol::ipv4: ipv4_fields(layer, sink); break;
      case Protocol::ipv6:
      case Protocol::hop_by_hop:
      case Protocol::routing:
      case Protocol::fragment:
      case Protocol::destination_options:
      case Protocol::authentication: ipv6_fields(layer, sink); break;
      case Protocol::icmp:
      case Protocol::icmpv6: icmp_fields(packet, layer, sink); break;
      case Protocol::tcp: tcp_fields(packet, tracked, layer, sink); break;
      case Protocol::udp: udp_fields(packet, tracked, layer, sink); break;
    }
  }
}

void frame_fields(const Packet& packet, const FrameClock& clock, FieldSink& sink) {
  if (!sink.wants_any(Field::frame, Field::frame_comment)) return;
  const Frame& frame = packet.frame;
  const auto count = [](Nanoseconds time) { return static_cast<std::uint64_t>(time.count()); };
  sink.add_layer(Field::frame, frame.bytes, frame.bytes);
  sink.add(Field::frame_number, packet.number);
  sink.add(Field::frame_len, frame.original_length);
  sink.add(Field::frame_cap_len, frame.bytes.size());
  sink.add(Field::frame_time_epoch, count(frame.time.time_since_epoch()));
  sink.add(Field::frame_time_relative, count(frame.time - clock.first));
  sink.add(Field::frame_time_delta, count(frame.time - clock.previous));
  sink.add(Field::frame_interface_id, frame.vantage);
  if (frame.packet_id) sink.add(Field::frame_packet_id, *frame.packet_id);
  if (!frame.comment.empty()) sink.add_text(Field::frame_comment, frame.comment);
}

}  // namespace tracer
