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

}  // namespace bench
