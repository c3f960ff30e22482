// Positions over time: what an end sent and heard, and the curves that follow from it.
#include "tracer/diagram/time_sequence.hpp"

#include <gtest/gtest.h>

#include "tests/support/story.hpp"
#include "tracer/diagram/stretches.hpp"

namespace tracer {
namespace {

using namespace std::chrono_literals;
using support::ladder_of;

const std::vector<std::string> recovery{
    "0.000-0.020  client > server  S   1000:1000(0)",
    "0.020-0.040  server > client  S.  5000:5000(0) ack 1001 win 1000",
    "0.040-0.060  client > server  .   1001:1001(0) ack 5001",
    "0.050-lost   client > server  P.  1001:1101(100) ack 5001",
    "0.051-0.071  client > server  P.  1101:1201(100) ack 5001",
    "0.071-0.091  server > client  .   5001:5001(0) ack 1001 win 1000 <sack 1101:1201>",
    "0.251-0.271  client > server  P.  1001:1101(100) ack 5001",
    "0.271-0.291  server > client  .   5001:5001(0) ack 1201 win 0"};

TEST(TimeSequence, HasSegmentsWhenTheyLeftAndAcksWhenTheyCame) {
  const TimeSequence flow = time_sequences(ladder_of(recovery)).of[0];
  ASSERT_EQ(flow.segments.size(), 4u);  // the bare ACK takes no space
  EXPECT_EQ(flow.segments[0].to - flow.segments[0].from, 1);
  EXPECT_EQ(flow.segments[1].from, 1);
  EXPECT_EQ(flow.segments[1].to, 101);
  EXPECT_TRUE(flow.segments[1].lost);
  EXPECT_FALSE(flow.segments[1].arrived);
  EXPECT_EQ(flow.segments[2].arrived, 71ms);
  EXPECT_TRUE(flow.segments[3].again);
  EXPECT_FALSE(flow.segments[3].lost);
  ASSERT_EQ(flow.acks.size(), 3u);
  EXPECT_EQ(flow.acks[1].time, 91ms);
  EXPECT_EQ(flow.acks[2].from, 1);
  EXPECT_EQ(flow.acks[2].to, 201);
  EXPECT_EQ(flow.windows[0].edge, 1001);
  EXPECT_TRUE(flow.windows[2].zero);
  ASSERT_EQ(flow.sacks.size(), 1u);
  EXPECT_EQ(flow.sacks[0].from, 101);
  EXPECT_FALSE(flow.sacks[0].below);
}

TEST(TimeSequence, PositionsDoNotWrap) {
  const TimeSequence flow =
      time_sequences(ladder_of({"0.0  client > server  S   4294967290:4294967290(0)",
                                "0.1  server > client  S.  1:1(0) ack 4294967291",
                                "0.2  client > server  .  4294967291:95(100) ack 2",
                                "0.3  server > client  .  2:2(0) ack 95"}))
          .of[0];
  EXPECT_EQ(flow.segments.back().to, 101);
  EXPECT_EQ(flow.acks.back().to, 101);
}

TEST(TimeSequence, ACorruptedAckIsNotHeard) {
  FrameStore frames =
      support::frames_of({"0.000-0.020  client > server  P.  1001:1101(100) ack 5001",
                          "0.020-0.040! server > client  P.  5001:5101(100) ack 1101"},
                         true);
  for (std::size_t i = 0; i < frames.size(); ++i)
    if (frames[i].packet_id == 2) frames[i].comment = "byte 80 changed on the wire: corrupt @80";
  const auto all = ladders(frames, two_ended(frames), {});
  EXPECT_TRUE(time_sequences(all.at(0)).of[0].acks.empty());
}

TEST(FlowCurves, NoRoundTripFromWhatWasSentTwice) {
  const FlowCurves curves = flow_curves(time_sequences(ladder_of(recovery)).of[0], true);
  ASSERT_EQ(curves.round_trip.size(), 1u);
  EXPECT_DOUBLE_EQ(curves.round_trip[0].value, 40);  // the SYN's
}

TEST(FlowCurves, InFlightRisesWithSegmentsAndFallsWithAcks) {
  const FlowCurves curves = flow_curves(time_sequences(ladder_of(recovery)).of[0], true);
  std::vector<double> values;
  for (const auto& point : curves.in_flight) values.push_back(point.value);
  EXPECT_EQ(values, (std::vector<double>{1, 0, 100, 200, 200, 0}));
}

TEST(FlowCurves, ThroughputCountsEachByteOnceAndWhenItArrives) {
  const FlowCurves curves = flow_curves(time_sequences(ladder_of(recovery)).of[0], true);
  double bits = 0;
  for (const auto& point : curves.throughput)
    bits += point.value * static_cast<double>(curves.bin.count()) / 1e9;
  EXPECT_NEAR(bits, 200 * 8, 1e-6);
  EXPECT_LE(curves.throughput.front().time, 71ms);
  EXPECT_GE(curves.throughput.front().time + curves.bin, 71ms);
}

TEST(Stretches, SayWhatIsNew) {
  Stretches stretches;
  EXPECT_EQ(stretches.add(0, 10), 10);
  EXPECT_EQ(stretches.add(20, 30), 10);
  EXPECT_EQ(stretches.add(5, 25), 10);
  EXPECT_EQ(stretches.add(0, 30), 0);
  EXPECT_EQ(stretches.add(30, 31), 1);
  EXPECT_TRUE(stretches.meets(30, 40));
  EXPECT_FALSE(stretches.meets(31, 40));
}

}  // namespace
}  // namespace tracer
