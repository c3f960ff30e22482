#include "tracer/render/summary.hpp"

#include <fmt/format.h>

namespace tracer {

void append_summary(std::string& out, const Conversation& one, const TextStyle& style) {
  const char* protocol = one.protocol == 6 ? "TCP" : one.protocol == 17 ? "UDP" : one.protocol == 1 ? "ICMP" : one.protocol == 58 ? "ICMPv6" : "IP";
  const double seconds = static_cast<double>((one.last - one.first).count()) / 1e9;
  auto to = std::back_inserter(out);
  fmt::format_to(to, "{} {} {} {}  ", protocol, one.ends[0].text(), style.ascii ? "->" : "→", one.ends[1].text());
  if (one.protocol == 6) fmt::format_to(to, "{} {}  ", connection_state(one.history), one.history.text().empty() ? "-" : one.history.text());
  else if (one.protocol == 17) fmt::format_to(to, "{}  ", one.history.text());
  fmt::format_to(to, "{}+{} packets  {}+{} B  {:.3f} s", one.packets[0], one.packets[1], one.payload_bytes[0], one.payload_bytes[1], seconds);
  if (const auto repeated = one.retransmissions[0] + one.retransmissions[1]) fmt::format_to(to, "  {} repeated", repeated);
  out += '\n';
}

}  // namespace tracer
