#include "tracer/tracking/tracker.hpp"

namespace tracer {
namespace {

/// The history letters of a segment, in the order in which Zeek looks.
void remember(History& history, const TcpFacts& facts, TcpFlags flags, bool originator) {
  const bool syn = flags.has(TcpFlags::syn), fin = flags.has(TcpFlags::fin),
             rst = flags.has(TcpFlags::rst);
  if (syn + fin + rst > 1)
    history.add('Q', originator);
  else if (syn)
    history.add(flags.has(TcpFlags::ack) ? 'H' : 'S', originator);
  if (facts.has(analysis::lost_segment)) history.add('G', originator);
  if (facts.has(analysis::retransmission)) history.add('T', originator);
  if (facts.length > 0)
    history.add('D', originator);
  else if (flags.has(TcpFlags::ack) && !flags.control())
    history.add('A', originator);
  if (facts.has(analysis::zero_window)) history.add('W', originator);
  if (fin && !syn && !rst) history.add('F', originator);
  if (rst && !syn && !fin) history.add('R', originator);
}

}  // namespace

Tracker::Expected Tracker::expect(const Packet& packet) const {
  if (!packet.tcp || packet.fragment) return {};
  const std::uint32_t key =
      table_.key(ip_protocol::tcp, packet.source_endpoint(), packet.destination_endpoint());
  table_.fetch(key);
  return key;
}

const Tracked& Tracker::track(Packet& packet, Expected expected) {
  // Member by member: facts and options are large, and a segment writes them over.
  tracked_.conversation = nullptr;
  tracked_.direction = 0;
  tracked_.udp_stream.reset();
  tracked_.unreachable = false;
  tracked_.messages = {};
  if (packet.fragment) {
    const auto datagram = fragments_.add(packet);
    if (!datagram) {
      tracked_.tcp.reset();
      return tracked_;
    }
    decode_transport(datagram->protocol, datagram->payload, datagram->wire_length, packet);
  }
  if (!packet.any_tcp_length()) tracked_.tcp.reset();
  if (packet.any_tcp()) {
    tcp(packet, expected);
    if (applications_ && tracked_.tcp && packet.tcp)
      tracked_.messages = applications_->follow(packet, tracked_.direction, &*tracked_.tcp);
    return tracked_;
  }
  if (!packet.has_network) return tracked_;
  ConversationTable::Found found{};
  if (packet.quoted && packet.quoted->source.port != 0) {
    // An error belongs to the conversation of the packet that it is about.
    const auto& [source, destination, protocol] = *packet.quoted;
    found = find(packet, protocol, source, destination);
    if (!found.conversation) return tracked_;
    if (found.is_new)
      found.conversation->stream = protocol == ip_protocol::tcp ? tcp_streams_++ : udp_streams_++;
    found.direction = 1 - found.direction;
    tracked_.unreachable = true;
    tracked_.conversation = found.conversation;
    tracked_.direction = found.direction;
    return tracked_;
  }
  const Endpoint source = packet.source_endpoint(), destination = packet.destination_endpoint();
  found = find(packet, packet.protocol, source, destination);
  if (!found.conversation) return tracked_;
  if (packet.udp) {
    if (found.is_new) found.conversation->stream = udp_streams_++;
    tracked_.udp_stream = found.conversation->stream;
    found.conversation->payload_bytes[found.direction] +=
        packet.transport_wire_length - std::min<std::uint32_t>(8, packet.transport_wire_length);
    found.conversation->history.add('D', found.direction == 0);
    if (applications_) tracked_.messages = applications_->follow(packet, found.direction, nullptr);
  }
  tracked_.conversation = found.conversation;
  tracked_.direction = found.direction;
  count(packet, *found.conversation);
  return tracked_;
}

ConversationTable::Found Tracker::find(const Packet& packet, std::uint8_t protocol,
                                       const Endpoint& source, const Endpoint& destination,
                                       Expected expected) {
  const std::uint32_t key = expected ? *expected : table_.key(protocol, source, destination);
  const bool may_begin = follows_ == Follows::all || packet.opens_connection();
  const auto found = may_begin ? table_.find(key, protocol, source, destination)
                               : table_.known(key, protocol, source, destination);
  if (found.is_new) found.conversation->first_number = packet.number;
  return found;
}

void Tracker::tcp(Packet& packet, Expected expected) {
  const Endpoint source = packet.source_endpoint(), destination = packet.destination_endpoint();
  auto found = find(packet, ip_protocol::tcp, source, destination, expected);
  if (!found.conversation) {
    tracked_.tcp.reset();
    return;
  }
  const TcpHeader& header = *packet.any_tcp();
  if (packet.tcp)
    tracked_.tcp_options.read(header.options(), header.missing_options());
  else
    tracked_.tcp_options.read({});
  if (found.is_new) found.conversation->stream = tcp_streams_++;
  bool reused = false;
  if (found.conversation->tcp && packet.opens_connection() &&
      starts_anew(*found.conversation->tcp, found.direction, header.seq())) {
    found = table_.replace(ip_protocol::tcp, source, destination);
    found.conversation->first_number = packet.number;
    found.conversation->stream = tcp_streams_++;
    reused = true;
  }
  Conversation& conversation = *found.conversation;
  if (!conversation.tcp) {
    conversation.tcp = &table_.add_connection();
    conversation.tcp->stream = conversation.stream;
    conversation.tcp->announced =
        found.is_new && applications_ &&
        (applications_->expects(destination) || applications_->expects(source));
    // A capture that begins with the answer still knows who called.
    const TcpFlags flags = header.flags();
    if (found.is_new && flags.has(TcpFlags::syn) && flags.has(TcpFlags::ack)) {
      std::swap(conversation.ends[0], conversation.ends[1]);
      conversation.history.flip();
      found.direction = 1;
    }
  }
  tracked_.conversation = &conversation;
  tracked_.direction = found.direction;
  count(packet, conversation);
  if (!packet.any_tcp_length()) return;  // shorter than its own header: nothing to judge
  if (!tracked_.tcp) tracked_.tcp.emplace();
  analyse(*conversation.tcp, found.direction, packet, tracked_.tcp_options, reused, facts_,
          *tracked_.tcp);
  if (!packet.tcp) return;
  conversation.payload_bytes[found.direction] += tracked_.tcp->length;
  if (tracked_.tcp->has(analysis::retransmission)) ++conversation.retransmissions[found.direction];
  remember(conversation.history, *tracked_.tcp, header.flags(), found.direction == 0);
}

void Tracker::count(const Packet& packet, Conversation& conversation) {
  if (conversation.packets[0] + conversation.packets[1] == 0)
    conversation.first = conversation.last = packet.frame.time;
  tracked_.since_first = packet.frame.time - conversation.first;
  tracked_.since_previous = packet.frame.time - conversation.last;
  conversation.last = packet.frame.time;
  ++conversation.packets[tracked_.direction];
}

}  // namespace tracer
