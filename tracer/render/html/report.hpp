#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tracer/diagram/ladder.hpp"
#include "tracer/render/text.hpp"

namespace tracer {

/// A sentence at the top of a report.
struct Verdict {
  enum class Tone : std::uint8_t { note, good, bad };
  Tone tone = Tone::note;
  std::string text;
};

/// What a report is made of.
struct Report {
  const FrameStore& frames;
  const std::vector<Ladder>& ladders;  // shown in this order; the first is open
  const std::string& capture;          // a pcapng file with the frames of all rows
  const std::vector<std::uint32_t>&
      blocks;  // frame in the store -> its packet block in `capture`, from 0
  std::string title;
  std::vector<Verdict> verdicts;  // before those that the ladders give by themselves
  std::vector<std::pair<std::string, std::string>> provenance;  // "command" -> "tracer -r …"
  TextStyle style;                                              // its notation
  std::vector<bool>
      whole;  // has a ladder all its rows? else nothing is concluded from what is not there
};

/// Rows that a page shows at a time, and in all; more make browsers slow.
inline constexpr std::size_t report_window = 2000, report_rows = 20'000;

/// One HTML file that needs nothing else: verdicts, ladder, packets field by field beside their
/// bytes, plots, states, streams, explanation, data to take away, provenance.
///
/// It makes no request; a Content-Security-Policy names its one script and its one style sheet by
/// their hashes and forbids all else. Whatever comes from packets is text: escaped in markup, and
/// in JSON without `<`. Without scripts it is a ladder and a table.
std::string html_report(const Report& report);

}  // namespace tracer
