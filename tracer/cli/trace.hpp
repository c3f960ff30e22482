#pragma once

#include "tracer/cli/options.hpp"

namespace tracer {

/// Does what the options say and returns the exit code; throws Failure.
int trace(const Options& options);

}  // namespace tracer
