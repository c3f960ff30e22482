// Characters in a terminal: how wide they are, and which may not go there.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace tracer {

/// Text from a packet or a file name, made safe for a terminal and one line: control characters,
/// bidirectional overrides and broken UTF-8 become `·` (`.` in ASCII).
std::string printable(std::string_view text, bool ascii = false);

/// Columns that valid UTF-8 takes, by code point; what we draw and printable() makes is narrow.
std::size_t width(std::string_view text);

/// At most `columns`, the last replaced by `…` if anything was cut.
std::string clipped(std::string_view text, std::size_t columns, bool ascii = false);

/// Padded with spaces to `columns`.
std::string left(std::string_view text, std::size_t columns);
std::string right(std::string_view text, std::size_t columns);

/// What a stretch of text means; colour only repeats what the words say.
enum class Role { plain, faint, heading, lost, repeated, warning, good };

/// How to write for this reader.
struct TextStyle {
  std::size_t width = 80;
  bool color = false;
  bool ascii = false;
  enum class Notation { wireshark, stevens, rfc9293 } notation = Notation::wireshark;

  std::string paint(std::string_view text, Role role) const;
};

}  // namespace tracer
