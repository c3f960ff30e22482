#include "tracer/render/text.hpp"

#include <algorithm>
#include <cstdint>

namespace tracer {
namespace {

/// The code point at `at` and its bytes; 0 bytes if it is not valid UTF-8.
struct CodePoint {
  std::uint32_t value;
  std::size_t bytes;
};
CodePoint code_point(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return {first, 1};
  const std::size_t bytes = first >= 0xf0 && first < 0xf5 ? 4
                            : first >= 0xe0               ? 3
                            : first >= 0xc2               ? 2
                                                          : 0;
  if (bytes == 0 || first >= 0xf5 || at + bytes > text.size()) return {0, 0};
  std::uint32_t value = first & (0xffu >> (bytes + 1));
  for (std::size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {0, 0};
    value = value << 6 | (byte(i) & 0x3f);
  }
  if ((bytes == 3 && value < 0x800) || (bytes == 4 && value < 0x10000)) return {0, 0};
  return {value, bytes};
}

bool harmless(std::uint32_t c) {
  if (c < 0x20 || (c >= 0x7f && c < 0xa0)) return false;  // C0, DEL, C1
  if (c >= 0x200b && c <= 0x200f) return false;           // zero width, direction marks
  if (c >= 0x2028 && c <= 0x202e) return false;           // line separators, overrides
  if (c >= 0x2060 && c <= 0x206f) return false;           // isolates, invisible operators
  if (c == 0xfeff || (c >= 0xfff0 && c <= 0xfffb)) return false;
  if (c >= 0xd800 && c <= 0xdfff) return false;
  if (c >= 0x300 && c <= 0x36f) return false;  // marks that pile up on their neighbour
  if (c >= 0x1100) {                           // what may take two columns
    const bool known_narrow =
        (c >= 0x1e00 && c < 0x2329) || (c >= 0x2500 && c < 0x2600) || c == 0x2717 || c == 0x22ee;
    return known_narrow;
  }
  return true;
}

}  // namespace

std::string printable(std::string_view text, bool ascii) {
  if (std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f; }))
    return std::string(text);  // nearly always
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint one = code_point(text, at);
    if (one.bytes == 0 || !harmless(one.value) || (ascii && one.value > 0x7e)) {
      out += ascii ? "." : "·";
      at += one.bytes ? one.bytes : 1;
    } else {
      out += text.substr(at, one.bytes);
      at += one.bytes;
    }
  }
  return out;
}

std::size_t width(std::string_view text) {
  std::size_t columns = 0;
  for (const char c : text) columns += (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  return columns;
}

std::string clipped(std::string_view text, std::size_t columns, bool ascii) {
  if (width(text) <= columns) return std::string(text);
  const std::size_t mark = ascii ? 2 : 1;
  if (columns < mark) return {};
  std::size_t at = 0;
  for (std::size_t used = 0; used < columns - mark; ++used) {
    ++at;
    while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80) ++at;
  }
  return std::string(text.substr(0, at)) + (ascii ? ".." : "…");
}

std::string left(std::string_view text, std::size_t columns) {
  const std::size_t used = width(text);
  return std::string(text) + std::string(used < columns ? columns - used : 0, ' ');
}
std::string right(std::string_view text, std::size_t columns) {
  const std::size_t used = width(text);
  return std::string(used < columns ? columns - used : 0, ' ') + std::string(text);
}

std::string TextStyle::paint(std::string_view text, Role role) const {
  if (!color || role == Role::plain || text.empty()) return std::string(text);
  const char* code = "";
  switch (role) {
    case Role::plain: break;
    case Role::faint: code = "2"; break;
    case Role::heading: code = "1"; break;
    case Role::lost: code = "1;31"; break;
    case Role::repeated: code = "33"; break;
    case Role::warning: code = "35"; break;
    case Role::good: code = "32"; break;
  }
  return std::string("\x1b[") + code + "m" + std::string(text) + "\x1b[0m";
}

}  // namespace tracer
