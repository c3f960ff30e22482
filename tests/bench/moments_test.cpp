#include "bench/trips/moments.hpp"

#include <gtest/gtest.h>

#include "bench/report/rounds_json.hpp"

namespace bench {
namespace {

using std::chrono::milliseconds;

TimedTrip trip(int start_ms, int took_ms, bool lost = false) {
  return {std::chrono::system_clock::time_point(milliseconds(start_ms)), milliseconds(took_ms),
          lost};
}

/// 1 to `count` ms, one after the other.
Round round_of(int count) {
  Round round;
  for (int took = 1; took <= count; ++took) {
    round.trips.push_back(trip(took * 1000, took));
    round.times.record(static_cast<std::uint64_t>(Nanoseconds(milliseconds(took)).count()));
  }
  return round;
}

TEST(Moments, NamesTheMedianTheP99AndTheWorst) {
  const auto moments = telling_moments({round_of(1001)});
  ASSERT_EQ(moments.size(), 3u);
  EXPECT_EQ(moments[0].name, "median");
  EXPECT_NEAR(static_cast<double>(moments[0].trip.took.count()) / 1e6, 501, 501.0 / 256 + 1);
  EXPECT_EQ(moments[1].name, "p99");
  EXPECT_NEAR(static_cast<double>(moments[1].trip.took.count()) / 1e6, 991, 991.0 / 256 + 1);
  EXPECT_EQ(moments[2].name, "worst");
  EXPECT_EQ(moments[2].trip.took, milliseconds(1001));
}

TEST(Moments, NoP99FromTooFewSamples) {
  const auto moments = telling_moments({round_of(100)});
  ASSERT_EQ(moments.size(), 2u);
  EXPECT_EQ(moments[1].name, "worst");
}

TEST(Moments, TheFirstLostOneIsShownAndIsNotTheWorst) {
  Round round = round_of(3);
  round.trips.push_back(trip(9000, 200, true));
  round.trips.push_back(trip(9500, 200, true));
  const auto moments = telling_moments({round});
  ASSERT_EQ(moments.size(), 3u);
  EXPECT_EQ(moments[1].trip.took, milliseconds(3));
  EXPECT_EQ(moments[2].name, "lost");
  EXPECT_EQ(moments[2].trip.start.time_since_epoch(), milliseconds(9000));
}

TEST(Moments, NoneWhereAllWereLostButTheLoss) {
  Round round;
  round.trips.push_back(trip(1, 200, true));
  ASSERT_EQ(telling_moments({round}).size(), 1u);
  EXPECT_TRUE(telling_moments({Round{}}).empty());
}

TEST(Moments, SurviveJson) {
  Subject subject{{.protocol = Protocol::udp}, "UDP"};
  subject.rounds.push_back(round_of(3));
  subject.rounds.back().trips.push_back(trip(9000, 200, true));
  subject.moments = telling_moments(subject.rounds);
  const auto after = moments_from(nlohmann::json::parse(rounds_json(subject).dump()));
  ASSERT_EQ(after.size(), subject.moments.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].name, subject.moments[i].name);
    EXPECT_EQ(after[i].trip.start, subject.moments[i].trip.start);
    EXPECT_EQ(after[i].trip.took, subject.moments[i].trip.took);
    EXPECT_EQ(after[i].trip.lost, subject.moments[i].trip.lost);
  }
}

}  // namespace
}  // namespace bench
