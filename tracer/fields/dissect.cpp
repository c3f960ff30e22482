#include "tracer/fields/dissect.hpp"

namespace tracer {
namespace {

std::string_view short_name(Protocol protocol) {
  switch (protocol) {
    case Protocol::ethernet: return "eth:ethertype";
    case Protocol::vlan: return "vlan:ethertype";
    case Protocol::service_vlan: return "ieee8021ad:ethertype";
    case Protocol::llc: return "llc";
    case Protocol::pppoe: return "pppoes";
    case Protocol::ppp: return "ppp";
    case Protocol::cisco_hdlc: return "chdlc";
    case Protocol::mpls: return "mpls";
    case Protocol::cooked:
    case Protocol::cooked2: return "sll:ethertype";
    case Protocol::null: return "null";
    case Protocol::raw: return "raw";
    case Protocol::arp: return "arp";
    case Protocol::ipv4: return "ip";
    case Protocol::ipv6: return "ipv6";
    case Protocol::hop_by_hop: return "ipv6.hopopts";
    case Protocol::routing: return "ipv6.routing";
    case Protocol::fragment: return "ipv6.fraghdr";
    case Protocol::destination_options: return "ipv6.dstopts";
    case Protocol::authentication: return "ah";
    case Protocol::gre: return "gre";
    case Protocol::icmp: return "icmp";
    case Protocol::icmpv6: return "icmpv6";
    case Protocol::tcp: return "tcp";
    case Protocol::udp: return "udp";
  }
  return "?";
}

/// WTAP_ENCAP_ numbers of Wireshark's wiretap library; none for link types that we do not read.
std::optional<std::uint8_t> encapsulation(LinkType link) {
  switch (link) {
    case LinkType::ethernet: return 1;
    case LinkType::ppp:
    case LinkType::ppp_serial: return 4;
    case LinkType::raw_bsd:
    case LinkType::raw_openbsd:
    case LinkType::raw: return 7;
    case LinkType::null: return 15;
    case LinkType::linux_sll: return 25;
    default: return std::nullopt;
  }
}

/// "eth:ethertype:ip:tcp:http"
std::string protocols(const Packet& packet, const Tracked& tracked) {
  std::string joined;
  std::string_view last;
  const auto add = [&](std::string_view name) {
    if (!joined.empty()) joined += ':';
    joined += name;
    last = name;
  };
  for (const Layer& layer : packet.layers) add(short_name(layer.protocol));
  for (const Message& message : tracked.messages)
    if (last != name(message.application)) add(name(message.application));
  return joined;
}

}  // namespace

void dissect(const Packet& packet, const Tracked& tracked, const FrameClock& clock,
             FieldSink& sink) {
  frame_fields(packet, tracked, clock, sink);
  for (const Layer& layer : packet.layers) {
    switch (layer.protocol) {
      case Protocol::ethernet:
      case Protocol::vlan:
      case Protocol::service_vlan:
      case Protocol::llc:
      case Protocol::pppoe:
      case Protocol::ppp:
      case Protocol::cisco_hdlc:
      case Protocol::mpls:
      case Protocol::gre:
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
  for (const Message& message : tracked.messages)
    message_fields(message, &message == &tracked.messages.front(), sink);
}

void message_fields(const Message& message, bool first, FieldSink& sink) {
  switch (message.application) {
    case Application::dns:
    case Application::mdns:
    case Application::llmnr: dns_fields(message, sink); break;
    case Application::http: http_fields(message, sink); break;
    case Application::tls: tls_fields(message, sink); break;
    case Application::ftp:
    case Application::ftp_data: ftp_fields(message, sink); break;
    case Application::smtp: smtp_fields(message, first, sink); break;
    case Application::resp: resp_fields(message, sink); break;
    case Application::none: break;
  }
}

void frame_fields(const Packet& packet, const Tracked& tracked, const FrameClock& clock,
                  FieldSink& sink) {
  if (!sink.wants_any(Field::frame, Field::frame_protocols)) return;
  const Frame& frame = packet.frame;
  const auto count = [](Nanoseconds time) { return static_cast<std::uint64_t>(time.count()); };
  sink.add_layer(Field::frame, frame.bytes, frame.bytes);
  sink.add(Field::frame_number, packet.number);
  sink.add(Field::frame_len, frame.original_length);
  sink.add(Field::frame_cap_len, frame.bytes.size());
  if (frame.timed) {
    sink.add(Field::frame_time, count(frame.time.time_since_epoch()));
    sink.add(Field::frame_time_epoch, count(frame.time.time_since_epoch()));
    sink.add(Field::frame_time_relative, count(frame.time - clock.first));
    sink.add(Field::frame_time_delta, count(frame.time - clock.previous));
    sink.add(Field::frame_time_delta_displayed,
             count(frame.time - clock.shown.value_or(clock.previous)));
  }
  if (sink.wants(Field::frame_encap_type))
    if (const auto type = encapsulation(frame.link)) sink.add(Field::frame_encap_type, *type);
  sink.add(Field::frame_marked, 0);
  sink.add(Field::frame_ignored, 0);
  if (frame.on_interface) sink.add(Field::frame_interface_id, frame.vantage);
  if (frame.packet_id) sink.add(Field::frame_packet_id, *frame.packet_id);
  if (!frame.comment.empty()) sink.add_text(Field::frame_comment, frame.comment);
  if (sink.wants(Field::frame_protocols))
    sink.add_text(Field::frame_protocols, protocols(packet, tracked));
}

}  // namespace tracer
