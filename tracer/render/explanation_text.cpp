#include "tracer/render/explanation_text.hpp"

#include <algorithm>
#include <optional>

namespace tracer {
namespace {

constexpr std::size_t indent = 2;

/// Words on lines of so many columns; later lines a little deeper than the first.
void append_wrapped(std::string& out, const std::string& text, std::size_t columns) {
  std::string line(indent, ' ');
  bool empty = true;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    if (!empty && width(line) + 1 + width(word) > columns) {
      out += line + "\n";
      line = std::string(indent + 2, ' ') + word;
    } else {
      line += (empty ? "" : " ") + word;
    }
    empty = false;
    at = end + 1;
  }
  out += line + "\n";
}

/// "µ" and "§" have no place in ASCII.
std::string plain(std::string text) {
  for (const auto& [from, to] : {std::pair{"§", "section "}, {"µ", "u"}})
    for (std::size_t at; (at = text.find(from)) != std::string::npos;) text.replace(at, 2, to);
  return printable(text, true);
}

}  // namespace

std::string explanation_text(const std::vector<Sentence>& sentences, const TextStyle& style) {
  std::string out;
  std::optional<Sentence::Part> part;
  for (const Sentence& one : sentences) {
    if (part != one.part) {
      if (one.part != Sentence::Part::setting)
        out += style.paint(name(one.part), Role::heading) + "\n";
      part = one.part;
    }
    const std::string text = one.text + (one.source.empty() ? "" : " (" + one.source + ")");
    append_wrapped(out, style.ascii ? plain(text) : printable(text),
                   std::max<std::size_t>(style.width, 30));
  }
  return out;
}

}  // namespace tracer
