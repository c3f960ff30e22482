#include "tracer/tracking/later_part.hpp"

namespace tracer {
namespace {

bool is_about_another(const Packet& packet) {
  return packet.quoted && packet.quoted->source.port != 0;
}

}  // namespace

bool LaterPart::follow(Packet& packet, Tracker::Expected expected) {
  if (packet.fragment) return false;  // an earlier one of its datagram may be needed
  if (!packet.has_network) return true;
  const bool begins = packet.opens_connection() && !is_about_another(packet);
  if (begins &&
      others_.known(ip_protocol::tcp, packet.source_endpoint(), packet.destination_endpoint())
          .conversation)
    return keep(packet);
  const std::size_t before = tracker_.conversations().size();
  const Tracked& tracked = tracker_.track(packet, expected);
  if (!tracked.conversation) return keep(packet);
  // The first of those between the same endpoints; the next ones follow from it.
  if (tracker_.conversations().size() > before)
    beginnings_.push_back({tracked.conversation->index, packet.any_tcp()->seq()});
  return true;
}

bool LaterPart::keep(const Packet& packet) {
  const bool another = is_about_another(packet);
  if (another)
    others_.find(packet.quoted->protocol, packet.quoted->source, packet.quoted->destination);
  else
    others_.find(packet.protocol, packet.source_endpoint(), packet.destination_endpoint());
  kept_bytes_ += packet.frame.bytes.size() + sizeof(Frame);
  if (kept_bytes_ > most_kept) return false;
  kept_.add(packet.frame);
  numbers_.push_back(packet.number);
  return true;
}

/// Would the tracker of the earlier part have begun a conversation with this SYN?
bool LaterPart::is_new_to(Tracker& earlier, const Beginning& beginning) const {
  const Conversation& here = tracker_.conversations()[beginning.conversation];
  const auto there = earlier.known(here.protocol, here.ends[0], here.ends[1]);
  return !there.conversation ||
         (there.conversation->tcp &&
          starts_anew(*there.conversation->tcp, there.direction, beginning.isn));
}

bool LaterPart::join(Tracker& earlier, std::uint64_t frames_before) {
  for (const Beginning& beginning : beginnings_)
    if (!is_new_to(earlier, beginning)) return false;
  Packet packet;
  for (std::size_t i = 0; i < kept_.size(); ++i) {
    packet.frame = kept_[i];
    decode(frames_before + numbers_[i], packet);
    earlier.track(packet);
  }
  return true;
}

}  // namespace tracer
