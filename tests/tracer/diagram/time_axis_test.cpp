// Moments on a vertical axis: in order, true to scale where there is room, cut where nothing happens.
#include "tracer/diagram/time_axis.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/support/story.hpp"

namespace tracer {
namespace {

using namespace std::chrono_literals;
using support::ladder_of;
using support::script_time;
using Kind = TimeAxis::Piece::Kind;

const TimeAxis::Scale scale{.typical = 20ms, .typical_height = 48, .apart = 16, .cut_height = 40};

std::vector<AxisEvent> at(std::initializer_list<Nanoseconds> times, std::uint8_t lane = 0) {
  std::vector<AxisEvent> events;
  for (const Nanoseconds time : times) events.push_back({script_time(time), lane, true});
  return events;
}

TEST(TimeAxis, ATypicalDelayHasItsHeight) {
  const TimeAxis axis(at({0ms, 20ms, 50ms}), scale);
  EXPECT_DOUBLE_EQ(axis.height_of(1), 48);
  EXPECT_DOUBLE_EQ(axis.height_of(2), 120);
  EXPECT_DOUBLE_EQ(axis.height_at(script_time(35ms)), 84);
}

TEST(TimeAxis, LabelsOnOneLifelineKeepTheirDistance) {
  const TimeAxis axis(at({0ms, 1us, 2us, 20ms}), scale);
  EXPECT_DOUBLE_EQ(axis.height_of(1), 16);
  EXPECT_DOUBLE_EQ(axis.height_of(2), 32);
  EXPECT_EQ(axis.pieces()[0].kind, Kind::stretched);
  EXPECT_EQ(axis.pieces()[2].kind, Kind::even);
}

TEST(TimeAxis, LabelsOnDifferentLifelinesMayStandSideBySide) {
  const TimeAxis axis(
      std::vector<AxisEvent>{{script_time(0ms), 0, true}, {script_time(1us), 1, true}}, scale);
  EXPECT_LT(axis.height_of(1), 0.01);
}

TEST(TimeAxis, WhatHasNoLabelNeedsNoRoom) {
  const TimeAxis axis(
      std::vector<AxisEvent>{{script_time(0ms), 0, true}, {script_time(1us), 0, false}}, scale);
  EXPECT_LT(axis.height_of(1), 0.01);
}

TEST(TimeAxis, EventsOfOneMomentKeepTheirOrder) {
  const TimeAxis axis(at({5ms, 5ms, 5ms, 0ms}), scale);
  EXPECT_LT(axis.height_of(3), axis.height_of(0));
  EXPECT_DOUBLE_EQ(axis.height_of(1), axis.height_of(0) + 16);
  EXPECT_DOUBLE_EQ(axis.height_of(2), axis.height_of(0) + 32);
}

TEST(TimeAxis, APauseOfMoreThanFourDelaysIsCut) {
  const TimeAxis axis(at({0ms, 80ms, 161ms, 3600s}), scale);
  ASSERT_EQ(axis.pieces().size(), 3u);
  EXPECT_EQ(axis.pieces()[0].kind, Kind::even);
  EXPECT_DOUBLE_EQ(axis.height_of(1), 192);
  EXPECT_EQ(axis.pieces()[1].kind, Kind::cut);
  EXPECT_DOUBLE_EQ(axis.height_of(2), 232);
  EXPECT_DOUBLE_EQ(axis.height_of(3), 272);
}

TEST(TimeAxis, SpacingsAreKept) {
  const auto events = at({0ms, 1ms, 2ms});
  const TimeAxis axis(events, scale, std::vector<AxisSpacing>{{0, 2, 100}});
  EXPECT_DOUBLE_EQ(axis.height_of(1), 16);
  EXPECT_DOUBLE_EQ(axis.height_of(2), 100);
}

TEST(TimeAxis, ATimeBeyond64BitsOfDifferenceIsStillInOrder) {
  const TimeAxis axis(
      std::vector<AxisEvent>{{Timestamp::min(), 0, true}, {Timestamp::max(), 0, true}}, scale);
  EXPECT_DOUBLE_EQ(axis.height_of(1), 40);
}

TEST(TimeAxis, IsMonotoneWhateverTheEvents) {
  std::mt19937 random(1);
  for (int round = 0; round < 50; ++round) {
    std::vector<AxisEvent> events;
    for (int i = 0; i < 60; ++i)
      events.push_back(
          {script_time(1us * static_cast<int>(random() % (round < 25 ? 200'000u : 5'000'000u))),
           static_cast<std::uint8_t>(random() % 2), random() % 4 != 0});
    const TimeAxis axis(events, scale);
    for (std::size_t a = 0; a < events.size(); ++a) {
      for (std::size_t b = 0; b < events.size(); ++b) {
        if (events[a].time >= events[b].time) continue;
        EXPECT_LE(axis.height_of(a), axis.height_of(b));
        if (events[a].lane == events[b].lane && events[a].labelled && events[b].labelled) {
          EXPECT_GE(axis.height_of(b) - axis.height_of(a), 16 - 1e-9);
        }
      }
    }
    double height = 0;
    for (const TimeAxis::Piece& piece : axis.pieces()) {
      EXPECT_DOUBLE_EQ(piece.top, height);
      EXPECT_GT(piece.bottom, piece.top);
      height = piece.bottom;
    }
  }
}

TEST(TypicalDelay, IsTheMedianOfTheOneWayDelays) {
  EXPECT_EQ(typical_delay(ladder_of({"0.000-0.020  client > server  S   1000:1000(0)",
                                     "0.020-0.040  server > client  S.  5000:5000(0) ack 1001",
                                     "0.050-0.950  client > server  .   1001:1001(0) ack 5001"})),
            20ms);
}
TEST(TypicalDelay, FromOneEndIsHalfTheHandshake) {
  EXPECT_EQ(typical_delay(ladder_of({"0.000  client > server  S   1000:1000(0)",
                                     "0.001  server > client  S.  5000:5000(0) ack 1001",
                                     "0.040  client > server  .   1001:1001(0) ack 5001"})),
            20ms);
}
TEST(TypicalDelay, WithoutAHandshakeIsTheMedianTurn) {
  EXPECT_EQ(typical_delay(ladder_of({"0.000  client > server  .   1001:1101(100) ack 5001",
                                     "0.030  server > client  .  5001:5001(0) ack 1101"})),
            30ms);
}
TEST(TypicalDelay, IsNeverZero) {
  EXPECT_GT(typical_delay(ladder_of({"0.000  client > server  S   1000:1000(0)"})), 0ns);
}

}  // namespace
}  // namespace tracer
