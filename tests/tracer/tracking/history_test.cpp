// Zeek's letters and states: https://docs.zeek.org, base/protocols/conn/main.zeek.
#include "tracer/tracking/history.hpp"

#include "tests/support/track.hpp"

namespace tracer {
namespace {

using support::track;
using Script = std::vector<std::string>;

const std::string syn = "0.000  client > server  S   1000:1000(0)",
                  syn_ack = "0.010  server > client  S.  5000:5000(0) ack 1001",
                  ack = "0.020  client > server  .   1001:1001(0) ack 5001",
                  client_fin = "0.030  client > server  F.  1001:1001(0) ack 5001",
                  server_fin = "0.040  server > client  F.  5001:5001(0) ack 1002",
                  client_rst = "0.050  client > server  R.  1001:1001(0) ack 5001",
                  server_rst = "0.050  server > client  R.  5001:5001(0) ack 1001",
                  refused = "0.010  server > client  R.  0:0(0) ack 1001";

TEST(ConnectionState, OfEachEnding) {
  const std::pair<Script, const char*> cases[] = {
      {{syn}, "S0"},
      {{syn, syn_ack}, "S1"},
      {{syn, syn_ack, ack}, "S1"},
      {{syn, refused}, "REJ"},
      {{syn, client_rst}, "RSTOS0"},
      {{syn, client_fin}, "SH"},
      {{syn, syn_ack, ack, client_fin, server_fin}, "SF"},
      {{syn, syn_ack, ack, client_fin}, "S2"},
      {{syn, syn_ack, ack, server_fin}, "S3"},
      {{syn, syn_ack, ack, client_rst}, "RSTO"},
      {{syn, syn_ack, ack, server_rst}, "RSTR"},
      {{syn_ack, server_rst}, "RSTRH"},
      {{syn_ack, server_fin}, "SHR"},
      {{ack}, "OTH"}};
  for (const auto& [script, state] : cases)
    EXPECT_EQ(track(script).state, state) << track(script).history;
}

TEST(History, TellsAConnectionInOneWord) {
  EXPECT_EQ(track({syn, syn_ack, ack, "0.030  client > server  P.  1001:1101(100) ack 5001",
                   "0.040  server > client  .   5001:5001(0) ack 1101",
                   "0.050  server > client  P.  5001:5011(10) ack 1101",
                   "0.060  client > server  F.  1101:1101(0) ack 5011",
                   "0.070  server > client  F.  5011:5011(0) ack 1102",
                   "0.080  client > server  .   1102:1102(0) ack 5012"})
                .history,
            "ShADadFf");
}

TEST(History, LossShowsAsRepeatedAndAsGap) {
  EXPECT_EQ(track({syn, syn_ack, ack, "0.030  client > server  P.  1001:1101(100) ack 5001",
                   "0.300  client > server  P.  1001:1101(100) ack 5001"})
                .history,
            "ShADT");
  EXPECT_EQ(
      track({syn, syn_ack, ack, "0.030  client > server  P.  1101:1201(100) ack 5001"}).history,
      "ShAGD");
}

TEST(History, ZeroWindowAndOddFlags) {
  EXPECT_EQ(
      track({syn, syn_ack, ack, "0.030  server > client  .   5001:5001(0) ack 1001 win 0"}).history,
      "ShAaw");
  EXPECT_EQ(track({"0.0  client > server  SF  1000:1000(0)"}).history, "Q");
}

TEST(History, ALetterComesOnceForEachSide) {
  History history;
  for (int i = 0; i < 100; ++i) {
    history.add('D', true);
    history.add('D', false);
  }
  EXPECT_EQ(history.text(), "Dd");
}

TEST(History, ACaptureThatBeginsWithTheAnswerSaysSo) {
  const auto connection = track({syn_ack, ack});
  EXPECT_EQ(connection.history, "^hA");
}

TEST(History, HasRoomForAll) {
  History history;
  history.flip();
  for (const char letter : {'S', 'H', 'A', 'D', 'F', 'R', 'T', 'W', 'G', 'Q'})
    for (const bool originator : {true, false}) history.add(letter, originator);
  EXPECT_EQ(history.text(), "^SsHhAaDdFfRrTtWwGgQq");
}

}  // namespace
}  // namespace tracer
