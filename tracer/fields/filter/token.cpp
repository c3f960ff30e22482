#include "tracer/fields/filter/token.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "tracer/bytes/failure.hpp"

namespace tracer::filter {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == ':' || c == '-' || c == '/' || static_cast<unsigned char>(c) >= 0x80;
}

// Longer ones first.
constexpr std::array<std::string_view, 27> signs{
    "===", "!==", "==", "!=", "~=", "<=", ">=", "&&", "||", "..", "<", ">", "!", "~",
    "(",   ")",   "{",  "}",  ",",  "&",  "+",  "-",  "*",  "/",  "%", "#", "$"};

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

void append_utf8(std::string& out, std::uint32_t point) {
  const auto byte = [&](std::uint32_t b) { out += static_cast<char>(b); };
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xc0 | point >> 6);
    byte(0x80 | (point & 63));
  } else if (point < 0x10000) {
    byte(0xe0 | point >> 12);
    byte(0x80 | (point >> 6 & 63));
    byte(0x80 | (point & 63));
  } else {
    byte(0xf0 | point >> 18);
    byte(0x80 | (point >> 12 & 63));
    byte(0x80 | (point >> 6 & 63));
    byte(0x80 | (point & 63));
  }
}

class Cutter {
 public:
  explicit Cutter(const Source& source) : source_(source), text_(source.text()) {}

  std::vector<Token> all() {
    for (;;) {
      while (at_ < text_.size() &&
             (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r'))
        ++at_;
      if (at_ >= text_.size()) break;
      one();
    }
    add(Token::Kind::end, text_.size(), "");
    return std::move(found_);
  }

 private:
  void add(Token::Kind kind, std::size_t from, std::string content) {
    found_.push_back({kind, from, std::max<std::size_t>(1, at_ - from), std::move(content)});
  }

  void one() {
    const std::size_t from = at_;
    const char c = text_[at_];
    if (c == '"') return quoted(from, false);
    if (c == 'r' && at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
      ++at_;
      return quoted(from, true);
    }
    if (c == '\'') return character(from);
    if (c == '[') {
      const std::size_t close = text_.find(']', at_);
      if (close == std::string_view::npos) source_.fail(from, 1, "the [ is not closed");
      at_ = close + 1;
      return add(Token::Kind::slice, from, std::string(text_.substr(from + 1, close - from - 1)));
    }
    // A minus in front is a sign of its own; inside, as in 02-00-5e, it belongs to the word.
    if (is_word(c) && c != '-' && c != '/' && !text_.substr(at_).starts_with("..")) {
      while (at_ < text_.size() && is_word(text_[at_]) && !text_.substr(at_).starts_with(".."))
        ++at_;
      return add(Token::Kind::word, from, std::string(text_.substr(from, at_ - from)));
    }
    for (const std::string_view sign : signs)
      if (text_.substr(at_).starts_with(sign)) {
        at_ += sign.size();
        return add(Token::Kind::sign, from, std::string(sign));
      }
    source_.fail(from, 1, fmt::format("'{}' means nothing here", c < ' ' || c == 0x7f ? '?' : c),
                 c == '='   ? "equality is =="
                 : c == '|' ? "or is ||"
                            : "");
  }

  void quoted(std::size_t from, bool raw) {
    std::string content;
    ++at_;
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] != '\\') {
        content += text_[at_++];
      } else if (raw) {
        content += text_[at_++];
        if (at_ < text_.size()) content += text_[at_++];
      } else {
        escape(content);
      }
    }
    if (at_ >= text_.size()) source_.fail(from, at_ - from, "the closing quote is missing");
    ++at_;
    add(Token::Kind::string, from, std::move(content));
  }

  void character(std::size_t from) {
    std::string content;
    ++at_;
    if (at_ < text_.size() && text_[at_] == '\\')
      escape(content);
    else if (at_ < text_.size())
      content += text_[at_++];
    if (at_ >= text_.size() || text_[at_] != '\'' || content.size() != 1 || content == "'")
      source_.fail(from, std::min(at_ + 1, text_.size()) - from,
                   "a character is one byte between single quotes", "texts have double quotes");
    ++at_;
    add(Token::Kind::character, from, std::move(content));
  }

  void escape(std::string& content) {
    const std::size_t from = at_++;
    const char c = at_ < text_.size() ? text_[at_] : '\0';
    const auto number = [&](std::size_t most, int base, std::size_t least) {
      std::uint32_t value = 0;
      std::size_t count = 0;
      for (; count < most && at_ < text_.size() && digit(text_[at_]) < base; ++count, ++at_)
        value = value * static_cast<std::uint32_t>(base) +
                static_cast<std::uint32_t>(digit(text_[at_]));
      if (count < least) source_.fail(from, at_ - from, "an escape that lacks digits");
      return value;
    };
    if (c >= '0' && c <= '7') {
      content += static_cast<char>(number(3, 8, 1));
      return;
    }
    ++at_;
    switch (c) {
      case 'x': content += static_cast<char>(number(2, 16, 1)); return;
      case 'u':
      case 'U': {
        const std::uint32_t point = number(c == 'u' ? 4 : 8, 16, c == 'u' ? 4 : 8);
        if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000))
          source_.fail(from, at_ - from, "not a Unicode code point");
        append_utf8(content, point);
        return;
      }
      case 'a': content += '\a'; return;
      case 'b': content += '\b'; return;
      case 'f': content += '\f'; return;
      case 'n': content += '\n'; return;
      case 'r': content += '\r'; return;
      case 't': content += '\t'; return;
      case 'v': content += '\v'; return;
      case '\\':
      case '\'':
      case '"': content += c; return;
      default:
        source_.fail(from, 2, "no such escape", "a backslash itself is \\\\, or write r\"…\"");
    }
  }

  const Source& source_;
  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> found_;
};

}  // namespace

void Source::fail(std::size_t at, std::size_t width, const std::string& why,
                  const std::string& hint) const {
  // Columns, not bytes; and whatever would move the cursor is shown as a space.
  const auto columns = [this](std::size_t from, std::size_t to) {
    return static_cast<std::size_t>(
        std::count_if(text_.begin() + static_cast<std::ptrdiff_t>(from),
                      text_.begin() + static_cast<std::ptrdiff_t>(to),
                      [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
  };
  at = std::min(at, text_.size());
  const std::size_t end = std::min(at + width, text_.size());
  std::string shown(text_);
  std::replace_if(
      shown.begin(), shown.end(),
      [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; }, ' ');
  throw Failure(
      exit_code::usage,
      fmt::format("display filter: {}\n  {}\n  {}^{}", why, shown, std::string(columns(0, at), ' '),
                  std::string(std::max<std::size_t>(1, columns(at, end)) - 1, '~')),
      hint.empty() ? "wireshark-filter(4) has the language; tracer --fields lists the fields"
                   : hint);
}

std::vector<Token> tokens(const Source& source) { return Cutter(source).all(); }

}  // namespace tracer::filter
