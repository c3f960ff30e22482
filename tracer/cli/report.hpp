#pragma once

#include <string>
#include <utility>
#include <vector>

#include "tracer/bytes/frame_store.hpp"
#include "tracer/capture/source.hpp"
#include "tracer/diagram/ladder.hpp"
#include "tracer/render/html/report.hpp"
#include "tracer/tracking/passages.hpp"

namespace tracer {

/// What a report says besides what was captured.
struct ReportWords {
  std::string title;        // empty: who talks to whom
  std::string application;  // that wrote it, with its version
  std::vector<Verdict> verdicts;
  bool filtered = false;  // rows are missing because a display filter left them out
  std::vector<std::pair<std::string, std::string>> provenance;
};

struct MadeReport {
  std::string html;
  std::string remark;  // what was left out and how to see it; empty if nothing was
};

/// The HTML report of what was captured: the busiest conversations, as many packets as a page bears
/// (report_rows). Says in the page too what it leaves out.
MadeReport make_report(const FrameStore& frames, const Passages& passages,
                       const std::vector<Ladder>& ladders, const std::vector<Vantage>& vantages,
                       const ReportWords& words, const TextStyle& style);

}  // namespace tracer
