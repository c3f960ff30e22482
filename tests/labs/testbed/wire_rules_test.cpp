// The wire's judgement on made-up frames: no sockets, no clocks, the same every time.
#include "labs/testbed/wire_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <initializer_list>

#include "tracer/bytes/failure.hpp"

namespace testbed {
namespace {

using namespace std::chrono_literals;
using tracer::TcpFlags;

using Content = std::vector<std::byte>;

void put(Content& to, std::initializer_list<unsigned> bytes) {
  for (const unsigned byte : bytes) to.push_back(static_cast<std::byte>(byte));
}

/// Ethernet and IPv4 without options or checksums, which the rules do not look at.
Content ip(Side from, unsigned protocol, std::size_t payload) {
  Content frame(12);
  put(frame, {0x08, 0x00, 0x45, 0, static_cast<unsigned>((payload + 20) >> 8),
              static_cast<unsigned>((payload + 20) & 0xff), 0, 0, 0, 0, 64, protocol, 0, 0});
  put(frame, {10, 0, 0, from == Side::client ? 1u : 2u, 10, 0, 0, from == Side::client ? 2u : 1u});
  return frame;
}
void ports(Content& frame, Side from) {
  if (from == Side::client)
    put(frame, {0x9c, 0x40, 0x1b, 0x58});
  else
    put(frame, {0x1b, 0x58, 0x9c, 0x40});
}

Content segment(Side from, std::uint16_t flags, std::size_t length = 0, std::uint32_t seq = 1) {
  Content frame = ip(from, 6, 20 + length);
  ports(frame, from);
  put(frame, {seq >> 24, seq >> 16 & 0xff, seq >> 8 & 0xff, seq & 0xff, 0, 0, 0, 0, 0x50, flags,
              0xff, 0xff, 0, 0, 0, 0});
  frame.resize(frame.size() + length);
  return frame;
}
Content datagram(Side from, std::size_t length) {
  Content frame = ip(from, 17, 8 + length);
  ports(frame, from);
  put(frame, {0, static_cast<unsigned>(8 + length), 0, 0});
  frame.resize(frame.size() + length);
  return frame;
}

/// A wire under one script; frames come a millisecond apart unless said otherwise.
class Judge {
 public:
  explicit Judge(const std::string& script, std::uint64_t seed = 1,
                 const FilterCompiler& compile = {})
      : rules_(parse_wire_script(script), seed, compile) {}

  Decision operator()(Side from, const Content& content) { return at(now_ += 1ms, from, content); }
  Decision at(tracer::Timestamp now, Side from, const Content& content) {
    tracer::Frame frame;
    frame.bytes = content;
    frame.original_length = static_cast<std::uint32_t>(content.size());
    return rules_.decide(from, frame, now);
  }
  tracer::Timestamp now() const { return now_; }
  WireRules& rules() { return rules_; }

 private:
  WireRules rules_;
  tracer::Timestamp now_{1000s};
};

constexpr Side client = Side::client, server = Side::server;
const Content syn = segment(client, TcpFlags::syn, 0, 1000),
              synack = segment(server, TcpFlags::syn | TcpFlags::ack, 0, 5000),
              ack = segment(client, TcpFlags::ack, 0, 1001),
              fin = segment(client, TcpFlags::fin | TcpFlags::ack, 0, 1001),
              rst = segment(client, TcpFlags::rst, 0, 1001),
              data = segment(client, TcpFlags::ack | TcpFlags::psh, 100, 1001),
              udp = datagram(client, 10);

TEST(WireRules, NoRulesPassEverythingAtOnce) {
  Judge judge("");
  const Decision decision = judge(client, data);
  EXPECT_FALSE(decision.dropped);
  EXPECT_EQ(decision.rule, -1);
  EXPECT_EQ(decision.copies, 1u);
  EXPECT_EQ(decision.departure, judge.now());
}

TEST(WireRules, EachSelectorTakesItsKindOnly) {
  const std::pair<const char*, const Content*> kinds[] = {
      {"syn", &syn},   {"synack", &synack}, {"fin", &fin}, {"rst", &rst},
      {"data", &data}, {"ack", &ack},       {"udp", &udp}};
  for (const auto& [selector, own] : kinds) {
    for (const auto& [name, frame] : kinds) {
      Judge judge(std::string("drop ") + selector);
      EXPECT_EQ(judge(frame == &synack ? server : client, *frame).dropped, frame == own)
          << selector << " on " << name;
    }
  }
}

TEST(WireRules, AnySeesWhatIsNotEvenIp) {
  Judge judge("drop any#2");
  const Content odd(60);
  EXPECT_FALSE(judge(client, odd).dropped);
  EXPECT_TRUE(judge(client, odd).dropped);
  EXPECT_FALSE(judge(client, {}).dropped);
}

TEST(WireRules, CountsFromOnePerDirection) {
  Judge judge("drop data#2");
  const Content back = segment(server, TcpFlags::ack, 5, 5001);
  EXPECT_FALSE(judge(client, data).dropped);
  EXPECT_FALSE(judge(server, back).dropped);
  EXPECT_TRUE(judge(client, data).dropped) << "a retransmission counts as a new packet";
  EXPECT_TRUE(judge(server, back).dropped);
  EXPECT_FALSE(judge(client, data).dropped);
}

TEST(WireRules, DirectionKeepsTheOtherSideAlone) {
  Judge judge("s>c drop");
  EXPECT_FALSE(judge(client, data).dropped);
  EXPECT_TRUE(judge(server, synack).dropped);
}

TEST(WireRules, RangeOfCounts) {
  Judge judge("drop udp#2-3");
  std::vector<bool> dropped;
  for (int i = 0; i < 4; ++i) dropped.push_back(judge(client, udp).dropped);
  EXPECT_EQ(dropped, (std::vector<bool>{false, true, true, false}));
}

TEST(WireRules, BytesAreRelativeToTheSyn) {
  Judge judge("drop c>s bytes 101-150");
  judge(client, syn);  // ISN 1000, so the first byte has number 1
  EXPECT_FALSE(judge(client, segment(client, TcpFlags::ack, 100, 1001)).dropped);
  EXPECT_TRUE(judge(client, segment(client, TcpFlags::ack, 100, 1101)).dropped);
  EXPECT_TRUE(judge(client, segment(client, TcpFlags::ack, 1, 1150)).dropped);
  EXPECT_FALSE(judge(client, segment(client, TcpFlags::ack, 100, 1151)).dropped);
}

TEST(WireRules, BytesGoOnAcrossTheWrapOfSequenceNumbers) {
  Judge judge("drop c>s bytes 101-150");
  judge(client, segment(client, TcpFlags::syn, 0, 0xffffffc0));
  EXPECT_FALSE(judge(client, segment(client, TcpFlags::ack, 100, 0xffffffc1)).dropped);
  EXPECT_TRUE(judge(client, segment(client, TcpFlags::ack, 100, 0xffffffc1 + 100)).dropped);
}

TEST(WireRules, WhereAsksTheFilterForEveryFrameOfBothDirections) {
  int asked = 0;
  const FilterCompiler compile = [&](const std::string& text) -> FramePredicate {
    EXPECT_EQ(text, "frame.len > 100");
    return [&](const tracer::Frame& frame) {
      ++asked;
      return frame.original_length > 100;
    };
  };
  Judge judge("c>s where 'frame.len > 100' drop", 1, compile);
  EXPECT_TRUE(judge(client, data).dropped);
  EXPECT_FALSE(judge(client, ack).dropped);
  EXPECT_FALSE(judge(server, data).dropped);
  EXPECT_EQ(asked, 3) << "a filter over the state of a connection needs both directions";
}

TEST(WireRules, WhereWithAWrongFilterFailsBeforeTheRun) {
  const FilterCompiler compile = [](const std::string&) -> FramePredicate {
    throw tracer::Failure(tracer::exit_code::usage, "no such field");
  };
  EXPECT_THROW(Judge("where 'x' drop", 1, compile), tracer::Failure);
}

TEST(WireRules, WhereWithoutACompilerIsRefused) {
  EXPECT_THROW(Judge("where 'tcp' drop"), tracer::Failure);
}

TEST(WireRules, DelaysAddUp) {
  Judge judge("delay 20ms; c>s delay 5ms");
  const Decision there = judge(client, data);
  EXPECT_EQ(there.departure, judge.now() + 25ms);
  const Decision back = judge(server, synack);
  EXPECT_EQ(back.departure, judge.now() + 20ms);
}

TEST(WireRules, DupHoldAndCorruptSayWhatToDo) {
  EXPECT_EQ(Judge("dup")(client, data).copies, 2u);
  EXPECT_EQ(Judge("dup; dup")(client, data).copies, 3u);
  EXPECT_EQ(Judge("hold 2")(client, data).hold, 2u);
  const Decision corrupt = Judge("corrupt @60")(client, data);
  EXPECT_TRUE(corrupt.corrupt);
  EXPECT_EQ(corrupt.corrupt_at, 60u);
}

TEST(WireRules, CorruptBeyondTheFrameDoesNothing) {
  Judge judge("corrupt @60");
  const Decision decision = judge(client, ack);  // 54 bytes
  EXPECT_FALSE(decision.corrupt);
  EXPECT_EQ(decision.rule, -1);
  EXPECT_EQ(judge.rules().applied()[0], 0u);
}

TEST(WireRules, CauseIsTheRuleAsWritten) {
  Judge judge("delay 20ms; c>s data#1 drop");
  const Decision decision = judge(client, data);
  EXPECT_EQ(decision.cause, "c>s data#1 drop");
  EXPECT_EQ(decision.rule, 1);
  EXPECT_EQ(judge.rules().applied(), (std::vector<std::uint64_t>{1, 1}));
}

TEST(WireRules, RateSpacesPacketsByTheirBits) {
  Judge judge("rate 1Mbit/s");
  const auto now = tracer::Timestamp(5s);
  const auto time_on_link = std::chrono::microseconds(8 * data.size());
  EXPECT_EQ(judge.at(now, client, data).departure, now + time_on_link);
  EXPECT_EQ(judge.at(now, client, data).departure, now + 2 * time_on_link);
  EXPECT_EQ(judge.at(now, server, data).departure, now + time_on_link)
      << "each direction has a link of its own";
  EXPECT_EQ(judge.at(now + 1s, client, data).departure, now + 1s + time_on_link)
      << "the link has been free for long";
}

TEST(WireRules, FullQueueDropsTheTail) {
  Judge judge("rate 1Mbit/s; queue 2");
  const auto now = tracer::Timestamp(5s);
  for (int i = 0; i < 3; ++i)
    EXPECT_FALSE(judge.at(now, client, data).dropped) << "one on the link, two in the queue";
  const Decision fourth = judge.at(now, client, data);
  EXPECT_TRUE(fourth.dropped);
  EXPECT_EQ(fourth.cause, "queue full");
  EXPECT_EQ(fourth.rule, 1);
  EXPECT_FALSE(judge.at(now, server, data).dropped);
  EXPECT_FALSE(judge.at(now + 1s, client, data).dropped);
}

TEST(WireRules, PacketDroppedByARuleTakesNoTimeOnTheLink) {
  Judge judge("rate 1Mbit/s; drop data#1");
  const auto now = tracer::Timestamp(5s);
  EXPECT_TRUE(judge.at(now, client, data).dropped);
  EXPECT_EQ(judge.at(now, client, data).departure,
            now + std::chrono::microseconds(8 * data.size()));
}

std::vector<bool> fates(const std::string& script, std::uint64_t seed) {
  Judge judge(script, seed);
  std::vector<bool> dropped;
  for (int i = 0; i < 2000; ++i) dropped.push_back(judge(i % 2 ? server : client, udp).dropped);
  return dropped;
}

TEST(WireRules, SameSeedSameFates) {
  EXPECT_EQ(fates("loss 10%", 7), fates("loss 10%", 7));
  EXPECT_NE(fates("loss 10%", 7), fates("loss 10%", 8));
}

TEST(WireRules, LossIsAsOftenAsAsked) {
  const auto dropped = fates("loss 10%", 42);
  const auto count = std::count(dropped.begin(), dropped.end(), true);
  EXPECT_GT(count, 120);  // 200 expected, six standard deviations either side; the seed is fixed
  EXPECT_LT(count, 280);
  const auto none = fates("loss 0%", 1);
  EXPECT_EQ(std::count(none.begin(), none.end(), true), 0);
  const auto all = fates("loss 100%", 1);
  EXPECT_EQ(std::count(all.begin(), all.end(), true), 2000);
}

TEST(WireRules, AnotherRuleDoesNotChangeTheLuckOfThoseBefore) {
  EXPECT_EQ(fates("loss 10%", 7), fates("loss 10%; jitter 5ms", 7));
}

TEST(WireRules, JitterIsWithinItsBound) {
  Judge judge("jitter 5ms");
  bool differ = false;
  tracer::Nanoseconds first{-1};
  for (int i = 0; i < 500; ++i) {
    const Decision decision = judge(client, udp);
    const auto late = decision.departure - judge.now();
    EXPECT_GE(late, 0ms);
    EXPECT_LT(late, 5ms);
    if (first < 0ns) first = late;
    differ = differ || late != first;
  }
  EXPECT_TRUE(differ);
}

TEST(WireRules, AddedRuleCountsFromTheNextPacket) {
  Judge judge("");
  judge(client, data);
  judge.rules().add(parse_wire_script("drop data#1")[0], {});
  EXPECT_TRUE(judge(client, data).dropped);
  EXPECT_FALSE(judge(client, data).dropped);
}

}  // namespace
}  // namespace testbed
