#include "tracer/cli/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tracer/cli/annotate.hpp"

namespace tracer {
namespace {

constexpr std::size_t most_ladders = 12;      // in one page
constexpr std::size_t most_bytes = 64 << 20;  // of frames that a page holds

/// The busiest first, and of those what a page bears.
class Choice {
 public:
  Choice(const FrameStore& frames, const std::vector<Ladder>& ladders) : shown(frames.size()) {
    std::vector<const Ladder*> busiest;
    for (const Ladder& one : ladders) busiest.push_back(&one);
    std::stable_sort(busiest.begin(), busiest.end(), [](const Ladder* a, const Ladder* b) {
      return a->rows.size() > b->rows.size();
    });
    for (const Ladder* one : busiest) {
      if (chosen.size() == most_ladders || rows_ == report_rows) break;
      take(frames, *one);
    }
    if (chosen.size() < ladders.size())
      remarks.push_back(
          fmt::format("Of {} conversations the {} busiest are here; -T summary lists all, and a "
                      "filter (-Y) picks others.",
                      ladders.size(), chosen.size()));
  }

  std::vector<Ladder> chosen;
  std::vector<bool> shown;       // frames
  std::vector<bool> whole_rows;  // ladders that are all here
  std::vector<std::string> remarks;

 private:
  void take(const FrameStore& frames, const Ladder& whole) {
    Ladder part = whole;
    part.rows.clear();
    for (const Row& row : whole.rows) {
      if (rows_ == report_rows || bytes_ > most_bytes) break;
      ++rows_;
      for (const std::uint32_t frame : {row.departure, row.arrival}) {
        if (frame == Passage::none) continue;
        shown[frame] = true;
        bytes_ += frames[frame].bytes.size();
      }
      part.rows.push_back(row);
    }
    if (part.rows.size() < whole.rows.size())
      remarks.push_back(fmt::format(
          "This conversation has {} packets, more than a page bears: the first {} are here. Choose "
          "a part of it with a filter, such as -Y 'frame.number in {{{}..{}}}'.",
          whole.rows.size(), part.rows.size(), part.rows.size() + 1, 2 * part.rows.size()));
    whole_rows.push_back(part.rows.size() == whole.rows.size());
    if (part.rows.empty()) whole_rows.pop_back();
    if (!part.rows.empty()) chosen.push_back(std::move(part));
  }

  std::size_t rows_ = 0, bytes_ = 0;
};

std::string who(const Ladder& ladder, std::size_t lane) {
  return ladder.names[lane].empty() ? ladder.ends[lane].text() : ladder.names[lane];
}

}  // namespace

MadeReport make_report(const FrameStore& frames, const Passages& passages,
                       const std::vector<Ladder>& ladders, const std::vector<Vantage>& vantages,
                       const ReportWords& words, const TextStyle& style) {
  const Choice choice(frames, ladders);
  std::string capture;
  const Selection selection(choice.shown);
  PcapngWriter writer(&capture, words.application);
  const auto blocks =
      write_annotated(writer, frames, passages, choice.chosen, vantages, &selection);

  Report report{frames,         choice.chosen,    capture, blocks,           words.title,
                words.verdicts, words.provenance, style,   choice.whole_rows};
  if (words.filtered) report.whole.assign(report.whole.size(), false);
  if (report.title.empty())
    report.title = choice.chosen.empty()
                       ? "No packets"
                       : who(choice.chosen[0], 0) + " and " + who(choice.chosen[0], 1);
  std::string remark;
  if (words.filtered)
    report.verdicts.push_back(
        {Verdict::Tone::note, "Only the packets that a display filter selects are here."});
  for (const std::string& one : choice.remarks) {
    report.verdicts.push_back({Verdict::Tone::bad, one});
    remark.append(remark.empty() ? "" : "\n").append(one);
  }
  return {html_report(report), remark};
}

}  // namespace tracer
