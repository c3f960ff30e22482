// What the analysis keeps from segment to segment: streams, relative numbers, scales, round trips.
#include "tests/support/track.hpp"

namespace tracer {
namespace {

using namespace std::chrono_literals;
using support::track;

TEST(Streams, ASynWithAnotherNumberOpensANewOne) {
  const auto connection = track(
      {"0.000  client > server  S   1000:1000(0)                => stream 0",
       "0.010  server > client  S.  5000:5000(0) ack 1001       => stream 0",
       "9.000  client > server  S   90000:90000(0)              => reused_ports, stream 1, seq 0",
       "9.010  server > client  S.  70000:70000(0) ack 90001    => none, stream 1, seq 0, ack 1"});
  EXPECT_EQ(connection.streams, 2u);
}

TEST(Streams, TheSameSynAgainStays) {
  track({"0.000  client > server  S   1000:1000(0)",
         "1.000  client > server  S   1000:1000(0)   => retransmission, stream 0"});
}

TEST(Streams, ASynAckWithAnotherNumberIsReuseWithinTheStream) {
  track({"0.000  client > server  S   1000:1000(0)",
         "0.010  server > client  S.  5000:5000(0) ack 1001   => none",
         "0.020  server > client  S.  7000:7000(0) ack 1001   => reused_ports lost_segment, stream "
         "0, seq 0"});
}

TEST(Streams, NeitherFinNorRstEndsOne) {
  track({"0.000  client > server  S   1000:1000(0)",
         "0.010  server > client  R.  0:0(0) ack 1001         => stream 0",
         "5.000  client > server  P.  1001:1011(10) ack 1     => stream 0"});
}

TEST(RelativeNumbers, StartAtTheSynOrOneBeforeTheFirstByteSeen) {
  track({"0.000  client > server  S   4294967295:4294967295(0)    => seq 0",
         "0.010  server > client  S.  5000:5000(0) ack 0              => seq 0, ack 1",
         "0.020  client > server  P.  0:100(100) ack 5001         => seq 1, ack 1"});
  track({"0.000  client > server  P.  9000:9100(100) ack 400      => seq 1, ack 1"});
}

TEST(RelativeNumbers, TheAckFieldIsRawWithoutTheBit) {
  track({"0.000  client > server  S   1000:1000(0) ack 777   => ack 777"});
}

TEST(RelativeNumbers, NextCountsSynAndFin) {
  const auto connection = track({"0.000  client > server  S   1000:1000(0)",
                                 "0.010  client > server  P.  1001:1011(10) ack 1",
                                 "0.020  client > server  F.  1011:1021(10) ack 1"});
  EXPECT_EQ(connection.facts(1).next_seq, 1u);
  EXPECT_EQ(connection.facts(2).next_seq, 11u);
  EXPECT_EQ(connection.facts(3).next_seq, 22u);
}

// RFC 9293 §3.4: the space is finite, and a connection may live across its end.
TEST(SequenceWrap, IsNoGapAndNoRetransmission) {
  const auto connection = track(
      {"0.000  client > server  S   4294967000:4294967000(0) win 64240",
       "0.010  server > client  S.  4294967290:4294967290(0) ack 4294967001 win 64240",
       "0.020  client > server  .   4294967001:4294967001(0) ack 4294967291 win 64240",
       "0.030  client > server  P.  4294967001:205(500) ack 4294967291 win 64240   => none, seq 1",
       "0.040  server > client  P.  4294967291:5(10) ack 205 win 64240             => none, ack "
       "501",
       "0.050  client > server  P.  205:305(100) ack 5 win 64240                   => none, seq "
       "501, ack 11",
       "0.300  client > server  P.  4294967001:205(500) ack 5 win 64240            => "
       "retransmission spurious_retransmission",
       "0.310  client > server  P.  505:605(100) ack 5 win 64240                   => "
       "lost_segment"});
  EXPECT_EQ(connection.client.snd_nxt, SeqNumber{605});
}

TEST(WindowScale, CountsAfterBothSyns) {
  track(
      {"0.000  client > server  S   1000:1000(0) win 64240 <wscale 7>                => window "
       "64240",
       "0.010  server > client  S.  5000:5000(0) ack 1001 win 65160 <wscale 2>       => window "
       "65160",
       "0.020  client > server  .   1001:1001(0) ack 5001 win 502                    => window "
       "64256",
       "0.030  server > client  .   5001:5001(0) ack 1001 win 1000                   => window "
       "4000"});
}

TEST(WindowScale, OneSideWithoutMeansNone) {
  track({"0.000  client > server  S   1000:1000(0) win 64240",
         "0.010  server > client  S.  5000:5000(0) ack 1001 win 65160 <wscale 7>",
         "0.020  server > client  .   5001:5001(0) ack 1001 win 502   => window 502"});
}

TEST(WindowScale, IsAtMost14AndUnknownMidStream) {
  track({"0.000  client > server  S   1000:1000(0) win 1 <wscale 15>",
         "0.010  server > client  S.  5000:5000(0) ack 1001 win 1 <wscale 14>",
         "0.020  client > server  .   1001:1001(0) ack 5001 win 1     => window 16384"});
  track({"0.000  client > server  P.  1001:1011(10) ack 5001 win 502   => window 502"});
}

TEST(RoundTrip, InitialIsFromSynToTheFirstAckWithoutSyn) {
  const auto connection = track({"0.000  client > server  S   1000:1000(0)",
                                 "0.010  server > client  S.  5000:5000(0) ack 1001",
                                 "0.025  client > server  .   1001:1001(0) ack 5001",
                                 "0.035  client > server  P.  1001:1011(10) ack 5001"});
  EXPECT_FALSE(connection.facts(2).initial_rtt);
  EXPECT_EQ(connection.facts(3).initial_rtt, 25ms);
  EXPECT_EQ(connection.facts(4).initial_rtt, 25ms);
}

TEST(RoundTrip, AnAckNamesTheSegmentThatEndsThere) {
  const auto connection = track({"0.000  client > server  P.  1001:1101(100) ack 5001",
                                 "0.001  client > server  P.  1101:1201(100) ack 5001",
                                 "0.011  server > client  .   5001:5001(0) ack 1201   => acks 2"});
  EXPECT_EQ(connection.facts(3).ack_rtt, 10ms);
}

TEST(RoundTrip, AnAckBetweenSegmentsNamesNone) {
  track({"0.000  client > server  P.  1001:1101(100) ack 5001",
         "0.001  client > server  P.  1101:1201(100) ack 5001",
         "0.011  server > client  .   5001:5001(0) ack 1150   => acks 0",
         "0.012  server > client  .   5001:5001(0) ack 1201   => acks 2"});
}

TEST(RoundTrip, OfTwoThatEndThereTheOldestDecides) {
  const auto connection = track({"0.000  client > server  P.  1001:1101(100) ack 5001",
                                 "0.300  client > server  P.  1001:1101(100) ack 5001",
                                 "0.310  server > client  .   5001:5001(0) ack 1101   => acks 1"});
  EXPECT_EQ(connection.facts(3).ack_rtt, 310ms);
}

TEST(RoundTrip, ZeroIsNotShown) {
  const auto connection = track({"0.000  client > server  P.  1001:1101(100) ack 5001",
                                 "0.000  server > client  .   5001:5001(0) ack 1101   => acks 1"});
  EXPECT_FALSE(connection.facts(2).ack_rtt);
}

TEST(BytesInFlight, FromTheOldestUnacknowledgedToTheEnd) {
  track({"0.000  client > server  P.  1001:1101(100) ack 5001   => flight 100",
         "0.001  client > server  P.  1101:1201(100) ack 5001   => flight 200",
         "0.010  server > client  .   5001:5001(0) ack 1101   => flight none",
         "0.011  client > server  P.  1201:1301(100) ack 5001   => flight 200",
         "0.020  server > client  .   5001:5001(0) ack 1250",
         "0.021  client > server  P.  1301:1311(10) ack 5001    => flight 61"});
}

TEST(BytesInFlight, SackedBytesAreNotInFlight) {
  track({"0.000  client > server  P.  1001:1101(100) ack 5001",
         "0.001  client > server  P.  1101:1201(100) ack 5001",
         "0.010  server > client  .   5001:5001(0) ack 1001 <sack 1101:1201>",
         "0.011  client > server  P.  1201:1301(100) ack 5001   => flight 200"});
}

TEST(BytesInFlight, NotKnownFromAGapToTheNextAck) {
  track({"0.000  client > server  P.  1001:1101(100) ack 5001",
         "0.001  client > server  P.  1201:1301(100) ack 5001   => lost_segment, flight none",
         "0.002  client > server  P.  1301:1401(100) ack 5001   => flight none",
         "0.010  server > client  .   5001:5001(0) ack 1101",
         "0.011  client > server  P.  1401:1501(100) ack 5001   => flight 300"});
}

TEST(Pending, IsBoundedAndForgetsNothingBefore) {
  PendingSegments pending;
  for (std::uint32_t i = 0; i < PendingSegments::capacity + 10; ++i)
    pending.add({i * 10}, {i * 10 + 10}, {}, i + 1);
  EXPECT_EQ(pending.acknowledge({10}).frame, 1u);
  EXPECT_EQ(pending.acknowledge({static_cast<std::uint32_t>(PendingSegments::capacity) * 10}).frame,
            PendingSegments::capacity);
  EXPECT_TRUE(pending.empty());
}

// The quick way (in order) and the thorough one must agree; a repeated segment forces the latter.
TEST(Pending, AgreesWithOrWithoutOrder) {
  for (std::uint32_t ack = 0; ack <= 60; ++ack) {
    PendingSegments ordered, shuffled;
    for (const std::uint32_t start : {0u, 10u, 20u, 30u, 40u})
      ordered.add({start}, {start + 10}, {}, start / 10 + 1);
    for (const std::uint32_t start : {20u, 0u, 40u, 10u, 30u})
      shuffled.add({start}, {start + 10}, {}, start / 10 + 1);
    EXPECT_EQ(ordered.acknowledge({ack}).frame, shuffled.acknowledge({ack}).frame) << ack;
    EXPECT_EQ(ordered.empty(), shuffled.empty()) << ack;
    if (!ordered.empty()) {
      EXPECT_EQ(ordered.span({0}), shuffled.span({0})) << ack;
    }
  }
}

TEST(Completeness, GathersWhatAConnectionHasShown) {
  const auto connection = track({"0.000  client > server  S   1000:1000(0)",
                                 "0.010  server > client  S.  5000:5000(0) ack 1001",
                                 "0.020  client > server  .   1001:1001(0) ack 5001",
                                 "0.030  client > server  P.  1001:1011(10) ack 5001",
                                 "0.040  client > server  F.  1011:1011(0) ack 5001",
                                 "0.050  server > client  R.  5001:5001(0) ack 1012",
                                 "0.060  server > client  R.  5001:5001(0) ack 1012"});
  const int expected[] = {0, 1, 3, 7, 15, 31, 63};
  for (std::size_t i = 0; i < 7; ++i)
    EXPECT_EQ(connection.steps[i].facts.completeness, expected[i]) << connection.steps[i].line;
}

std::vector<int> completeness_of(const std::vector<std::string>& script) {
  std::vector<int> found;
  for (const auto& step : track(script).steps) found.push_back(step.facts.completeness);
  return found;
}

TEST(Completeness, OfAFirstSegmentOnlyASynCountsAndItsData) {
  EXPECT_EQ(completeness_of({"0.0  client > server  .   1001:1001(0) ack 5001",
                             "0.1  client > server  P.  1001:1011(10) ack 5001",
                             "0.2  client > server  .   1011:1011(0) ack 5001"}),
            (std::vector{0, 0, 8}));
  EXPECT_EQ(completeness_of({"0.0  client > server  S   1000:1003(3)",
                             "0.1  client > server  S   1000:1003(3)",
                             "0.2  server > client  S.  5000:5000(0) ack 1004",
                             "0.3  client > server  .  1004:1004(0) ack 5001"}),
            (std::vector{0, 9, 9, 11}));
}

TEST(Completeness, AFinOrRstWithoutDataAcknowledgesToo) {
  EXPECT_EQ(completeness_of({"0.0  client > server  .   1001:1001(0) ack 5001",
                             "0.1  server > client  F.  5001:5001(0) ack 1001",
                             "0.2  client > server  R   1001:1001(0)",
                             "0.3  client > server  R   1001:1001(0)"}),
            (std::vector{0, 0, 20, 52}));
}

TEST(Completeness, PortsUsedAgainBeginWithTheSynSeenButNotItsData) {
  EXPECT_EQ(completeness_of({"0.0  client > server  S   1000:1000(0)",
                             "0.1  client > server  S   9000:9003(3)",
                             "0.2  server > client  S.  5000:5000(0) ack 9004",
                             "0.3  client > server  .   9004:9004(0) ack 5001"}),
            (std::vector{0, 1, 1, 3}));
}

}  // namespace
}  // namespace tracer
