// Rules over written-down traces: for each word of the vocabulary one trace where it holds and one where
// it does not. Times are when a segment leaves and when it arrives.
#include "labs/grader/judge.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "labs/grader/properties.hpp"
#include "tests/support/segment.hpp"

namespace grader {
namespace {

using testing::HasSubstr;
using Script = std::vector<std::string>;

const Script handshake{
    "0.000-0.010  client > server  S   1000:1000(0)",
    "0.010-0.020  server > client  S.  5000:5000(0) ack 1001",
    "0.020-0.030  client > server  .   1001:1001(0) ack 5001",
};
Script after_handshake(Script rest) {
  rest.insert(rest.begin(), handshake.begin(), handshake.end());
  return rest;
}
/// Question, FIN, answer, FIN: nothing to find fault with.
const Script polite = after_handshake({
    "0.030-0.040  client > server  P.  1001:1101(100) ack 5001",
    "0.031-0.041  client > server  F.  1101:1101(0) ack 5001",
    "0.042-0.052  server > client  P.  5001:5051(50) ack 1102",
    "0.043-0.053  server > client  F.  5051:5051(0) ack 1102",
    "0.054-0.064  client > server  .   1102:1102(0) ack 5052",
});
/// The server answers before the end, then resets.
const Script rude = after_handshake({
    "0.030-0.040  client > server  P.  1001:1101(100) ack 5001",
    "0.042-0.052  server > client  P.  5001:5051(50) ack 1101",
    "0.043-0.053  server > client  R.  5051:5051(0) ack 1101",
    "0.044-0.054  client > server  F.  1101:1101(0) ack 5001",
});

Finding judged(const std::string& name, const Script& script, const std::string& argument = {},
               std::vector<testbed::ClosedSocket> closed = {}) {
  testbed::RunResult result;
  result.frames = support::frames_of(script, true);
  result.closed = std::move(closed);
  result.complete = true;
  const Trace trace(std::move(result));
  Rule rule;
  rule.demand =
      Property{name, argument.empty() ? std::vector<std::string>{} : std::vector{argument}};
  return judge(rule, trace);
}

Finding judged(Demand demand, const Script& script) {
  testbed::RunResult result;
  result.frames = support::frames_of(script, true);
  const Trace trace(std::move(result));
  Rule rule;
  rule.demand = std::move(demand);
  return judge(rule, trace);
}

struct Case {
  const char *name, *argument;
  const Script *holds, *breaks;
};

const Script only_syn{"0.000-lost  client > server  S  1000:1000(0)",
                      "1.000-1.010  client > server  S  1000:1000(0)"};
const Script refused{"0.000-0.010  client > server  S  1000:1000(0)",
                     "0.010-0.020  server > client  R.  0:0(0) ack 1001"};
const Script open = after_handshake({"0.030-0.040  client > server  P.  1001:1101(100) ack 5001"});
const Script server_first = after_handshake({
    "0.030-0.040  server > client  F.  5001:5001(0) ack 1001",
    "0.041-0.051  client > server  F.  1001:1001(0) ack 5002",
    "0.052-0.062  server > client  .   5002:5002(0) ack 1002",
});
const Script three_turns = after_handshake({
    "0.030-0.040  client > server  P.  1001:1011(10) ack 5001",
    "0.041-0.051  server > client  P.  5001:5011(10) ack 1011",
    "0.052-0.062  client > server  P.  1011:1021(10) ack 5011",
    "0.063-0.073  server > client  P.  5011:5021(10) ack 1021",
    "0.074-0.084  client > server  P.  1021:1031(10) ack 5021",
    "0.085-0.095  server > client  P.  5021:5031(10) ack 1031",
});
const Script slow_reader = after_handshake({
    "0.030-0.040  client > server  P.  1001:1101(100) ack 5001",
    "0.041-0.051  server > client  .   5001:5001(0) ack 1101 win 0",
});
const Script repeated = after_handshake({
    "0.030-lost   client > server  P.  1001:1101(100) ack 5001",
    "0.330-0.340  client > server  P.  1001:1101(100) ack 5001",
    "0.341-0.351  server > client  .   5001:5001(0) ack 1101",
});

class EachProperty : public testing::TestWithParam<Case> {};

TEST_P(EachProperty, HoldsHereAndNotThere) {
  const auto& [name, argument, holds, breaks] = GetParam();
  const Finding good = judged(name, *holds, argument), bad = judged(name, *breaks, argument);
  EXPECT_TRUE(good.holds) << good.seen;
  EXPECT_FALSE(bad.holds) << bad.seen;
  EXPECT_FALSE(bad.seen.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Tcp, EachProperty,
    testing::Values(
        Case{"handshake", "", &polite, &only_syn}, Case{"handshake", "", &polite, &refused},
        Case{"refused", "", &refused, &polite}, Case{"refused", "", &refused, &only_syn},
        Case{"orderly_close", "", &polite, &rude}, Case{"orderly_close", "", &server_first, &open},
        Case{"half_close", "client", &polite, &rude},
        Case{"half_close", "client", &polite, &server_first},
        Case{"fin_first", "client", &polite, &server_first},
        Case{"fin_first", "server", &server_first, &polite},
        Case{"fin_from", "server", &polite, &rude}, Case{"all_closed", "", &polite, &open},
        Case{"no_rst", "", &polite, &rude}, Case{"no_rst", "server", &polite, &refused},
        Case{"rst_from", "server", &rude, &polite}, Case{"delivered", "client", &polite, &open},
        Case{"silent", "server", &open, &polite},
        Case{"answers_after_end", "server", &polite, &rude},
        Case{"keeps_connection", "3", &three_turns, &polite},
        Case{"zero_window_seen", "server", &slow_reader, &polite},
        Case{"no_zero_window", "server", &polite, &slow_reader},
        Case{"retransmission_seen", "client", &repeated, &polite},
        Case{"no_retransmission", "", &polite, &repeated},
        Case{"timeout_retransmit_seen", "", &repeated, &polite}),
    [](const auto& one) { return std::string(one.param.name) + "_" + std::to_string(one.index); });

TEST(OneSyn, CountsAttemptsNotSegments) {
  EXPECT_TRUE(judged("one_syn", only_syn, "client").holds);
  Script two = polite;
  two.push_back("0.100-0.110  client > server  S  90000:90000(0)");
  EXPECT_FALSE(judged("one_syn", two, "client").holds);
}

// RFC 2525 §2.17: what was unread is counted by the kernel, not guessed from the wire.
TEST(NoRst, TellsHowMuchWasUnread) {
  const tracer::Endpoint server{*tracer::IpAddress::parse("10.0.0.2"), 7000},
      client{*tracer::IpAddress::parse("10.0.0.1"), 40000};
  const Finding finding = judged("no_rst", rude, "", {{Side::server, server, client, 100}});
  EXPECT_THAT(finding.seen, HasSubstr("the server closed its socket with 100 bytes unread"));
  EXPECT_THAT(finding.reason, HasSubstr("RFC 2525"));
  EXPECT_THAT(finding.repair, HasSubstr("until recv() returns 0"));
  EXPECT_EQ(finding.packets, std::vector<std::uint32_t>{6});
}

TEST(NoRst, DataForAClosedSocketIsAnotherStory) {
  const Finding finding =
      judged("no_rst", after_handshake({
                           "0.030-0.040  server > client  F.  5001:5001(0) ack 1001",
                           "0.041-0.051  client > server  P.  1001:1101(100) ack 5002",
                           "0.052-0.062  server > client  R   5002:5002(0)",
                       }));
  EXPECT_FALSE(finding.holds);
  EXPECT_THAT(finding.seen,
              HasSubstr("data came in #5 when the server had closed its socket (FIN #4)"));
}

TEST(NoConnection, IsNeverAPass) {
  for (const PropertyInfo& one : properties()) {
    const std::string argument =
        one.argument == Argument::host || one.argument == Argument::optional_host ? "client"
        : one.argument == Argument::none                                          ? ""
                                                                                  : "2";
    EXPECT_FALSE(judged(std::string(one.name), {}, argument).holds) << one.name;
  }
}

TEST(Counting, LostPacketsCountAsTheyLeaveAndNotWhereTheyShouldArrive) {
  const std::string data = "tcp.len > 0";
  EXPECT_TRUE(judged(Count{{data, "", ""}, {2, 2}}, repeated).holds);
  EXPECT_TRUE(judged(Count{{data, "", "", Place::server}, {1, 1}}, repeated).holds);
  const Finding many = judged(Count{{data, "", ""}, {{}, 1}}, repeated);
  EXPECT_FALSE(many.holds);
  EXPECT_EQ(many.packets, std::vector<std::uint32_t>{5});  // the one too many
}

TEST(Counting, AfterAndBeforeCutOutAStretch) {
  const std::string from_server = "ip.src == 10.0.0.2 && tcp.len > 0",
                    fin = "tcp.flags.fin == 1 && ip.src == 10.0.0.1";
  EXPECT_TRUE(judged(Count{{from_server, "", fin, Place::server}, {0, 0}}, polite).holds);
  EXPECT_FALSE(judged(Count{{from_server, "", fin, Place::server}, {0, 0}}, rude).holds);
  EXPECT_TRUE(judged(Count{{from_server, fin, ""}, {1, {}}}, polite).holds);
  const Finding nothing = judged(Count{{from_server, "", "udp"}, {0, 0}}, polite);
  EXPECT_FALSE(nothing.holds);
  EXPECT_THAT(nothing.seen, HasSubstr("no packet is `udp`"));
}

TEST(Ordering, OthersMayLieBetween) {
  const std::string fin = "tcp.flags.fin == 1 && ip.src == 10.0.0.1", answer = "tcp.len == 50";
  const Finding good =
      judged(Order{{"tcp.flags.syn == 1 && tcp.flags.ack == 0", fin, answer}}, polite);
  EXPECT_TRUE(good.holds);
  EXPECT_EQ(good.packets, (std::vector<std::uint32_t>{1, 5, 6}));
  const Finding bad = judged(Order{{fin, answer}}, rude);
  EXPECT_FALSE(bad.holds);
  EXPECT_THAT(bad.seen, HasSubstr("after #7 no packet is `tcp.len == 50`; #5 was before that"));
}

TEST(Pausing, IsALowerBound) {
  const std::string data = "tcp.len > 0";
  EXPECT_TRUE(judged(Pause{data, data, std::chrono::milliseconds(250)}, repeated).holds);
  EXPECT_FALSE(judged(Pause{data, data, std::chrono::milliseconds(350)}, repeated).holds);
  EXPECT_FALSE(
      judged(Pause{data, data, std::chrono::milliseconds(1)}, open).holds);  // there is no pair
}

TEST(Streams, AreBytesInOrderHoweverTheyWereSent) {
  Script shuffled = after_handshake({
      "0.030-0.060  client > server  P.  1001:1101(100) ack 5001",
      "0.031-0.041  client > server  P.  1101:1201(100) ack 5001",
      "0.090-0.100  client > server  P.  1001:1101(100) ack 5001",
  });
  EXPECT_TRUE(judged(StreamBytes{Side::client, {200, 200}}, shuffled).holds);
  EXPECT_TRUE(judged(Connections{{1, 1}}, shuffled).holds);
  Text same{Text::Of::stream, Side::server, Comparison::equals, "", true, Scope::each};
  EXPECT_FALSE(judged(same, shuffled).holds);
  Text nothing{Text::Of::stream, Side::server, Comparison::equals, "", false, Scope::each};
  EXPECT_TRUE(judged(nothing, shuffled).holds);
}

// What a kernel sends when its program is stopped is not the program's doing: a FIN at exit is no close().
TEST(AfterTheStop, NothingCounts) {
  testbed::RunResult result;
  result.frames = support::frames_of(polite, true);
  result.programs[1].ran = result.programs[1].stopped = true;
  result.programs[1].stopped_at = support::script_time(std::chrono::microseconds(42'500));
  const Trace trace(std::move(result));
  Rule rule;
  rule.demand = Property{"orderly_close", {}};
  const Finding finding = judge(rule, trace);
  EXPECT_FALSE(finding.holds);
  EXPECT_THAT(finding.seen, HasSubstr("the server never sent a FIN"));
}

}  // namespace
}  // namespace grader
