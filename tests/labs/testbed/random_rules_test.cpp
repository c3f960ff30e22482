// Loss and jitter on a real wire: by luck, but by the same luck for the same seed.
#include "tests/labs/testbed/on_the_wire.hpp"

#include <algorithm>

namespace testbed {
namespace {

using namespace std::chrono_literals;

class RandomRules : public OnTheWire {};

RunResult datagrams(const std::string& wire, std::uint64_t seed) {
  RunSpec spec = scenario(wire, "talker udp-sink 7000", "talker udp-send server 7000 60 20");
  spec.seed = seed;
  return run_complete(spec);
}
std::vector<std::size_t> lost_datagrams(const RunResult& result) {
  return lost(result, Side::client, [](const Seen&) { return true; });
}

TEST_F(RandomRules, LossIsTheSameForTheSameSeed) {
  const auto first = lost_datagrams(datagrams("c>s loss 30%", 5)),
             again = lost_datagrams(datagrams("c>s loss 30%", 5)),
             other_seed = lost_datagrams(datagrams("c>s loss 30%", 6));
  EXPECT_EQ(first, again);
  EXPECT_NE(first, other_seed);
  EXPECT_GT(first.size(), 3u);
  EXPECT_LT(first.size(), 40u);
}

TEST_F(RandomRules, LossOfNothingAndOfEverything) {
  EXPECT_EQ(lost_datagrams(datagrams("loss 0%", 1)).size(), 0u);
  EXPECT_EQ(lost_datagrams(datagrams("loss 100%", 1)).size(), 60u);
}

TEST_F(RandomRules, TcpGetsThroughLoss) {
  RunSpec spec =
      scenario("delay 1ms; loss 5%", "talker tcp-sink 7000", "talker tcp-send server 7000 100000");
  spec.seed = 3;
  const RunResult result = run_complete(spec);
  EXPECT_GT(lost_altogether(result), 0u);
  EXPECT_EQ(result.programs[1].output, "100000 bytes\n");
}

TEST_F(RandomRules, JitterDelaysEachByAnotherAmountAndLosesNone) {
  const RunResult result = datagrams("delay 2ms; jitter 20ms", 9);
  EXPECT_EQ(lost_altogether(result), 0u);
  std::vector<std::uint32_t> order;
  for (const Seen& one : received_by(result, Side::server)) order.push_back(one.datagram_number());
  ASSERT_EQ(order.size(), 60u);
  EXPECT_FALSE(std::is_sorted(order.begin(), order.end()))
      << "60 datagrams sent at once, each up to 20 ms late";
  const auto sent = sent_by(result, Side::client);
  for (const Seen& one : received_by(result, Side::server)) {
    const auto original = std::find_if(sent.begin(), sent.end(), [&](const Seen& other_one) {
      return other_one.frame->packet_id == one.frame->packet_id;
    });
    ASSERT_NE(original, sent.end());
    EXPECT_GE(one.frame->time - original->frame->time, 2ms);
  }
}

}  // namespace
}  // namespace testbed
