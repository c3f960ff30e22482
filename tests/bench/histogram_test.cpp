#include "bench/stats/histogram.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace bench {
namespace {

double exact(const std::vector<std::uint64_t>& sorted, double q) {
  const auto rank =
      static_cast<std::size_t>(std::ceil(q * static_cast<double>(sorted.size()) - 1e-9));
  return static_cast<double>(sorted[std::clamp<std::size_t>(rank, 1, sorted.size()) - 1]);
}

/// Samples of several shapes: what round trips look like, and what they do not.
std::vector<std::uint64_t> samples(unsigned shape, std::size_t count, std::mt19937_64& random) {
  std::vector<std::uint64_t> made(count);
  std::lognormal_distribution<double> trips(std::log(20'000), 0.5);
  std::uniform_real_distribution<double> exponent(0, 42);
  for (std::uint64_t& value : made) {
    switch (shape % 5) {
      case 0: value = static_cast<std::uint64_t>(trips(random)); break;
      case 1:
        value = static_cast<std::uint64_t>(std::exp2(exponent(random)));
        break;                                // all octaves
      case 2: value = random() % 600; break;  // one bucket each
      case 3:
        value = random() % 100 == 0 ? 200'000'000 : 18'000 + random() % 50;
        break;                             // two far peaks
      default: value = 40'000'000; break;  // all the same
    }
  }
  return made;
}

TEST(Histogram, EveryQuantileIsWithinOneBucketOfTheExactOne) {
  std::mt19937_64 random(1);
  for (unsigned trial = 0; trial < 200; ++trial) {
    std::vector<std::uint64_t> values = samples(trial, 1 + random() % 3000, random);
    Histogram histogram;
    for (const std::uint64_t value : values) histogram.record(value);
    std::sort(values.begin(), values.end());
    ASSERT_EQ(histogram.count(), values.size());
    ASSERT_EQ(histogram.min(), values.front());
    ASSERT_EQ(histogram.max(), values.back());
    for (const double q : {0.0, 0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 1.0}) {
      const double wanted = exact(values, q);
      ASSERT_NEAR(histogram.quantile(q), wanted, wanted / 256) << "q " << q << ", trial " << trial;
    }
  }
}

TEST(Histogram, BucketsCoverAllValuesWithoutGapOrOverlap) {
  for (std::size_t bucket = 0; bucket < 9000; ++bucket) {
    const std::uint64_t low = Histogram::lowest(bucket), next = Histogram::lowest(bucket + 1);
    ASSERT_LT(low, next);
    ASSERT_EQ(Histogram::bucket_of(low), bucket);
    ASSERT_EQ(Histogram::bucket_of(next - 1), bucket);
    ASSERT_LE(next - 1 - low, low / 256);
  }
}

TEST(Histogram, ValuesBeyondTheLargestCountAsTheLargest) {
  Histogram histogram;
  histogram.record(UINT64_MAX);
  EXPECT_EQ(histogram.buckets().size(), Histogram::bucket_of(Histogram::largest) + 1);
  EXPECT_EQ(histogram.max(), UINT64_MAX);
}

TEST(Histogram, MergingIsRecordingAllIntoOne) {
  std::mt19937_64 random(2);
  Histogram all, merged;
  for (unsigned part = 0; part < 7; ++part) {
    Histogram one;
    for (const std::uint64_t value : samples(part, 500, random)) {
      one.record(value);
      all.record(value);
    }
    merged.merge(one);
  }
  EXPECT_EQ(merged.buckets(), all.buckets());
  EXPECT_EQ(merged.count(), all.count());
  EXPECT_EQ(merged.min(), all.min());
  EXPECT_EQ(merged.max(), all.max());
}

TEST(Histogram, APercentileNeedsTenSamplesBeyondIt) {
  Histogram histogram;
  histogram.record(5, 999);
  EXPECT_FALSE(histogram.supports(0.99));
  EXPECT_TRUE(histogram.supports(0.9));
  histogram.record(5);
  EXPECT_TRUE(histogram.supports(0.99));
  EXPECT_FALSE(histogram.supports(0.999));
}

}  // namespace
}  // namespace bench
