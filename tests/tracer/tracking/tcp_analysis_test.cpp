// One test a rule: what a single vantage point says of a segment (Wireshark's tcp.analysis).
#include "tests/support/track.hpp"

namespace tracer {
namespace {

using support::track;
using Script = std::vector<std::string>;

/// Opens with an initial round trip of 20 ms and windows shifted by 7, goes on with `rest`; its
/// first segment has number 4.
Script opened(const Script& rest) {
  Script all{"0.000  client > server  S   1000:1000(0) win 64240 <mss 1460,wscale 7>",
             "0.010  server > client  S.  5000:5000(0) ack 1001 win 65160 <mss 1460,wscale 7>",
             "0.020  client > server  .   1001:1001(0) ack 5001 win 502"};
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}
/// As opened(), and 100 bytes of data sent and acknowledged (numbers 4 and 5).
Script after_data(const Script& rest) {
  Script all{"0.030  client > server  P.  1001:1101(100) ack 5001 win 502",
             "0.040  server > client  .   5001:5001(0) ack 1101 win 500"};
  all.insert(all.end(), rest.begin(), rest.end());
  return opened(all);
}

TEST(TcpAnalysis, AnOrdinaryExchangeHasNothingToSay) {
  for (const auto& step :
       track(after_data({"0.050  client > server  P.  1101:1201(100) ack 5001 win 502",
                         "0.060  server > client  P.  5001:5011(10) ack 1201 win 500",
                         "0.070  client > server  F.  1201:1201(0) ack 5011 win 502",
                         "0.080  server > client  F.  5011:5011(0) ack 1202 win 500",
                         "0.090  client > server  .   1202:1202(0) ack 5012 win 502"}))
           .steps)
    EXPECT_EQ(step.verdict, "none") << step.line;
}

TEST(ZeroWindow, IsSaidOfAWindowOfZero) {
  track(after_data({"0.050  server > client  .   5001:5001(0) ack 1101 win 0   => zero_window"}));
}

TEST(ZeroWindow, MeansNothingOnSynFinOrRst) {
  for (const char* flags : {"S.", "F.", "R."})
    EXPECT_FALSE(track(after_data({std::string("0.050  server > client  ") + flags +
                                   "  5001:5001(0) ack 1101 win 0"}))
                     .facts(6)
                     .has(analysis::zero_window))
        << flags;
}

TEST(ZeroWindowProbe, OneByteAtTheEdgeOfAClosedWindow) {
  track(after_data(
            {"0.050  server > client  .   5001:5001(0) ack 1101 win 0     => zero_window",
             "0.060  client > server  .   1101:1102(1) ack 5001 win 502   => zero_window_probe",
             "0.070  server > client  .   5001:5001(0) ack 1101 win 0     => zero_window "
             "zero_window_probe_ack",
             "0.080  client > server  .   1101:1102(1) ack 5001 win 502   => zero_window_probe"}),
        {"a probe leaves the sender's next number alone, so it can come again",
         "tracer/tracking/tcp_analysis.cpp, update()"});
}

TEST(ZeroWindowProbe, TwoBytesOrAnOpenWindowAreNone) {
  track(after_data({"0.050  server > client  .   5001:5001(0) ack 1101 win 0",
                    "0.060  client > server  .   1101:1103(2) ack 5001 win 502   => none"}));
  track(after_data({"0.060  client > server  .   1101:1102(1) ack 5001 win 502   => none"}));
}

TEST(LostSegment, AHoleBeforeTheSegment) {
  track(after_data(
      {"0.050  client > server  P.  1201:1301(100) ack 5001 win 502   => lost_segment"}));
  track(
      after_data({"0.050  client > server  F.  1201:1201(0) ack 5001 win 502   => lost_segment"}));
}

TEST(LostSegment, ARstMayJump) {
  track(after_data({"0.050  client > server  R.  1201:1201(0) ack 5001 win 502   => none"}));
}

TEST(LostSegment, TheFirstSegmentSeenHasNothingBeforeIt) {
  track({"0.000  client > server  P.  900001:900101(100) ack 5001   => none"});
}

TEST(KeepAlive, OneBeforeNextWithNoneOrOneByte) {
  track(after_data({"1.000  client > server  .   1100:1100(0) ack 5001 win 502   => keep_alive"}));
  track(after_data({"1.000  client > server  .   1100:1101(1) ack 5001 win 502   => keep_alive"}),
        {"a keep-alive is no retransmission, though its byte was sent before",
         "tracer/tracking/tcp_analysis.cpp, flags()"});
}

TEST(KeepAlive, TwoBytesAreRealData) {
  track(after_data({"1.000  client > server  .   1100:1102(2) ack 5001 win 502   => none"}));
}

TEST(KeepAliveAck, AnswersAKeepAliveAndIsNoDuplicate) {
  const auto connection = track(after_data(
      {"1.000  client > server  .   1100:1100(0) ack 5001 win 502   => keep_alive",
       "1.010  server > client  .   5001:5001(0) ack 1101 win 500   => keep_alive_ack",
       "1.020  server > client  .   5001:5001(0) ack 1101 win 500   => keep_alive_ack"}));
  EXPECT_EQ(connection.server.duplicate_acks, 0);
}

TEST(WindowUpdate, OnlyTheWindowChanges) {
  track(
      after_data({"0.050  server > client  .   5001:5001(0) ack 1101 win 600   => window_update",
                  "0.060  server > client  .   5001:5001(0) ack 1101 win 600   => duplicate_ack",
                  "0.070  server > client  .   5001:5001(0) ack 1101 win 599   => window_update"}));
}

TEST(WindowFull, ExactlyTheScaledWindow) {
  const auto sends = [](const std::string& range) {
    return after_data({"0.050  server > client  .   5001:5001(0) ack 1101 win 2",
                       "0.060  client > server  P.  " + range});
  };
  track(sends("1101:1357(256) ack 5001 win 502   => window_full"));
  track(sends("1101:1356(255) ack 5001 win 502   => none"));
  track(sends("1101:1358(257) ack 5001 win 502   => none"));
}

// RFC 7323 §2.2: the window of a SYN is never scaled, and until the peer has sent anything else
// that is the one that counts.
TEST(WindowFull, TheWindowOfASynIsNotScaled) {
  track({"0.000  client > server  S   1000:1000(0) win 64240 <wscale 7>",
         "0.010  server > client  S.  5000:5000(0) ack 1001 win 200 <wscale 7>",
         "0.020  client > server  .   1001:1001(0) ack 5001",
         "0.020  client > server  P.  1001:1201(200) ack 5001   => window_full"});
}

TEST(WindowFull, CannotBeToldWithoutTheScale) {
  track({"0.000  client > server  P.  1001:1101(100) ack 5001 win 500",
         "0.010  server > client  .   5001:5001(0) ack 1101 win 100",
         "0.020  client > server  P.  1101:1201(100) ack 5001 win 500   => none"});
}

TEST(DuplicateAck, CountsAndNamesTheFirst) {
  const auto connection = track(after_data(
      {"0.050  server > client  .   5001:5001(0) ack 1101 win 500   => duplicate_ack, dup 1",
       "0.051  server > client  .   5001:5001(0) ack 1101 win 500   => duplicate_ack, dup 2",
       "0.052  server > client  .   5001:5001(0) ack 1101 win 500   => duplicate_ack, dup 3"}));
  EXPECT_EQ(connection.facts(8).duplicate_ack_frame, 5u);
  EXPECT_EQ(connection.server.duplicate_acks, 3);
}

TEST(DuplicateAck, ANewNumberStartsAgain) {
  track(after_data(
      {"0.050  server > client  .   5001:5001(0) ack 1101 win 500   => dup 1",
       "0.051  client > server  P.  1101:1201(100) ack 5001 win 502",
       "0.052  server > client  .   5001:5001(0) ack 1201 win 500   => none",
       "0.053  server > client  .   5001:5001(0) ack 1201 win 500   => duplicate_ack, dup 1"}));
}

TEST(DuplicateAck, DataOrAnotherWindowExcuse) {
  track(
      after_data({"0.050  server > client  P.  5001:5002(1) ack 1101 win 500   => none",
                  "0.051  server > client  .   5002:5002(0) ack 1101 win 400   => window_update"}));
}

// MPTCP subtypes gather over the whole connection, and each counts from the segment after it on.
TEST(DuplicateAck, ANewKindOfMultipathSignalExcusesTheNextOne) {
  track(after_data(
      {"0.050  server > client  .   5001:5001(0) ack 1101 win 500 <mptcp 2>   => duplicate_ack",
       "0.051  server > client  .   5001:5001(0) ack 1101 win 500 <mptcp 2>   => none",
       "0.052  server > client  .   5001:5001(0) ack 1101 win 500 <mptcp 3>   => duplicate_ack",
       "0.053  server > client  .   5001:5001(0) ack 1101 win 500 <mptcp 2>   => none",
       "0.054  server > client  .   5001:5001(0) ack 1101 win 500             => duplicate_ack"}));
}

TEST(AckLostSegment, AcknowledgesWhatWasNotSeen) {
  track(
      after_data({"0.050  server > client  .   5001:5001(0) ack 1201 win 500   => ack_lost_segment",
                  "0.051  server > client  .   5001:5001(0) ack 1301 win 500   => none"}),
      {"said once: then the count of duplicates stands at MANY",
       "tracer/tracking/tcp_analysis.cpp, acknowledges_unseen()"});
}

TEST(AckLostSegment, AHoleIsForgivenWhenItIsAcknowledged) {
  track(
      after_data({"0.050  client > server  P.  1201:1301(100) ack 5001 win 502   => lost_segment",
                  "0.060  server > client  .   5001:5001(0) ack 1301 win 500   => ack_lost_segment",
                  "0.070  client > server  P.  1301:1401(100) ack 5001 win 502   => none",
                  "0.080  server > client  .   5001:5001(0) ack 1401 win 500   => none"}));
}

TEST(AckLostSegment, NeedsTheAckBit) {
  track(after_data({"0.050  server > client  P   5001:5011(10) ack 1201 win 500   => none"}));
}

TEST(SpuriousRetransmission, OfWhatWasAcknowledged) {
  track(
      after_data({"0.500  client > server  P.  1001:1101(100) ack 5001 win 502   => retransmission "
                  "spurious_retransmission"}));
}

TEST(SpuriousRetransmission, OneByteBeyondIsNotSpurious) {
  const auto facts =
      track(after_data({"0.500  client > server  P.  1002:1102(100) ack 5001 win 502"})).facts(6);
  EXPECT_FALSE(facts.has(analysis::spurious_retransmission));
  EXPECT_TRUE(facts.has(analysis::retransmission));
}

/// Two segments in flight, the second one lost or late; the duplicate ACKs ask for number 1101.
Script asks_again(int duplicates, const std::string& last) {
  Script lines{"0.050  client > server  P.  1101:1201(100) ack 5001 win 502",
               "0.051  client > server  P.  1201:1301(100) ack 5001 win 502"};
  for (int i = 0; i < duplicates; ++i)
    lines.push_back("0.10" + std::to_string(i) +
                    "  server > client  .   5001:5001(0) ack 1101 win 500");
  lines.push_back(last);
  return after_data(lines);
}

TEST(FastRetransmission, AfterTwoDuplicatesWithin20Milliseconds) {
  track(asks_again(2,
                   "0.1209  client > server  P.  1101:1201(100) ack 5001 win 502   => "
                   "retransmission fast_retransmission"));
  track(asks_again(3,
                   "0.103  client > server  P.  1101:1201(100) ack 5001 win 502   => "
                   "retransmission fast_retransmission"));
}

TEST(FastRetransmission, NotAfterOneDuplicateNorLateNorForAnotherNumber) {
  track(asks_again(
      1, "0.101  client > server  P.  1101:1201(100) ack 5001 win 502   => retransmission"));
  track(asks_again(
      2, "0.121  client > server  P.  1101:1201(100) ack 5001 win 502   => retransmission"));
  track(asks_again(
      2, "0.102  client > server  P.  1102:1201(99) ack 5001 win 502   => retransmission"));
}

TEST(FastRetransmission, ManyIsMoreThanTwo) {
  track(
      {"0.000  client > server  P.  1001:1101(100) ack 5001",
       "0.010  client > server  P.  1101:1201(100) ack 5001",
       // The server's own bytes were not seen, so the client's ACK sets the server's count to MANY.
       "0.020  server > client  .   5001:5001(0) ack 1001",
       "0.021  client > server  .   1201:1201(0) ack 5901   => ack_lost_segment",
       "0.022  server > client  .   5001:5001(0) ack 1001   => duplicate_ack, dup 1"});
}

TEST(OutOfOrder, WithinTheInitialRoundTrip) {
  const auto late = [](const std::string& time, const std::string& verdict) {
    track(after_data(
        {"0.050  client > server  P.  1201:1301(100) ack 5001 win 502   => lost_segment",
         time + "  client > server  P.  1101:1201(100) ack 5001 win 502   => " + verdict}));
  };
  late("0.0501", "out_of_order");
  late("0.0699", "out_of_order");
  late("0.070", "retransmission");
  late("0.049", "retransmission");  // the clock went backwards: no time test holds
}

TEST(OutOfOrder, WithinThreeMillisecondsIfTheRoundTripIsNotKnown) {
  const auto late = [](const std::string& time, const std::string& verdict) {
    track({"0.000  client > server  P.  1001:1101(100) ack 5001",
           "0.010  client > server  P.  1201:1301(100) ack 5001",
           time + "  client > server  P.  1101:1201(100) ack 5001   => " + verdict});
  };
  late("0.0129", "out_of_order");
  late("0.013", "retransmission");
}

TEST(OutOfOrder, TheLastSegmentAgainIsARetransmission) {
  track(
      opened({"0.030  client > server  P.  1001:1101(100) ack 5001 win 502",
              "0.031  client > server  P.  1001:1101(100) ack 5001 win 502   => retransmission"}));
}

TEST(Retransmission, ByTimeoutKnowsHowLongItWaited) {
  const auto connection = track(
      opened({"0.030  client > server  P.  1001:1101(100) ack 5001 win 502",
              "0.040  client > server  P.  1101:1201(100) ack 5001 win 502",
              "0.280  client > server  P.  1001:1101(100) ack 5001 win 502   => retransmission"}));
  ASSERT_TRUE(connection.facts(6).rto);
  EXPECT_EQ(*connection.facts(6).rto, std::chrono::milliseconds(250));
}

TEST(Retransmission, OfSynAndFin) {
  track({"0.000  client > server  S   1000:1000(0)   => none",
         "1.000  client > server  S   1000:1000(0)   => retransmission",
         "3.000  client > server  S   1000:1000(0)   => retransmission"});
  track(after_data(
      {"0.050  client > server  F.  1101:1101(0) ack 5001 win 502   => none",
       "0.300  client > server  F.  1101:1101(0) ack 5001 win 502   => retransmission"}));
}

TEST(Retransmission, NoRuleIsForPureAcks) {
  track(after_data({"0.500  client > server  .   1001:1001(0) ack 5001 win 502   => none"}));
}

}  // namespace
}  // namespace tracer
