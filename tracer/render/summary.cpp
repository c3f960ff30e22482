#include "tracer/render/summary.hpp"

#include <charconv>

namespace tracer {
namespace {

// A capture may hold a million conversations: no format strings here.
void append(std::string& out, std::uint64_t number) {
  char digits[24];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

void append_pair(std::string& out, const std::uint64_t (&both)[2], const char* unit) {
  append(out, both[0]);
  out += '+';
  append(out, both[1]);
  out += unit;
}

const char* protocol_name(std::uint8_t protocol) {
  switch (protocol) {
    case 1: return "ICMP ";
    case 6: return "TCP ";
    case 17: return "UDP ";
    case 58: return "ICMPv6 ";
    default: return "IP ";
  }
}

}  // namespace

void append_summary(std::string& out, const Conversation& one, const TextStyle& style) {
  out += protocol_name(one.protocol);
  one.ends[0].append_to(out);
  out += style.ascii ? " -> " : " → ";
  one.ends[1].append_to(out);
  out += "  ";
  if (one.protocol == 6) out.append(connection_state(one.history)).append(" ");
  if (one.protocol == 6 || one.protocol == 17)
    out.append(one.history.text().empty() ? "-" : one.history.text()).append("  ");
  append_pair(out, one.packets, " packets  ");
  append_pair(out, one.payload_bytes, " B  ");
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(one.last - one.first).count();
  if (milliseconds < 0) out += '-';  // the clock was set back
  const auto magnitude =
      static_cast<std::uint64_t>(milliseconds < 0 ? -milliseconds : milliseconds);
  append(out, magnitude / 1000);
  out += '.';
  for (const std::uint64_t digit : {magnitude / 100 % 10, magnitude / 10 % 10, magnitude % 10})
    out += static_cast<char>('0' + digit);
  out += " s";
  if (const std::uint64_t repeated =
          std::uint64_t{one.retransmissions[0]} + one.retransmissions[1]) {
    out += "  ";
    append(out, repeated);
    out += " repeated";
  }
  out += '\n';
}

}  // namespace tracer
