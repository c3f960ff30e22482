#pragma once

#include <string>

#include "labs/cli/paths.hpp"
#include "tracer/render/text.hpp"

namespace cli {

/// Runs what decides each myth of a lab, or of all labs, on this machine, and prints claim, verdict and what was
/// measured. Returns 0 if all came out as their labs say, 1 if one did not, 2 if one could not be decided.
int myths(const Paths& paths, const std::string& lab, const tracer::TextStyle& style);

}  // namespace cli
