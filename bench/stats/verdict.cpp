#include "bench/stats/verdict.hpp"

#include <fmt/format.h>

#include <cmath>

namespace bench {

Outcome judge(const RatioEstimate& estimate) {
  const bool crosses = estimate.interval.low <= 1 && estimate.interval.high >= 1;
  if (crosses || std::abs(estimate.ratio - 1) < smallest_difference) return Outcome::no_difference;
  return estimate.ratio < 1 ? Outcome::less : Outcome::more;
}

std::string verdict_sentence(const RatioEstimate& estimate, std::string_view first,
                             std::string_view second) {
  const auto& [low, high] = estimate.interval;
  const double by = 100 * std::abs(estimate.ratio - 1);
  const bool vague = high - low > 0.2;  // one number would claim too much
  switch (judge(estimate)) {
    case Outcome::no_difference:
      return fmt::format("{} and {}: no difference detected", first, second);
    case Outcome::less:
      if (vague)
        return fmt::format("{} took less time than {}, by {:.0f} to {:.0f} %", second, first,
                           100 * (1 - high), 100 * (1 - low));
      return fmt::format("{} took {:.0f} % less time than {}", second, by, first);
    case Outcome::more: break;
  }
  if (low >= 2)
    return fmt::format("{} took {:.1f} times as long as {}", second, estimate.ratio, first);
  if (vague)
    return fmt::format("{} took more time than {}, by {:.0f} to {:.0f} %", second, first,
                       100 * (low - 1), 100 * (high - 1));
  return fmt::format("{} took {:.0f} % more time than {}", second, by, first);
}

std::string rate_sentence(const RatioEstimate& estimate, std::string_view first,
                          std::string_view second) {
  const auto& [low, high] = estimate.interval;
  const Outcome outcome = judge(estimate);
  if (outcome == Outcome::no_difference)
    return fmt::format("{} and {}: no difference detected", first, second);
  if (low >= 2)
    return fmt::format("{} answered {:.1f} times as many requests a second as {}", second,
                       estimate.ratio, first);
  const bool more = outcome == Outcome::more;
  const std::string by = high - low <= 0.2
                             ? fmt::format("{:.0f} %", 100 * std::abs(estimate.ratio - 1))
                             : fmt::format("{:.0f} to {:.0f} %", 100 * (more ? low - 1 : 1 - high),
                                           100 * (more ? high - 1 : 1 - low));
  return fmt::format("{} answered {} {} requests a second than {}", second, by,
                     more ? "more" : "fewer", first);
}

}  // namespace bench
