// Conversations told in sentences: each is checked against the packets of its script.
#include "tracer/diagram/explanation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/story.hpp"

namespace tracer {
namespace {

using testing::HasSubstr;
using testing::Not;
using Part = Sentence::Part;
using Script = std::vector<std::string>;

/// The sentences of one part, one after the other, with their sources.
std::string told(const Script& script, std::optional<Part> part = {}) {
  const bool two = script.at(0).substr(0, script[0].find(' ')).find('-', 1) != std::string::npos;
  FrameStore frames = support::frames_of(script, two);
  const Passages passages = two ? two_ended(frames) : single_ended(frames);
  Names names;
  names.add({*IpAddress::parse("10.0.0.1"), 0}, "client");
  names.add({*IpAddress::parse("10.0.0.2"), 0}, "server");
  const auto all = ladders(frames, passages, names);
  std::string text;
  for (const Sentence& one : explain(all.at(0), frames)) {
    if (part && one.part != *part) continue;
    text += one.text + " (" + one.source + ")\n";
    for (const std::uint32_t row : one.rows)
      EXPECT_TRUE(row >= 1 && row <= all[0].rows.size()) << one.text;
  }
  return text;
}
Script opened(const Script& rest) {
  Script all{"0.000-0.020  client > server  S   1000:1000(0) <mss 1460,sackOK>",
             "0.020-0.040  server > client  S.  5000:5000(0) ack 1001 <mss 1400>",
             "0.040-0.060  client > server  .   1001:1001(0) ack 5001"};
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}
Script opened_one_end(const Script& rest) {
  Script all{"0.000  client > server  S   1000:1000(0)",
             "0.040  server > client  S.  5000:5000(0) ack 1001",
             "0.040  client > server  .   1001:1001(0) ack 5001"};
  all.insert(all.end(), rest.begin(), rest.end());
  return all;
}

TEST(Explanation, OfAHandshakeAndWhatItAgreed) {
  const std::string text = told(opened({}), Part::opening);
  EXPECT_THAT(
      text,
      HasSubstr(
          "client asks for a connection (SYN #1) and server agrees (SYN-ACK #2); client's ACK #3"));
  EXPECT_THAT(text, HasSubstr("40.0 ms after the SYN had left"));
  EXPECT_THAT(text, HasSubstr("client 1460 bytes, server 1400 bytes"));
  EXPECT_THAT(text, HasSubstr("client offers selective acknowledgments and server does not"));
}

TEST(Explanation, OfARefusal) {
  const std::string text = told({"0.000-0.020  client > server  S   1000:1000(0)",
                                 "0.020-0.040  server > client  R.  0:0(0) ack 1001"});
  EXPECT_THAT(text, HasSubstr("the answer is a RST (#2): the connection is refused"));
  EXPECT_THAT(text, Not(HasSubstr("closes")));
  EXPECT_THAT(text, Not(HasSubstr("breaks the connection off")));
}

// RFC 7413: the SYN-ACK acknowledges the data that came with the SYN.
TEST(Explanation, OfASynWithDataThatIsAcknowledged) {
  const std::string text = told({"0.000  client > server  S   1000:1086(86)",
                                 "0.040  server > client  S.  5000:5000(0) ack 1087",
                                 "0.040  client > server  .   1087:1087(0) ack 5001"},
                                Part::opening);
  EXPECT_THAT(text, HasSubstr("server agrees (SYN-ACK #2); client's ACK #3"));
  EXPECT_THAT(text, HasSubstr("The SYN already carries 86 bytes of data (#1)."));
}

// The first RST is lost; the second, in answer to the same SYN sent again, tells the client.
TEST(Explanation, OfARefusalThatIsLostFirst) {
  const Script first{"0.000-0.020  client > server  S   1000:1000(0)",
                     "0.020-lost   server > client  R.  0:0(0) ack 1001"};
  EXPECT_THAT(told(first), HasSubstr("But the RST does not arrive"));
  EXPECT_THAT(told(first), Not(HasSubstr("connect()")));
  Script both = first;
  both.insert(both.end(), {"1.000-1.020  client > server  S   1000:1000(0)",
                           "1.020-1.040  server > client  R.  0:0(0) ack 1001"});
  const std::string text = told(both);
  EXPECT_THAT(text, HasSubstr("(SYN #1 and #3) and the answer is a RST (#4)"));
  EXPECT_THAT(text, Not(HasSubstr("breaks the connection off")));
  EXPECT_THAT(text, Not(HasSubstr("closes")));
}

TEST(Explanation, OfSynsThatNobodyAnswers) {
  EXPECT_THAT(told({"0.000-lost  client > server  S   1000:1000(0)",
                    "1.000-lost  client > server  S   1000:1000(0)"},
                   Part::opening),
              HasSubstr("No SYN of client reached server"));
  EXPECT_THAT(
      told({"0.000  client > server  S   1000:1000(0)", "1.000  client > server  S   1000:1000(0)"},
           Part::opening),
      HasSubstr("no SYN-ACK is in the capture"));
}

TEST(Explanation, ASimultaneousOpenLosesNothing) {
  const std::string text =
      told({"0.000  client > server  S   1000:1000(0)", "0.010  server > client  S   5000:5000(0)",
            "0.011  client > server  S.  1000:1000(0) ack 5001",
            "0.020  server > client  S.  5000:5000(0) ack 1001"});
  EXPECT_THAT(text, HasSubstr("simultaneous open"));
  EXPECT_THAT(text, Not(HasSubstr("lost,")));
  EXPECT_THAT(text, Not(HasSubstr("sent it again")));
}

TEST(Explanation, OfAFastRetransmit) {
  const std::string text =
      told(opened({"0.050-lost   client > server  .  1001:1101(100) ack 5001",
                   "0.051-0.071  client > server  .  1101:1201(100) ack 5001",
                   "0.052-0.072  client > server  .  1201:1301(100) ack 5001",
                   "0.053-0.073  client > server  .  1301:1401(100) ack 5001",
                   "0.071-0.091  server > client  .  5001:5001(0) ack 1001 <sack 1101:1201>",
                   "0.072-0.092  server > client  .  5001:5001(0) ack 1001 <sack 1101:1301>",
                   "0.073-0.093  server > client  .  5001:5001(0) ack 1001 <sack 1101:1401>",
                   "0.094-0.114  client > server  .  1001:1101(100) ack 5001",
                   "0.114-0.134  server > client  .  5001:5001(0) ack 1401"}),
           Part::losses);
  EXPECT_THAT(text, HasSubstr("#4, 100 bytes of data from Seq 1 from client, was lost on the way"));
  EXPECT_THAT(text,
              HasSubstr("3 duplicate ACKs for it had reached client by then: #8, #9 and #10"));
  EXPECT_THAT(
      text, HasSubstr("as #11 without waiting for its timer: a fast retransmit. (RFC 5681 §3.2)"));
}

TEST(Explanation, OfATimer) {
  const std::string text =
      told(opened({"0.050-0.070  client > server  .  1001:1101(100) ack 5001",
                   "0.070-0.090  server > client  .  5001:5001(0) ack 1101",
                   "0.100-lost   client > server  .  1101:1201(100) ack 5001",
                   "0.400-0.420  client > server  .  1101:1201(100) ack 5001"}),
           Part::losses);
  EXPECT_THAT(text, HasSubstr("300 ms after sending it, in which no answer came, client sent it "
                              "again as #7: a timer had run out. (RFC 6298 §5"));
  EXPECT_THAT(text, Not(HasSubstr("fast")));
}

// RFC 6298 §5.5: each wait is twice the one before, and only then is it said.
TEST(Explanation, OfATimerThatBacksOff) {
  const std::string text =
      told(opened({"0.100-lost   client > server  .  1001:1101(100) ack 5001",
                   "0.400-lost   client > server  .  1001:1101(100) ack 5001",
                   "1.000-lost   client > server  .  1001:1101(100) ack 5001",
                   "1.700-1.720  client > server  .  1001:1101(100) ack 5001"}),
           Part::losses);
  EXPECT_THAT(text, HasSubstr("#4, 100 bytes of data from Seq 1 from client, was lost on the way. "
                              "300 ms after sending it, in which no answer came, client sent it "
                              "again as #5: a timer had run out. That one was lost as well. (RFC"));
  EXPECT_THAT(text,
              HasSubstr("600 ms after sending it, in which no answer came, client sent it "
                        "again as #6: a timer had run out. It had waited twice as long as the "
                        "time before: the timer backs off. That one was lost as well. (RFC "
                        "6298 §5.5)"));
  EXPECT_THAT(text, HasSubstr("700 ms after sending it, in which no answer came, client sent it "
                              "again as #7: a timer had run out. (RFC 6298 §5)"));
}

// The packet was only slow: it arrives after its sender gave it up, and after both ends closed.
TEST(Explanation, WhatCameLateWasNotLost) {
  const std::string text = told(opened({"0.100-0.900  client > server  F.  1001:1101(100) ack 5001",
                                        "0.400-0.420  client > server  F.  1001:1101(100) ack 5001",
                                        "0.420-0.440  server > client  F.  5001:5001(0) ack 1102",
                                        "0.440-0.460  client > server  .   1102:1102(0) ack 5002",
                                        "0.900-0.920  server > client  R   5001:5001(0)"}));
  EXPECT_THAT(text, HasSubstr("#5 repeats #4, which was late and not lost: it arrived 500 ms after "
                              "client had sent it again."));
  EXPECT_THAT(text, Not(HasSubstr("could not know")));
  EXPECT_THAT(text, HasSubstr("server answers #4 with a RST (#8)"));
  EXPECT_THAT(text, Not(HasSubstr("more data")));
}

// A copy of the server's FIN comes shortly before the client's timer runs out: it sets nothing off.
TEST(Explanation, AnAckThatSaysNothingNewSetsNothingOff) {
  const std::string text = told(opened({"0.100-0.120  server > client  F.  5001:5001(0) ack 1001",
                                        "0.120-lost   client > server  F.  1001:1001(0) ack 5002",
                                        "0.340-0.360  server > client  F.  5001:5001(0) ack 1001",
                                        "0.360-0.380  client > server  .   1002:1002(0) ack 5002",
                                        "0.361-0.381  client > server  F.  1001:1001(0) ack 5002"}),
                                Part::losses);
  EXPECT_THAT(text, HasSubstr("client sent it again as #8, 241 ms later."));
  EXPECT_THAT(text, Not(HasSubstr("right after")));
}

TEST(Explanation, WhatAnAckBroughtForthIsNoTimer) {
  const std::string text =
      told(opened({"0.050-lost   client > server  .  1001:1101(100) ack 5001",
                   "0.050-lost   client > server  .  1101:1201(100) ack 5001",
                   "0.300-0.320  client > server  .  1001:1101(100) ack 5001",
                   "0.320-0.340  server > client  .  5001:5001(0) ack 1101",
                   "0.3401-0.360  client > server  .  1101:1201(100) ack 5001"}),
           Part::losses);
  EXPECT_THAT(
      text,
      HasSubstr(
          "client sent it again as #8 right after #7, which acknowledges everything before it."));
}

TEST(Explanation, FromOneEndALossIsProbable) {
  const std::string text =
      told(opened_one_end({"0.050  client > server  .  1001:1101(100) ack 5001",
                           "0.400  client > server  .  1001:1101(100) ack 5001"}));
  EXPECT_THAT(text, HasSubstr("it was probably lost, or the answer was lost or late"));
  EXPECT_THAT(text, HasSubstr("a timer had probably run out"));
  EXPECT_THAT(text, HasSubstr("One place was captured"));
  EXPECT_THAT(text, Not(HasSubstr("lost on the way")));
}

TEST(Explanation, ADsackTakesALossBack) {
  const std::string text =
      told(opened_one_end({"0.050  client > server  .  1001:1101(100) ack 5001",
                           "0.300  client > server  .  1001:1101(100) ack 5001",
                           "0.310  server > client  .  5001:5001(0) ack 1101 <sack 1001:1101>"}),
           Part::losses);
  EXPECT_THAT(text, HasSubstr("#6 reports that it came twice (D-SACK): nothing was lost."));
  EXPECT_THAT(text, Not(HasSubstr("probably")));
}

TEST(Explanation, ALostAckNeedsNoRepeating) {
  const std::string text = told(opened({"0.050-0.070  client > server  .  1001:1101(100) ack 5001",
                                        "0.070-lost  server > client  .  5001:5001(0) ack 1101",
                                        "0.080-0.100  client > server  .  1101:1201(100) ack 5001",
                                        "0.100-0.120  server > client  .  5001:5001(0) ack 1201"}),
                                Part::losses);
  EXPECT_THAT(text, HasSubstr("#5, an ACK without data from server, was lost on the way. It needs "
                              "no repeating: #7 acknowledges as much and more."));
}

TEST(Explanation, OfAZeroWindowAndItsProbes) {
  const std::string text =
      told(opened({"0.050-0.070  client > server  .  1001:1101(100) ack 5001",
                   "0.070-0.090  server > client  .  5001:5001(0) ack 1101 win 0",
                   "0.300-0.320  client > server  .  1100:1100(0) ack 5001",
                   "0.320-0.340  server > client  .  5001:5001(0) ack 1101 win 0",
                   "2.070-2.090  server > client  .  5001:5001(0) ack 1101 win 500"}),
           Part::windows);
  EXPECT_THAT(text, HasSubstr("#5 from server offers a window of 0"));
  EXPECT_THAT(text, HasSubstr("client asks once (#6) whether there is room again. #8 opens the "
                              "window to 500 bytes, 2.00 s after it had closed."));
  EXPECT_THAT(text, Not(HasSubstr("keep-alive")));
}

TEST(Explanation, OfAHalfClose) {
  const std::string text = told(opened({"0.050-0.070  client > server  F.  1001:1001(0) ack 5001",
                                        "0.070-0.090  server > client  .  5001:5101(100) ack 1002",
                                        "0.090-0.110  client > server  .  1002:1002(0) ack 5101",
                                        "0.110-0.130  server > client  F.  5101:5101(0) ack 1002",
                                        "0.130-0.150  client > server  .  1002:1002(0) ack 5102"}),
                                Part::closing);
  EXPECT_THAT(text, HasSubstr("client closes first: its FIN (#4)"));
  EXPECT_THAT(text,
              HasSubstr("server has taken note of the FIN and still sends 100 bytes of data (#5)"));
  EXPECT_THAT(text, HasSubstr("client that stays in TIME-WAIT"));
}

TEST(Explanation, DataUnderwayWhenTheFinWasSentIsNoHalfClose) {
  const std::string text =
      told(opened({"0.050-0.070  client > server  F.  1001:1001(0) ack 5001",
                   "0.055-0.075  server > client  .  5001:5101(100) ack 1001"}),
           Part::closing);
  EXPECT_THAT(text, Not(HasSubstr("has taken note")));
}

TEST(Explanation, OfASimultaneousClose) {
  const std::string text = told(opened({"0.050-0.070  client > server  F.  1001:1001(0) ack 5001",
                                        "0.055-0.075  server > client  F.  5001:5001(0) ack 1001",
                                        "0.070-0.090  server > client  .  5002:5002(0) ack 1002",
                                        "0.075-0.095  client > server  .  1002:1002(0) ack 5002"}),
                                Part::closing);
  EXPECT_THAT(text, HasSubstr("a simultaneous close"));
  EXPECT_THAT(text, HasSubstr("Both ends stay in TIME-WAIT"));
}

TEST(Explanation, OfAResetItSaysWhatThePacketsDoNot) {
  const std::string unread =
      told(opened({"0.050-0.070  client > server  P.  1001:1101(100) ack 5001",
                   "0.070-0.090  server > client  .  5001:5001(0) ack 1101",
                   "0.300-0.320  server > client  R.  5001:5001(0) ack 1101"}),
           Part::closing);
  EXPECT_THAT(unread, HasSubstr("without having read all that came"));
  EXPECT_THAT(unread, HasSubstr("the packets do not say which"));
  const std::string abort =
      told(opened({"0.050-0.070  client > server  R.  1001:1001(0) ack 5001"}), Part::closing);
  EXPECT_THAT(abort, HasSubstr("SO_LINGER"));
  EXPECT_THAT(abort, Not(HasSubstr("without having read")));
}

TEST(Explanation, ARstThatAnswersDataToAClosedEnd) {
  const std::string text = told(opened({"0.050-0.070  server > client  F.  5001:5001(0) ack 1001",
                                        "0.070-0.090  client > server  .  1001:1001(0) ack 5002",
                                        "0.300-0.320  client > server  P.  1001:1011(10) ack 5002",
                                        "0.320-0.340  server > client  R  5002:5002(0)"}),
                                Part::closing);
  EXPECT_THAT(text, HasSubstr("server had closed (FIN #4) when #6 brought more data"));
}

TEST(Explanation, WithoutTheBeginningNothingIsSaidOfIt) {
  const std::string text = told({"0.000  client > server  P.  1001:1101(100) ack 5001",
                                 "0.040  server > client  .  5001:5001(0) ack 1101"});
  EXPECT_THAT(text, HasSubstr("No SYN is in the capture"));
  EXPECT_THAT(text, Not(HasSubstr("asks for a connection")));
  EXPECT_THAT(text, HasSubstr("Neither end closes the connection within the capture."));
}

}  // namespace
}  // namespace tracer
