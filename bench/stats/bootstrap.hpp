#pragma once

#include <cstdint>
#include <span>

#include "bench/stats/histogram.hpp"

namespace bench {

struct Interval {
  double low = 0, high = 0;
};

/// How the median of one thing compares with that of another.
struct RatioEstimate {
  double ratio = 1;   // median of `second` by median of `first`
  Interval interval;  // 95 %
  std::size_t rounds = 0;
};

/// Are round i of the one and round i of the other neighbours in time?
enum class Pairing : std::uint8_t {
  paired,    // yes: measured in turns, so what slowed one slowed the other
  separate,  // no: two runs
};

/// The interval comes from resampling whole rounds, not single round trips: neighbours in time are
/// alike (one page cache, one placement on the cores), so 10,000 trips are not 10,000 independent
/// witnesses. Percentile bootstrap, with the tails widened as if by Student's t for the small
/// number of rounds (T. Hesterberg, What Teachers Should Know About the Bootstrap, 2015, §3.4), and a
/// little more: what is called 95 % holds the truth at least that often for rounds of every shape
/// that the tests simulate.
/// The seed is fixed: the same rounds give the same interval.
/// REQUIRES: at least 2 rounds each, none empty; equally many if paired.
RatioEstimate compare_medians(std::span<const Histogram> first, std::span<const Histogram> second,
                              Pairing pairing, unsigned resamples = 2000);

/// The level at which the lower tail of a percentile interval is cut so that 95 % are covered in
/// spite of there being only `rounds` rounds; tends to 0.015.
double widened_tail(std::size_t rounds);

}  // namespace bench
