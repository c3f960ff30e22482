#include "tracer/render/summary.hpp"

#include <charconv>

namespace tracer {
namespace {

/// One line, put together where no string has to grow: a capture may hold a million conversations.
class Line {
 public:
  Line& operator<<(std::string_view text) {
    end_ += text.copy(end_, static_cast<std::size_t>(text_ + sizeof text_ - end_));
    return *this;
  }
  Line& operator<<(char character) {
    *end_++ = character;
    return *this;
  }
  Line& operator<<(std::uint64_t number) {
    end_ = std::to_chars(end_, text_ + sizeof text_, number).ptr;
    return *this;
  }
  Line& operator<<(const Endpoint& endpoint) {
    end_ = endpoint.write_to(end_);
    return *this;
  }
  std::string_view text() const { return {text_, end_}; }

 private:
  char text_[512];  // with two IPv6 addresses and numbers of 20 digits a line has 330 bytes
  char* end_ = text_;
};

std::string_view protocol_name(std::uint8_t protocol) {
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
  Line line;
  line << protocol_name(one.protocol) << one.ends[0] << (style.ascii ? " -> " : " → ")
       << one.ends[1] << "  ";
  if (one.protocol == 6) line << connection_state(one.history) << ' ';
  if (one.protocol == 6 || one.protocol == 17)
    line << (one.history.text().empty() ? "-" : one.history.text()) << "  ";
  line << one.packets[0] << '+' << one.packets[1] << " packets  ";
  line << one.payload_bytes[0] << '+' << one.payload_bytes[1] << " B  ";
  const auto milliseconds =
      std::chrono::duration_cast<std::chrono::milliseconds>(one.last - one.first).count();
  if (milliseconds < 0) line << '-';  // the clock was set back
  const auto magnitude =
      static_cast<std::uint64_t>(milliseconds < 0 ? -milliseconds : milliseconds);
  line << magnitude / 1000 << '.';
  for (const std::uint64_t digit : {magnitude / 100 % 10, magnitude / 10 % 10, magnitude % 10})
    line << static_cast<char>('0' + digit);
  line << " s";
  if (const std::uint64_t repeated = std::uint64_t{one.retransmissions[0]} + one.retransmissions[1])
    line << "  " << repeated << " repeated";
  line << '\n';
  out += line.text();
}

}  // namespace tracer
