#include "tests/support/segment.hpp"

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

namespace support {
namespace {

using tracer::Nanoseconds;
using tracer::TcpFlags;

/// Takes a line apart, word by word, and says which line it was if that fails.
class Parser {
 public:
  explicit Parser(std::string_view line) : line_(line) {}

  Segment parse() {
    std::string text = line_;
    if (const auto arrow = text.find("=>"); arrow != std::string::npos) {
      segment_.expectation = trimmed(text.substr(arrow + 2));
      text.resize(arrow);
    }
    segment_.line = trimmed(text);
    if (const auto open = text.find('<'); open != std::string::npos) {
      const auto close = text.rfind('>');
      if (close < open) fail("no > after <");
      options(text.substr(open + 1, close - open - 1));
      text.erase(open, close - open + 1);
    }
    std::istringstream words(text);
    std::string time, from, arrow, to, flags, range, word;
    if (!(words >> time >> from >> arrow >> to >> flags >> range) || arrow != ">")
      fail("not TIME FROM > TO FLAGS RANGE");
    times(time);
    if (from == "client" && to == "server")
      segment_.from_client = true;
    else if (from == "server" && to == "client")
      segment_.from_client = false;
    else
      fail("hosts are client and server");
    segment_.header.flags = flags_of(flags);
    sequence(range);
    while (words >> word) {
      std::string value;
      if (!(words >> value)) fail("'" + word + "' needs a number");
      if (word == "ack")
        segment_.header.ack = number(value);
      else if (word == "win")
        segment_.header.window = static_cast<std::uint16_t>(number(value));
      else
        fail("'" + word + "' is not known");
    }
    if (!segment_.from_client) std::swap(segment_.header.source, segment_.header.destination);
    return segment_;
  }

 private:
  [[noreturn]] void fail(const std::string& why) const {
    throw std::invalid_argument("in '" + line_ + "': " + why);
  }

  static std::string trimmed(const std::string& text) {
    const auto from = text.find_first_not_of(' ');
    return from == std::string::npos ? ""
                                     : text.substr(from, text.find_last_not_of(' ') - from + 1);
  }
  std::uint32_t number(const std::string& text) const {
    std::size_t used = 0;
    try {
      const unsigned long long value = std::stoull(text, &used);
      if (used == text.size() && value <= 0xffffffff) return static_cast<std::uint32_t>(value);
    } catch (const std::logic_error&) {
    }
    fail("'" + text + "' is not a 32-bit number");
  }
  Nanoseconds seconds(const std::string& text) const {
    std::istringstream in(text);
    double value = 0;
    if (!(in >> value) || !in.eof()) fail("'" + text + "' is not a time");
    return Nanoseconds(std::llround(value * 1e9));
  }

  void times(std::string text) {
    const auto dash = text.find('-', 1);
    segment_.departure = seconds(text.substr(0, dash));
    if (dash == std::string::npos) return;
    segment_.two_ended = true;
    text.erase(0, dash + 1);
    if (text == "lost") return;
    if (text.ends_with('!')) {
      segment_.corrupted = true;
      text.pop_back();
    }
    std::istringstream parts(text);
    for (std::string part; std::getline(parts, part, '+');)
      segment_.arrivals.push_back(seconds(part));
  }

  std::uint16_t flags_of(const std::string& letters) const {
    std::uint16_t bits = 0;
    for (const char letter : letters) switch (letter) {
        case 'S': bits |= TcpFlags::syn; break;
        case 'F': bits |= TcpFlags::fin; break;
        case 'R': bits |= TcpFlags::rst; break;
        case 'P': bits |= TcpFlags::psh; break;
        case '.': bits |= TcpFlags::ack; break;
        case 'U': bits |= TcpFlags::urg; break;
        case 'E': bits |= TcpFlags::ece; break;
        case 'W': bits |= TcpFlags::cwr; break;
        case 'A': bits |= TcpFlags::ae; break;
        case '-': break;
        default: fail(std::string("no flag is called ") + letter);
      }
    return bits;
  }

  void sequence(const std::string& range) {
    const auto colon = range.find(':'), open = range.find('('), close = range.find(')');
    if (colon == std::string::npos || open == std::string::npos || close == std::string::npos)
      fail("not SEQ:END(LENGTH): " + range);
    segment_.header.seq = number(range.substr(0, colon));
    segment_.length = number(range.substr(open + 1, close - open - 1));
    if (segment_.header.seq + segment_.length != number(range.substr(colon + 1, open - colon - 1)))
      fail("END is not SEQ + LENGTH");
  }

  void options(const std::string& list) {
    std::istringstream parts(list);
    std::vector<std::pair<std::string, std::string>> blocks;
    Buffer& out = segment_.header.options;
    for (std::string part; std::getline(parts, part, ',');) {
      std::istringstream words(part);
      std::string name, a, b;
      words >> name >> a >> b;
      if (name == "mss")
        out = join({out, hex("02 04"), u16(number(a))});
      else if (name == "wscale")
        out = join({out, hex("01 03 03"), u8(number(a))});
      else if (name == "sackOK")
        out = join({out, hex("01 01 04 02")});
      else if (name == "TS")
        out = join({out, hex("01 01 08 0a"), u32(number(a)), u32(number(b))});
      else if (name == "mptcp")
        out = join({out, hex("1e 04"), u16(number(a) << 12)});
      else if (name == "nop")
        out = join({out, hex("01")});
      else if (name == "eol")
        out = join({out, hex("00")});
      else if (name == "hex")
        out = join({out, hex(part.substr(part.find("hex") + 3))});
      else if (name == "sack") {
        const auto colon = a.find(':');
        if (colon == std::string::npos) fail("sack needs A:B");
        blocks.emplace_back(a.substr(0, colon), a.substr(colon + 1));
      } else
        fail("no option is called " + name);
    }
    if (blocks.empty()) return;
    out = join({out, hex("01 01 05"), u8(static_cast<unsigned>(2 + 8 * blocks.size()))});
    for (const auto& [left, right] : blocks)
      out = join({out, u32(number(left)), u32(number(right))});
  }

  std::string line_;
  Segment segment_;
};

/// Payload that is the same whenever the same bytes of the stream are sent.
Buffer stream_bytes(std::uint32_t from, std::uint32_t count) {
  Buffer bytes;
  for (std::uint32_t i = 0; i < count; ++i)
    bytes.push_back(static_cast<std::byte>('a' + (from + i) % 26));
  return bytes;
}

}  // namespace

Segment parse_segment(std::string_view line) { return Parser(line).parse(); }

Buffer frame_of(const Segment& segment, std::uint16_t id) {
  const std::string client = "10.0.0.1", server = "10.0.0.2";
  const std::string &from = segment.from_client ? client : server,
                    &to = segment.from_client ? server : client;
  return ethernet(0x0800, ipv4({.source = from, .destination = to, .id = id},
                               tcp(segment.header, stream_bytes(segment.header.seq, segment.length),
                                   from, to)));
}

tracer::Timestamp script_time(Nanoseconds since_start) {
  return tracer::Timestamp(std::chrono::seconds(1'000'000'000)) + since_start;
}

tracer::FrameStore frames_of(const std::vector<std::string>& script, bool numbered) {
  std::vector<std::pair<tracer::Frame, Buffer>> all;
  std::uint16_t id = 0;
  for (const std::string& line : script) {
    const Segment segment = parse_segment(line);
    Buffer bytes = frame_of(segment, ++id);
    tracer::Frame one = frame(bytes);
    one.time = script_time(segment.departure);
    if (segment.two_ended) one.direction = tracer::Direction::outbound;
    if (numbered) one.packet_id = id;
    one.vantage = segment.two_ended && !segment.from_client ? 1 : 0;
    all.emplace_back(one, bytes);
    if (segment.corrupted) bytes.back() ^= std::byte{0x55};
    for (const Nanoseconds arrival : segment.arrivals) {
      one.time = script_time(arrival);
      one.direction = tracer::Direction::inbound;
      one.vantage = segment.from_client ? 1 : 0;
      all.emplace_back(one, bytes);
    }
  }
  // A single capture is in file order; two are merged by time.
  if (std::any_of(all.begin(), all.end(),
                  [](auto& one) { return one.first.direction != tracer::Direction::unknown; }))
    std::stable_sort(all.begin(), all.end(),
                     [](auto& a, auto& b) { return a.first.time < b.first.time; });
  tracer::FrameStore frames;
  for (auto& [one, bytes] : all) {
    one.bytes = bytes;
    frames.add(one);
  }
  return frames;
}

}  // namespace support
