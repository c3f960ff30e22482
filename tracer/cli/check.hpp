#pragma once

#include <span>
#include <string>
#include <vector>

#include "tracer/cli/check_rules.hpp"
#include "tracer/diagram/ladder.hpp"

namespace tracer {

/// Holds the capture against the rules and appends a line each to `text`:
///
///     ok    line 1: some tcp.flags.syn == 1
///     FAIL  line 2: never tcp.analysis.retransmission
///           wanted none, saw 1: packet 25
///
/// A packet seen at two ends counts once. Returns whether all rules hold.
bool check_capture(std::span<const CheckRule> rules, const FrameStore& frames,
                   const Passages& passages, const std::vector<Ladder>& ladders, std::string& text);

}  // namespace tracer
