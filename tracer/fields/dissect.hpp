// A packet and what tracking knows of it -> named fields with the bytes that say so.
#pragma once

#include "tracer/fields/field_sink.hpp"
#include "tracer/tracking/tracker.hpp"
#include "tracer/wire/packet.hpp"

namespace tracer {

/// What the fields of a frame need besides the frame: the times of earlier ones.
struct FrameClock {
  Timestamp first{}, previous{};
  std::optional<Timestamp> shown{};  // of the last that a display filter let pass; none: all pass
};

/// Does any of these fields need application messages (Tracker::follow_applications)?
inline bool needs_applications(const FieldSet& wanted) {
  // tcp.completeness: a data connection that FTP announced is begun before its SYN.
  return wanted.has(Field::frame_protocols) || wanted.has(Field::tcp_completeness) ||
         wanted.any(Field::dns, Field::resp_array_length);
}

/// Adds the fields of all layers that `sink` wants, outermost first, those of quoted packets after.
/// Values point into the packet and into `sink`.
void dissect(const Packet& packet, const Tracked& tracked, const FrameClock& clock,
             FieldSink& sink);

// One function a protocol; dissect() calls them.
void frame_fields(const Packet& packet, const Tracked& tracked, const FrameClock& clock,
                  FieldSink& sink);
void link_fields(const Packet& packet, const Layer& layer, FieldSink& sink);
void arp_fields(const Layer& layer, FieldSink& sink);
void ipv4_fields(const Layer& layer, FieldSink& sink);
void ipv6_fields(const Layer& layer, FieldSink& sink);
void icmp_fields(const Packet& packet, const Layer& layer, FieldSink& sink);
void tcp_fields(const Packet& packet, const Tracked& tracked, const Layer& layer, FieldSink& sink);
/// `first`: of its frame.
void message_fields(const Message& message, bool first, FieldSink& sink);
void dns_fields(const Message& message, FieldSink& sink);
void http_fields(const Message& message, FieldSink& sink);
void tls_fields(const Message& message, FieldSink& sink);
void ftp_fields(const Message& message, FieldSink& sink);
void smtp_fields(const Message& message, bool first, FieldSink& sink);
void resp_fields(const Message& message, FieldSink& sink);
void udp_fields(const Packet& packet, const Tracked& tracked, const Layer& layer, FieldSink& sink);

}  // namespace tracer
