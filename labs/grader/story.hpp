// A run retold: the numbered steps, and the part of the ladder around a place.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "labs/grader/result.hpp"
#include "labs/grader/trace.hpp"

namespace grader {

/// What happened, a step a line: "client sends 16384 bytes, #4 to #15". Packets that say nothing new, such as
/// plain ACKs, are no steps; a run of data is one.
std::vector<Step> steps_of(const Trace& trace);

/// The rows of the ladder around these packets, for 80 columns; empty without packets. Where they lie in
/// several connections, of the first two.
std::string excerpt(const Trace& trace, const std::vector<std::uint32_t>& packets);

}  // namespace grader
