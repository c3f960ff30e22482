#include "tracer/tracking/applications.hpp"

#include <algorithm>

#include "tracer/tracking/application_ports.hpp"
#include "tracer/wire/dns.hpp"
#include "tracer/wire/tls.hpp"

namespace tracer {

std::string_view name(Application application) {
  switch (application) {
    case Application::none: return "data";
    case Application::dns: return "dns";
    case Application::mdns: return "mdns";
    case Application::llmnr: return "llmnr";
    case Application::http: return "http";
    case Application::tls: return "tls";
    case Application::ftp: return "ftp";
    case Application::ftp_data: return "ftp-data";
    case Application::smtp: return "smtp";
    case Application::resp: return "resp";
  }
  return "?";
}

std::span<const Message> Applications::follow(const Packet& packet, unsigned direction,
                                              const TcpFacts* facts) {
  messages_.clear();
  if (over_) {
    dialogues_[*over_].reset();
    over_.reset();
  }
  if (packet.udp)
    datagram(packet);
  else if (packet.tcp && facts)
    segment(packet, direction, *facts);
  return messages_;
}

void Applications::datagram(const Packet& packet) {
  const UdpHeader& udp = *packet.udp;
  const Bytes payload = udp.payload();
  if (payload.empty()) return;
  const auto [low, high] = std::minmax({udp.source_port(), udp.destination_port()});
  Application application = udp_application(low);
  if (application == Application::none && !is_alien_udp(low)) application = udp_application(high);
  if (application == Application::none) {
    if (is_alien_udp(low) || is_alien_udp(high) || !looks_like_dns(payload)) return;
    application = Application::dns;
  }
  if (payload.size() < DnsMessage::header_size) return;
  messages_.push_back(
      {application, Part::whole, (be8(payload, 2) & 0x80) == 0, payload, {}, 0, false});
}

void Applications::segment(const Packet& packet, unsigned direction, const TcpFacts& facts) {
  const TcpHeader& tcp = *packet.tcp;
  const TcpFlags flags = tcp.flags();
  const bool syn = flags.has(TcpFlags::syn);
  if (facts.length == 0 && !flags.control()) return;
  const auto [at, is_new] = dialogues_.try_emplace(facts.stream);
  if (is_new) {
    at->second = std::make_unique<Dialogue>();
    at->second->client = static_cast<std::uint8_t>(direction);
  }
  if (!at->second) return;
  Dialogue& dialogue = *at->second;
  DialogueSide& side = dialogue.sides[direction];
  const SeqNumber first = tcp.seq() + (syn ? 1u : 0u);
  if (syn) side.stream.begin(first);
  if (flags.has(TcpFlags::fin)) side.fin = first + facts.length;

  const bool was_lost = side.stream.gave_up();
  bool fresh = false;
  const Bytes payload = slice(tcp.payload(), 0, facts.length);
  if (facts.complete && facts.length > 0) {
    // What the capture cut off never comes, and what follows waits for it: nothing more to read here.
    if (payload.size() < facts.length)
      side.stream.give_up();
    else
      fresh = side.stream.add(first, payload);
  }
  const bool ends =
      side.fin && !side.finished && side.stream.next() == *side.fin && !side.stream.waiting();
  if (fresh || ends) {
    if (fresh && !dialogue.decided) decide(dialogue, packet, direction, side.stream.unread());
    const Arrival arrival{direction, direction == dialogue.client, ends};
    cut(dialogue, arrival);
    side.finished = side.finished || ends;
    if (dialogue.announced) announce(dialogue, packet, facts.stream);
  }
  side.stream.keep_unread();
  if (!was_lost && side.stream.gave_up()) ++given_up_;
  // Freed with the next packet: the messages of this one may lie in it.
  if (dialogue.sides[0].finished && dialogue.sides[1].finished &&
      dialogue.application != Application::ftp)
    over_ = facts.stream;
}

void Applications::decide(Dialogue& dialogue, const Packet& packet, unsigned direction,
                          Bytes bytes) {
  const auto settle = [&](Application application) {
    dialogue.application = application;
    dialogue.decided = true;
  };
  const Endpoint source = packet.source_endpoint(), destination = packet.destination_endpoint();
  for (const Endpoint* end : {&destination, &source}) {
    const auto at = expected_.find(*end);
    if (at == expected_.end()) continue;
    dialogue.set_up = at->second.frame;
    dialogue.control = at->second.control;
    return settle(Application::ftp_data);
  }
  const auto [low, high] = std::minmax({source.port, destination.port});
  for (const std::uint16_t port : {low, high}) {
    const Application application = tcp_application(port);
    if (application == Application::none) {
      if (is_alien_tcp(port)) return settle(Application::none);
      continue;
    }
    if (application == Application::http && !may_begin_http(bytes)) continue;
    dialogue.client =
        static_cast<std::uint8_t>(destination.port == port ? direction : 1 - direction);
    return settle(application);
  }
  if (looks_like_tls(bytes) || is_ssl2_hello(bytes)) return settle(Application::tls);
  if (looks_like_http(bytes)) return settle(Application::http);
}

void Applications::cut(Dialogue& dialogue, const Arrival& arrival) {
  switch (dialogue.application) {
    case Application::dns: return cut_dns(dialogue, arrival, messages_);
    case Application::http: return cut_http(dialogue, arrival, messages_);
    case Application::tls: return cut_tls(dialogue, arrival, messages_);
    case Application::ftp: return cut_ftp(dialogue, arrival, messages_);
    case Application::smtp: return cut_smtp(dialogue, arrival, messages_);
    case Application::resp: return cut_resp(dialogue, arrival, messages_);
    case Application::ftp_data: return ftp_data(dialogue, arrival);
    case Application::none:
    case Application::mdns:
    case Application::llmnr: break;
  }
  ByteStream& stream = dialogue.sides[arrival.side].stream;
  stream.read(stream.unread().size());
}

/// A control connection said where data will go.
void Applications::announce(Dialogue& dialogue, const Packet& packet, std::uint32_t stream) {
  const FtpDataEndpoint announced = *dialogue.announced;
  dialogue.announced.reset();
  if (expected_.size() >= most_expected) expected_.clear();
  // Who announces, listens: the server in PASV's reply, the client with PORT.
  const Endpoint end{announced.address.value_or(packet.source), announced.port};
  expected_[end] = {packet.number, stream, dialogue.announced_passive};
}

void Applications::ftp_data(Dialogue& dialogue, const Arrival& arrival) {
  ByteStream& stream = dialogue.sides[arrival.side].stream;
  const Bytes bytes = stream.unread();
  if (bytes.empty()) return;
  std::string_view command;
  if (const auto control = dialogues_.find(dialogue.control);
      dialogue.set_up && control != dialogues_.end() && control->second)
    command = control->second->command;
  messages_.push_back({Application::ftp_data, Part::body, arrival.from_client, bytes, command,
                       dialogue.set_up, false});
  stream.read(bytes.size());
}

}  // namespace tracer
