#pragma once

#include <string>

#include "labs/cli/paths.hpp"
#include "tracer/render/text.hpp"

namespace cli {

/// The tour: a lost TCP segment, a lost datagram, and which of the two protocols answers sooner.
/// Leaves the captures under `out`. Returns an exit code.
int demo(const Paths& paths, const std::string& out, const tracer::TextStyle& style);

}  // namespace cli
