#pragma once

#include <string>
#include <vector>

#include "labs/cli/paths.hpp"
#include "tracer/render/text.hpp"

namespace cli {

struct DevCheck {
  std::vector<std::string> labs;  // empty: all
  std::string only;               // "starters", "references" or "wrong"; empty: all three
  unsigned seeds = 3;             // 1 to this one
  unsigned jobs = 0;              // at a time; 0: two a processor
};

/// wirelab dev check: every starter fails, every reference passes, every wrong solution fails by its
/// rule. A line each; ends on "N passed, N failed". Returns 0 or 1.
int dev_check(const Paths& paths, const DevCheck& request, const tracer::TextStyle& style);

}  // namespace cli
