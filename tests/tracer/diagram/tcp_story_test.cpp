// What the ladder says of each segment once the whole connection is known.
#include "tracer/diagram/tcp_story.hpp"

#include <gtest/gtest.h>

#include "tests/support/story.hpp"

namespace tracer {
namespace {

using support::differences;
using support::ladder_of;
using Script = std::vector<std::string>;

/// A handshake over a wire of 20 ms, then `rest` from row 4 on.
Script opened(const Script& rest) {
  Script all{"0.000-0.020  client > server  S   1000:1000(0)",
             "0.020-0.040  server > client  S.  5000:5000(0) ack 1001",
             "0.040-0.060  client > server  .   1001:1001(0) ack 5001"};
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}
/// The same from the client's end alone.
Script opened_one_end(const Script& rest) {
  Script all{"0.000  client > server  S   1000:1000(0)",
             "0.040  server > client  S.  5000:5000(0) ack 1001",
             "0.040  client > server  .   1001:1001(0) ack 5001"};
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

const Script fast_recovery{
    "0.050-0.070  client > server  P.  1001:1101(100) ack 5001",
    "0.051-lost   client > server  P.  1101:1201(100) ack 5001                     => lost",
    "0.052-0.072  client > server  P.  1201:1301(100) ack 5001",
    "0.053-0.073  client > server  P.  1301:1401(100) ack 5001",
    "0.070-0.090  server > client  .   5001:5001(0) ack 1101",
    "0.072-0.092  server > client  .   5001:5001(0) ack 1101 <sack 1201:1301>      => dup 1",
    "0.073-0.093  server > client  .   5001:5001(0) ack 1101 <sack 1201:1401>      => dup 2",
    "0.094-0.114  client > server  P.  1101:1201(100) ack 5001                     => fast #5",
    "0.114-0.134  server > client  .   5001:5001(0) ack 1401"};

TEST(TcpStory, ALossAFastRetransmitAndItsDuplicateAcks) {
  EXPECT_EQ(differences(opened(fast_recovery)), "");
}

TEST(TcpStory, ALossThatOnlyTheTimerNotices) {
  EXPECT_EQ(differences(
                opened({"0.050-lost   client > server  P.  1001:1101(100) ack 5001   => lost",
                        "0.290-0.310  client > server  P.  1001:1101(100) ack 5001   => timeout #4",
                        "0.310-0.330  server > client  .   5001:5001(0) ack 1101"})),
            "");
}

TEST(TcpStory, ARepeatedLossNamesTheLatestTry) {
  EXPECT_EQ(differences(opened(
                {"0.050-lost   client > server  P.  1001:1101(100) ack 5001   => lost",
                 "0.290-lost   client > server  P.  1001:1101(100) ack 5001   => lost, timeout #4",
                 "0.770-0.790  client > server  P.  1001:1101(100) ack 5001   => timeout #5"})),
            "");
}

TEST(TcpStory, WhatHadArrivedIsSentAgainForNothing) {
  // Its ACK was lost, and the sender cannot know.
  EXPECT_EQ(
      differences(opened({"0.050-0.070  client > server  P.  1001:1101(100) ack 5001",
                          "0.070-lost   server > client  .   5001:5001(0) ack 1101        => lost",
                          "0.290-0.310  client > server  P.  1001:1101(100) ack 5001   => timeout "
                          "#4 (it had arrived)"})),
      "");
}

TEST(TcpStory, ALostSynAndALostFin) {
  EXPECT_EQ(
      differences({"0.000-lost   client > server  S   1000:1000(0)                => lost",
                   "1.000-1.020  client > server  S   1000:1000(0)                => timeout #1",
                   "1.020-1.040  server > client  S.  5000:5000(0) ack 1001",
                   "1.040-1.060  client > server  .   1001:1001(0) ack 5001",
                   "1.050-lost   client > server  F.  1001:1001(0) ack 5001       => lost",
                   "1.300-1.320  client > server  F.  1001:1001(0) ack 5001       => timeout #5"}),
      "");
}

TEST(TcpStory, ACorruptedSegmentArrivedAndWasThrownAway) {
  FrameStore frames =
      support::frames_of(opened({"0.050-0.070! client > server  P.  1001:1101(100) ack 5001",
                                 "0.290-0.310  client > server  P.  1001:1101(100) ack 5001"}),
                         true);
  for (std::size_t i = 0; i < frames.size(); ++i)
    if (frames[i].packet_id == 4) frames[i].comment = "byte 80 changed on the wire: corrupt @80";
  const auto all = ladders(frames, two_ended(frames), {});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(support::notes(all[0].rows[3]), "corrupted (corrupt @80)");
  EXPECT_EQ(support::notes(all[0].rows[4]), "timeout #4");
  EXPECT_TRUE(all[0].rows[3].time[1]);  // it did arrive
}

TEST(TcpStory, OvertakenIsSaidOfTheLateOneAndIsNoRetransmit) {
  EXPECT_EQ(differences(
                opened({"0.050-0.080  client > server  P.  1001:1101(100) ack 5001                 "
                        "     => overtaken",
                        "0.051-0.071  client > server  P.  1101:1201(100) ack 5001",
                        "0.071-0.091  server > client  .   5001:5001(0) ack 1001 <sack 1101:1201>",
                        "0.080-0.100  server > client  .   5001:5001(0) ack 1201"})),
            "#6 0.071-0.091  server > client  .   5001:5001(0) ack 1001 <sack 1101:1201>\n      "
            "says 'dup 1', expected ''\n");
}

TEST(TcpStory, ADuplicateIsOneRowThatArrivedTwice) {
  const Script script =
      opened({"0.050-0.070+0.071  client > server  P.  1001:1101(100) ack 5001   => duplicated 2"});
  EXPECT_EQ(differences(script), "");
  EXPECT_EQ(ladder_of(script).rows[3].more_arrivals.size(), 1u);
}

// RFC 5681 §2: only while data is outstanding.
TEST(TcpStory, AnAckRepeatedWithNothingOutstandingIsNoDuplicate) {
  EXPECT_EQ(differences(opened({"0.050-0.070  client > server  P.  1001:1101(100) ack 5001",
                                "0.070-0.090  server > client  .   5001:5001(0) ack 1101",
                                "0.200-0.220  server > client  .   5001:5001(0) ack 1101"})),
            "");
}

TEST(TcpStory, ANewNumberBeginsTheCountAgain) {
  EXPECT_EQ(differences(
                opened({"0.050-0.070  client > server  P.  1001:1101(100) ack 5001",
                        "0.051-lost   client > server  P.  1101:1201(100) ack 5001   => lost",
                        "0.052-0.072  client > server  P.  1201:1301(100) ack 5001",
                        "0.053-lost   client > server  P.  1301:1401(100) ack 5001   => lost",
                        "0.054-0.074  client > server  P.  1401:1501(100) ack 5001",
                        "0.070-0.090  server > client  .   5001:5001(0) ack 1101",
                        "0.072-0.092  server > client  .   5001:5001(0) ack 1101       => dup 1",
                        "0.074-0.094  server > client  .   5001:5001(0) ack 1101       => dup 2",
                        "0.095-0.115  client > server  P.  1101:1201(100) ack 5001   => fast #5",
                        "0.115-0.135  server > client  .   5001:5001(0) ack 1301",
                        "0.116-0.136  server > client  .   5001:5001(0) ack 1301       => dup 1"})),
            "");
}

TEST(TcpStory, OneEndCanOnlySayProbably) {
  EXPECT_EQ(differences(opened_one_end(
                {"0.050  client > server  P.  1001:1101(100) ack 5001   => lost (probably)",
                 "0.290  client > server  P.  1001:1101(100) ack 5001   => timeout #4",
                 "0.330  server > client  .   5001:5001(0) ack 1101"})),
            "");
}

TEST(TcpStory, OneEndDoesNotCallAcknowledgedDataLost) {
  const Ladder ladder =
      ladder_of(opened_one_end({"0.050  client > server  P.  1001:1101(100) ack 5001",
                                "0.090  server > client  .   5001:5001(0) ack 1101",
                                "0.290  client > server  P.  1001:1101(100) ack 5001"}));
  EXPECT_EQ(ladder.count(Note::Kind::lost), 0u);
  EXPECT_TRUE(ladder.rows[5].has(Note::Kind::timeout_retransmit) ||
              ladder.rows[5].has(Note::Kind::needless_retransmit) ||
              ladder.rows[5].has(Note::Kind::retransmit));
}

TEST(TcpStory, KeepAlivesAndProbesAreNoRetransmits) {
  EXPECT_EQ(differences(opened_one_end(
                {"0.050  client > server  P.  1001:1101(100) ack 5001",
                 "0.090  server > client  .   5001:5001(0) ack 1101 win 500",
                 "9.000  client > server  .   1100:1100(0) ack 5001   => keep-alive",
                 "9.040  server > client  .   5001:5001(0) ack 1101 win 500   => keep-alive-ack"})),
            "");
}

TEST(TcpStory, StatesFollowEachEndsOwnClock) {
  const Ladder ladder =
      ladder_of(opened({"0.061-0.081  client > server  F.  1001:1001(0) ack 5001",
                        "0.062-0.082  server > client  F.  5001:5001(0) ack 1001",
                        "0.082-0.102  client > server  .   1002:1002(0) ack 5002",
                        "0.081-0.101  server > client  .   5002:5002(0) ack 1002"}));
  std::string client, server;
  for (const Row& row : ladder.rows) {
    if (row.state[0] != TcpState::unknown) client.append(" ").append(name(row.state[0]));
    if (row.state[1] != TcpState::unknown) server.append(" ").append(name(row.state[1]));
  }
  EXPECT_EQ(client, " SYN-SENT ESTABLISHED FIN-WAIT-1 CLOSING TIME-WAIT");
  EXPECT_EQ(
      server,
      " SYN-RECEIVED ESTABLISHED CLOSING FIN-WAIT-1 TIME-WAIT");  // in row order: the client's FIN is drawn first
}

TEST(TcpStory, ALostSegmentChangesNothingAtTheFarEnd) {
  const Ladder ladder = ladder_of({"0.000-lost   client > server  S   1000:1000(0)"});
  EXPECT_EQ(ladder.rows[0].state[0], TcpState::syn_sent);
  EXPECT_EQ(ladder.rows[0].state[1], TcpState::unknown);
}

}  // namespace
}  // namespace tracer
