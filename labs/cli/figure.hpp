#pragma once

#include <string>
#include <vector>

#include "labs/grader/lab_file.hpp"
#include "tracer/diagram/ladder.hpp"

namespace cli {

/// What a figure shows, and how to make it again. It goes into the figure.
struct FigureRun {
  std::string lab, scenario, about, wire;
  std::uint64_t seed;
  bool ipv6;
};

/// Writes the busiest of the ladders to LAB/figures/NAME.svg, where READMEs take it from: the same
/// file is light or dark as the reader prefers. Its metadata has the run and the outline of what was
/// seen, so that a test can tell when a fresh run no longer looks like it. Returns the path; throws
/// tracer::Failure.
std::string write_figure(const std::string& name, const grader::LabFile& lab, const FigureRun& run,
                         const std::vector<tracer::Ladder>& ladders);

}  // namespace cli
