#pragma once

#include "tracer/render/text.hpp"

namespace cli {

/// Says what this machine can do for the labs, one line a capability, and the exact remedy for what
/// it cannot. Returns 0 if labs run here, 4 if not.
int doctor(const tracer::TextStyle& style);

}  // namespace cli
