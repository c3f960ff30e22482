#pragma once

#include <string>
#include <vector>

#include "labs/cli/lab_run.hpp"
#include "labs/testbed/testbed.hpp"
#include "tracer/cli/report.hpp"
#include "tracer/tracking/passages.hpp"

namespace cli {

/// Where a run's frames were captured: the client's interface, the server's.
const std::vector<tracer::Vantage>& host_interfaces();

/// A run as the tracer sees it.
struct DrawnRun {
  tracer::Passages passages;
  std::vector<tracer::Ladder> ladders;
};
/// Moves clocks where it must; `two_ended` false: on plain loopback, where hosts have no names.
/// `unfinished`: what has not arrived and was not dropped is under way, not lost.
DrawnRun draw_run(testbed::RunResult& result, bool two_ended, bool unfinished = false);

/// The HTML report of a run: whether it is complete, how the programs ended, what was run and with
/// which wire and seed.
tracer::MadeReport lab_report(const RunRequest& request, const grader::LabFile& lab,
                              const testbed::RunSpec& spec, const std::string& wire,
                              const testbed::RunResult& result, const DrawnRun& drawn);

}  // namespace cli
