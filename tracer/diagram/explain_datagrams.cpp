// Conversations without connections: UDP, ICMP, and whatever else has two ends.
#include <algorithm>

#include "tracer/diagram/explain_parts.hpp"

namespace tracer::explaining {
namespace {

using Part = Sentence::Part;

void tell_counts(Telling& telling) {
  std::uint64_t packets[2] = {0, 0}, payload[2] = {0, 0};
  for (const Row& row : telling.ladder.rows) {
    if (telling.ladder.protocol == ip_protocol::udp && row.label.kind != Label::Kind::udp) continue;
    ++packets[row.from];
    payload[row.from] += row.label.length;
  }
  const char* what = telling.ladder.protocol == ip_protocol::udp ? "datagram" : "packet";
  for (const std::size_t lane : {0u, 1u}) {
    if (packets[lane] == 0) continue;
    std::string text = fmt::format("{} sends {}", telling.who(lane), counted(packets[lane], what));
    if (telling.ladder.protocol == ip_protocol::udp)
      text += fmt::format(" with {} of payload", bytes(payload[lane]));
    telling.tell(Part::data, text + ".", {},
                 telling.ladder.protocol == ip_protocol::udp ? "RFC 768" : "");
  }
}

}  // namespace

void tell_datagrams(Telling& telling) {
  if (telling.ladder.protocol == ip_protocol::udp)
    telling.tell(Part::opening, "UDP opens no connection: the first datagram is the beginning.",
                 telling.ladder.rows.empty() ? std::vector<std::uint32_t>{}
                                             : std::vector{telling.ladder.rows[0].number},
                 "RFC 768");
  tell_counts(telling);
}

}  // namespace tracer::explaining
