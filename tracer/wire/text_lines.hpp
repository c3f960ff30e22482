// Lines of the text protocols: HTTP, FTP, SMTP.
#pragma once

#include <optional>

#include "tracer/bytes/bytes.hpp"

namespace tracer {

/// One line. `text` is without its end, which is LF or CR LF; `whole` is with it.
struct TextLine {
  Bytes text, whole;
  bool ended;  // false: the bytes stop before the line does
};

/// The first line of `bytes`; none if there are no bytes.
inline std::optional<TextLine> first_line(Bytes bytes) {
  if (bytes.empty()) return std::nullopt;
  const std::size_t end = as_text(bytes).find('\n');
  if (end == std::string_view::npos) return TextLine{bytes, bytes, false};
  const bool return_before = end > 0 && bytes[end - 1] == std::byte{'\r'};
  return TextLine{bytes.first(return_before ? end - 1 : end), bytes.first(end + 1), true};
}

inline constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Compares without regard to the case of ASCII letters.
inline bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (lower(a[i]) != lower(b[i])) return false;
  return true;
}
inline bool starts_with_word(std::string_view text, std::string_view word) {
  return text.size() >= word.size() && same_word(text.substr(0, word.size()), word);
}

/// Without the blanks in front; those at the end are kept, as Wireshark does.
inline Bytes without_indent(Bytes text) {
  const auto blank = [](std::byte b) { return b == std::byte{' '} || b == std::byte{'\t'}; };
  while (!text.empty() && blank(text.front())) text = text.subspan(1);
  return text;
}

}  // namespace tracer
