#pragma once

#include <string>
#include <utility>
#include <vector>

namespace bench {

/// The machine that the figures are from: kernel, CPU, cores, governor, load, wire, in that order.
std::vector<std::pair<std::string, std::string>> machine_context(const std::string& wire);

/// What makes figures from this machine doubtful, now: load, a governor that saves power. A short
/// line each.
std::vector<std::string> machine_cautions();

/// From now on this process, and whatever it starts, runs on one processor. Where the scheduler puts
/// the two ends, and how deep the other processor sleeps, doubles a round trip by chance: that
/// would hide small differences between programs. The last processor, since interrupts go to the
/// first (sched_setaffinity(2)). Says so where it is not possible.
void stay_on_one_processor();

}  // namespace bench
