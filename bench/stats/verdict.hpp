#pragma once

#include <string>
#include <string_view>

#include "bench/stats/bootstrap.hpp"

namespace bench {

/// Differences below this are not worth a sentence, even where they can be told from noise.
inline constexpr double smallest_difference = 0.02;

enum class Outcome : std::uint8_t {
  no_difference,  // the interval holds 1, or the difference is under 2 %
  less,           // the second takes less time than the first
  more,
};

Outcome judge(const RatioEstimate& estimate);

/// The verdict for people: "UDP took 11 % less time than TCP" or
/// "TCP and UDP: no difference detected".
std::string verdict_sentence(const RatioEstimate& estimate, std::string_view first,
                             std::string_view second);

/// The same where the ratio is one of rates, and more is better: "reactor answered 14 % more requests
/// a second than nginx".
std::string rate_sentence(const RatioEstimate& estimate, std::string_view first,
                          std::string_view second);

}  // namespace bench
