#pragma once

#include <vector>

#include "tracer/cli/options.hpp"
#include "tracer/cli/output.hpp"
#include "tracer/cli/reader.hpp"

namespace tracer {

/// Does the format look ahead, or does the input have two ends that must be brought together?
/// Throws Failure as open_capture() does.
bool needs_whole(const Options& options);

/// Reads all that the readers give, one a file, and draws, tells or checks it as the options say.
/// Two files are the two ends of one wire. `writer` may be null: -w. Returns the exit code; throws
/// Failure.
int trace_whole(const Options& options, std::vector<Reader>& readers, PcapngWriter* writer,
                Output& out);

}  // namespace tracer
