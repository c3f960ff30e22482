#pragma once

#include <string>

#include "bench/report/report.hpp"

namespace bench {

/// The report as one file that opens from disk and asks for nothing: for each question the verdicts,
/// the table, the distribution (logarithmic time), the percentiles, the medians over the rounds,
/// and, where sizes differ, size against time. No script; dark mode, print, a table of every figure.
std::string report_html(const Report& report);

}  // namespace bench
