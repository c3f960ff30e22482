#include "tracer/fields/filter/literal.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "tracer/fields/filter/date.hpp"
#include "tracer/wire/address.hpp"

namespace tracer::filter {
namespace {

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Decimal, 0x…, 0b…, or octal with a leading 0.
std::optional<std::uint64_t> integer(std::string_view text, bool& too_large) {
  int base = 10;
  if (text.starts_with("0x") || text.starts_with("0X"))
    base = 16;
  else if (text.starts_with("0b") || text.starts_with("0B"))
    base = 2;
  else if (text.size() > 1 && text[0] == '0')
    base = 8;
  if (base == 16 || base == 2) text.remove_prefix(2);
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  too_large = error == std::errc::result_out_of_range;
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// 1.5: seconds with at most nine decimals, in nanoseconds.
std::optional<std::int64_t> seconds(std::string_view text) {
  std::int64_t whole = 0;
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, whole);
  if (error != std::errc{} || whole < 0 || whole > 9'000'000'000) return std::nullopt;
  std::int64_t part = 0;
  if (end != last) {
    if (*end != '.' || last - end > 10) return std::nullopt;
    std::int64_t unit = 100'000'000;
    for (const char* c = end + 1; c != last; ++c, unit /= 10) {
      if (*c < '0' || *c > '9') return std::nullopt;
      part += unit * (*c - '0');
    }
  }
  return whole * 1'000'000'000 + part;
}

/// 02:00:5e, 02-00-5e, 0.0.1, 0200.5e00, 02005e; and one byte as 0x02.
std::optional<std::vector<std::byte>> bytes_of(std::string_view text) {
  std::vector<std::byte> bytes;
  const auto add = [&](std::string_view digits) {
    int value = 0;
    for (const char c : digits) {
      if (hex(c) < 0) return false;
      value = value * 16 + hex(c);
    }
    bytes.push_back(static_cast<std::byte>(value));
    return true;
  };
  if (text.starts_with("0x") || text.starts_with("0X")) {
    if (text.size() < 3 || text.size() > 4 || !add(text.substr(2))) return std::nullopt;
    return bytes;
  }
  const std::size_t first = text.find_first_of(":.-");
  const char separator = first == std::string_view::npos ? '\0' : text[first];
  if (!separator && text.size() > 2 && text.size() % 2 != 0) return std::nullopt;
  while (!text.empty()) {
    std::size_t end = separator ? text.find(separator) : text.size();
    if (end == std::string_view::npos) end = text.size();
    std::string_view group = text.substr(0, end);
    if (group.empty()) return std::nullopt;
    const bool pairs = !separator || (group.size() == 4 && separator != '-');
    if (pairs && group.size() > 2) {
      for (; !group.empty(); group.remove_prefix(2))
        if (!add(group.substr(0, 2))) return std::nullopt;
    } else if (group.size() > 2 || !add(group)) {
      return std::nullopt;
    }
    if (end == text.size()) break;
    text.remove_prefix(end + 1);  // a separator at the very end is tolerated, as in 02:00:
  }
  return bytes;
}

class Reader {
 public:
  Reader(const Source& source, const Token& token, bool negative, const Wanted& wanted)
      : source_(source), token_(token), negative_(negative), wanted_(wanted) {}

  std::unique_ptr<Operand> read() const {
    if (negative_ && wanted_.kind != Kind::number && wanted_.kind != Kind::time) refuse("");
    switch (wanted_.kind) {
      case Kind::number: return number();
      case Kind::boolean: return boolean();
      case Kind::time: return time();
      case Kind::date: return date();
      case Kind::ipv4:
      case Kind::ipv6: return address();
      case Kind::mac:
      case Kind::bytes: return bytes();
      case Kind::text: return std::make_unique<Constant>(Kind::text, as_bytes(token_.content));
      case Kind::label: break;
    }
    refuse("");
  }

 private:
  bool is(Token::Kind kind) const { return token_.kind == kind; }
  [[noreturn]] void refuse(const std::string& hint) const {
    source_.fail(token_,
                 fmt::format("{} is not {}", source_.text().substr(token_.at, token_.width),
                             name(wanted_.kind)),
                 hint);
  }

  std::uint64_t unsigned_number() const {
    if (is(Token::Kind::character)) return static_cast<unsigned char>(token_.content[0]);
    if (is(Token::Kind::string)) refuse("numbers have no quotes");
    bool too_large = false;
    const auto value = integer(token_.content, too_large);
    if (!value && !too_large) refuse("");
    if (too_large || *value > wanted_.largest)
      source_.fail(token_, fmt::format("{} is too large here: the field has at most {}",
                                       token_.content, wanted_.largest));
    return *value;
  }

  std::unique_ptr<Operand> number() const {
    auto value = static_cast<std::int64_t>(unsigned_number());
    // Fields without a sign wrap, as in C and in Wireshark.
    if (negative_) value = wanted_.is_signed ? -value : -value & 0xffffffff;
    return std::make_unique<Constant>(Kind::number, value);
  }
  std::unique_ptr<Operand> boolean() const {
    const std::string& word = token_.content;
    if (is(Token::Kind::word) && (word == "True" || word == "TRUE"))
      return std::make_unique<Constant>(Kind::boolean, 1);
    if (is(Token::Kind::word) && (word == "False" || word == "FALSE"))
      return std::make_unique<Constant>(Kind::boolean, 0);
    bool too_large = false;
    if (is(Token::Kind::word) && !integer(word, too_large)) refuse("True or False, 1 or 0");
    return std::make_unique<Constant>(Kind::boolean, unsigned_number() != 0);
  }
  std::unique_ptr<Operand> time() const {
    const auto value = is(Token::Kind::word) ? seconds(token_.content) : std::nullopt;
    if (!value) refuse("seconds, such as 1.5");
    return std::make_unique<Constant>(Kind::time, negative_ ? -*value : *value);
  }
  std::unique_ptr<Operand> date() const {
    const auto value = is(Token::Kind::string) ? parse_date(token_.content) : std::nullopt;
    if (!value)
      refuse("such as \"2026-11-22 10:30:00.5\", in quotes; local time, unless Z follows");
    return std::make_unique<Constant>(Kind::date, *value);
  }

  std::unique_ptr<Operand> address() const {
    if (!is(Token::Kind::word)) refuse("addresses have no quotes");
    std::string_view text = token_.content;
    const unsigned most = wanted_.kind == Kind::ipv6 ? 128 : 32;
    unsigned prefix = most;
    if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
      const std::string_view bits = text.substr(slash + 1);
      text = text.substr(0, slash);
      const auto [end, error] = std::from_chars(bits.data(), bits.data() + bits.size(), prefix);
      if (error != std::errc{} || end != bits.data() + bits.size() || prefix > most)
        source_.fail(token_, fmt::format("/{} is no prefix length: it is 0 to {}", bits, most));
    }
    const auto parsed = IpAddress::parse(text);
    if (!parsed || parsed->is_v6() != (wanted_.kind == Kind::ipv6)) refuse("");
    auto made = std::make_unique<Constant>(wanted_.kind, parsed->octets());
    made->set_prefix(static_cast<std::uint8_t>(prefix));
    return made;
  }

  std::unique_ptr<Operand> bytes() const {
    const bool six = wanted_.kind == Kind::mac && wanted_.exact;
    if (!is(Token::Kind::word)) {
      if (six) refuse("such as 02:00:5e:00:53:01");
      return std::make_unique<Constant>(Kind::bytes, as_bytes(token_.content));
    }
    const auto read = bytes_of(token_.content);
    if (!read || (six && read->size() != 6))
      refuse(six ? "such as 02:00:5e:00:53:01"
                 : "bytes are hex digits, such as 47:45:54; texts have double quotes");
    return std::make_unique<Constant>(wanted_.kind, Bytes(*read));
  }

  const Source& source_;
  const Token& token_;
  bool negative_;
  const Wanted& wanted_;
};

}  // namespace

std::unique_ptr<Operand> literal(const Source& source, const Token& token, bool negative,
                                 const Wanted& wanted) {
  return Reader(source, token, negative, wanted).read();
}

}  // namespace tracer::filter
