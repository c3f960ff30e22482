#include "bench/trips/moments.hpp"

#include <algorithm>
#include <cmath>

namespace bench {

std::vector<Moment> telling_moments(const std::vector<Round>& rounds) {
  std::vector<const TimedTrip*> answered;
  const TimedTrip* lost = nullptr;
  Histogram times;
  for (const Round& round : rounds) {
    times.merge(round.times);
    for (const TimedTrip& trip : round.trips) {
      if (!trip.lost)
        answered.push_back(&trip);
      else if (!lost)
        lost = &trip;
    }
  }
  std::vector<Moment> moments;
  const auto nearest = [&](const char* name, double quantile) {
    const auto distance = [&](const TimedTrip* trip) {
      return std::abs(static_cast<double>(trip->took.count()) - quantile);
    };
    const auto found = std::ranges::min_element(answered, {}, distance);
    moments.push_back({name, **found});
  };
  if (!answered.empty()) {
    nearest("median", times.median());
    if (times.supports(0.99)) nearest("p99", times.quantile(0.99));
    moments.push_back({"worst", **std::ranges::max_element(answered, {}, &TimedTrip::took)});
  }
  if (lost) moments.push_back({"lost", *lost});
  return moments;
}

}  // namespace bench
