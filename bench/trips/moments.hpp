#pragma once

#include <vector>

#include "bench/trips/rounds.hpp"

namespace bench {

/// The exchanges worth looking at one by one: nearest to the median, nearest to p99 (if that many
/// samples support it), the worst, and the first that was lost. Empty unless trips were kept.
std::vector<Moment> telling_moments(const std::vector<Round>& rounds);

}  // namespace bench
