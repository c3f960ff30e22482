// SMTP lines read in place (RFC 5321 §4).
#pragma once

#include "tracer/wire/text_lines.hpp"

namespace tracer {

/// A command is four letters; what follows starts one place after them. Longer commands (STARTTLS)
/// are cut the same way, as Wireshark does.
struct SmtpCommand {
  Bytes command, parameter;
  static SmtpCommand parse(Bytes line) {
    if (line.size() < 4) return {line, {}};
    return {line.first(4), slice(line, 5)};
  }
};

/// "250 OK", "250-more follows". `code` is empty if the line has none.
struct SmtpReply {
  Bytes code, text;
  bool last = true;
  static SmtpReply parse(Bytes line) {
    const std::string_view text = as_text(line);
    if (text.size() < 3 || !is_digit(text[0]) || !is_digit(text[1]) || !is_digit(text[2]))
      return {{}, line, true};
    return {line.first(3), slice(line, 4), text.size() < 4 || text[3] != '-'};
  }
};

}  // namespace tracer
