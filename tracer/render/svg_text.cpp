#include "tracer/render/svg_text.hpp"

#include <fmt/format.h>

#include "tracer/render/text.hpp"

namespace tracer {

std::string svg_text(std::string_view text) {
  std::string out;
  for (const char c : printable(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
  return out;
}

std::string svg_number(double value) {
  std::string text = fmt::format("{:.1f}", value);
  if (text.ends_with(".0")) text.resize(text.size() - 2);
  return text == "-0" ? "0" : text;
}

double svg_text_width(std::string_view text) {
  return static_cast<double>(width(text)) * svg_column;
}

}  // namespace tracer
