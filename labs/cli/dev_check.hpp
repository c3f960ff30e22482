#pragma once

#include <string>
#include <vector>

#include "labs/cli/paths.hpp"
#include "tracer/render/text.hpp"

namespace cli {

/// wirelab dev check: every starter fails, every reference passes, every wrong solution fails by its rule, with
/// the seeds 1 to `seeds`, `jobs` at a time (0: two a processor). A line each; ends on "N passed, N failed". Returns 0 or 1.
int dev_check(const Paths& paths, const std::vector<std::string>& labs, unsigned seeds,
              unsigned jobs, const tracer::TextStyle& style);

}  // namespace cli
