#include "tracer/cli/picture.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tracer/bytes/failure.hpp"
#include "tracer/render/documents.hpp"
#include "tracer/render/explanation_text.hpp"
#include "tracer/render/svg_ladder.hpp"
#include "tracer/render/svg_time_sequence.hpp"
#include "tracer/render/terminal_ladder.hpp"

namespace tracer {
namespace {

constexpr std::size_t folds_from_rows = 100;  // below that a drawing shows every packet
constexpr std::size_t fold_from = 6;
constexpr std::size_t most_told = 12;  // conversations one after the other

void draw(std::string& out, Options::Format format, const Ladder& ladder, const TextStyle& style) {
  switch (format) {
    case Options::Format::svg:
      append_svg_ladder(
          out, ladder,
          {.style = style, .fold_from = ladder.rows.size() > folds_from_rows ? fold_from : 0});
      break;
    case Options::Format::timeseq: append_svg_time_sequence(out, ladder, {.style = style}); break;
    case Options::Format::mermaid: out += mermaid(ladder, style); break;
    case Options::Format::plantuml: out += plantuml(ladder, style); break;
    default: break;
  }
}

void tell(std::string& out, const Ladder& ladder, const FrameStore& frames, const TextStyle& style,
          bool with_title) {
  if (with_title) out.append(out.empty() ? "" : "\n").append(ladder_title(ladder, style));
  out += explanation_text(explain(ladder, frames), style);
}

}  // namespace

bool is_picture(Options::Format format) {
  using Format = Options::Format;
  return format == Format::svg || format == Format::timeseq || format == Format::explain ||
         format == Format::mermaid || format == Format::plantuml;
}

std::string append_picture(std::string& out, Options::Format format,
                           const std::vector<Ladder>& ladders, const FrameStore& frames,
                           const TextStyle& style) {
  if (ladders.empty())
    throw Failure(exit_code::failed,
                  "nothing to draw: no packet was read, or none passed the filter");
  const auto busiest = std::max_element(
      ladders.begin(), ladders.end(),
      [](const Ladder& a, const Ladder& b) { return a.rows.size() < b.rows.size(); });
  if (format == Options::Format::explain && ladders.size() <= most_told) {
    for (const Ladder& one : ladders) tell(out, one, frames, style, ladders.size() > 1);
    return {};
  }
  if (format == Options::Format::explain)
    tell(out, *busiest, frames, style, true);
  else
    draw(out, format, *busiest, style);
  if (ladders.size() == 1) return {};
  return fmt::format(
      "{} conversations: the busiest is shown, {} and {}; -T summary lists them, -Y picks another",
      ladders.size(), busiest->ends[0].text(), busiest->ends[1].text());
}

}  // namespace tracer
