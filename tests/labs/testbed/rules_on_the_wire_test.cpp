// Every wire rule, read back from the captures at both ends.
#include "tests/labs/testbed/on_the_wire.hpp"

#include <algorithm>

namespace testbed {
namespace {

using namespace std::chrono_literals;
using Positions = std::vector<std::size_t>;

constexpr auto tcp_sink = "talker tcp-sink 7000", tcp_send = "talker tcp-send server 7000 8000",
               tcp_echo = "talker tcp-echo 7000", tcp_ask = "talker tcp-ask server 7000 4 100",
               udp_sink = "talker udp-sink 7000", udp_send = "talker udp-send server 7000 6 100";

bool any(const Seen&) { return true; }
bool data(const Seen& one) { return one.is_data(); }
bool ack(const Seen& one) { return one.is_ack(); }
bool syn(const Seen& one) { return one.is_syn(); }
bool synack(const Seen& one) { return one.is_synack(); }
bool fin(const Seen& one) { return one.has(tracer::TcpFlags::fin); }
bool rst(const Seen& one) { return one.has(tracer::TcpFlags::rst); }
bool udp(const Seen& one) { return one.packet.udp.has_value(); }

bool all_bytes_came(const RunResult& result, int bytes) {
  return result.programs[1].output == std::to_string(bytes) + " bytes\n";
}

class Rules : public OnTheWire {};

TEST_F(Rules, NoneLosesNothing) {
  const RunResult result = run_complete(scenario("", tcp_sink, tcp_send));
  EXPECT_EQ(lost_altogether(result), 0u);
  EXPECT_TRUE(all_bytes_came(result, 8000)) << result.programs[1].output;
}

// drop, by each selector: what the rule names is lost, nothing else is, and TCP repairs it.

struct Drop {
  const char *rule, *server, *client;
  Side from;
  bool (*kind)(const Seen&);
  Positions expected;
};
class DropRule : public OnTheWire, public testing::WithParamInterface<Drop> {};

TEST_P(DropRule, LosesWhatItNamesAndNothingElse) {
  const Drop& drop = GetParam();
  const RunResult result = run_complete(scenario(drop.rule, drop.server, drop.client));
  EXPECT_EQ(lost(result, drop.from, drop.kind), drop.expected);
  EXPECT_EQ(lost_altogether(result), drop.expected.size());
  for (const ProgramResult& program : result.programs)
    EXPECT_TRUE(program.status == 0 || program.stopped) << program.output;
}

INSTANTIATE_TEST_SUITE_P(
    Selectors, DropRule,
    testing::Values(Drop{"drop syn#1", tcp_sink, tcp_send, Side::client, syn, {1}},
                    Drop{"drop synack#1", tcp_sink, tcp_send, Side::server, synack, {1}},
                    Drop{"drop c>s fin#1", tcp_sink, tcp_send, Side::client, fin, {1}},
                    Drop{"drop s>c fin#1", tcp_sink, tcp_send, Side::server, fin, {1}},
                    Drop{"drop c>s data#3", tcp_sink, tcp_send, Side::client, data, {3}},
                    Drop{"c>s data#3 drop", tcp_sink, tcp_send, Side::client, data, {3}},
                    Drop{"data#1 drop c>s", tcp_sink, tcp_send, Side::client, data, {1}},
                    Drop{"drop c>s data#2-3", tcp_sink, tcp_send, Side::client, data, {2, 3}},
                    Drop{"drop s>c data#2", tcp_echo, tcp_ask, Side::server, data, {2}},
                    Drop{"drop s>c ack#1", tcp_sink, tcp_send, Side::server, ack, {1}},
                    Drop{"drop c>s ack#1", tcp_sink, tcp_send, Side::client, ack, {1}},
                    Drop{"drop c>s rst#1",
                         tcp_sink,
                         "talker tcp-reset server 7000; exit 0",
                         Side::client,
                         rst,
                         {1}},
                    Drop{"drop c>s udp#2", udp_sink, udp_send, Side::client, udp, {2}},
                    Drop{"udp#4-5 drop", udp_sink, udp_send, Side::client, udp, {4, 5}},
                    Drop{"drop c>s any#1", tcp_sink, tcp_send, Side::client, any, {1}},
                    Drop{"drop s>c any#1", tcp_sink, tcp_send, Side::server, any, {1}}));

TEST_F(Rules, DroppedDataIsSentAgainUnderANewNumber) {
  const RunResult result = run_complete(scenario("drop c>s data#3", tcp_sink, tcp_send));
  const auto sent = sent_by(result, Side::client);
  const auto at = positions(sent, data);
  ASSERT_GE(at.size(), 4u);
  const auto seq = sent[at[2] - 1].packet.tcp->seq();
  const auto again = std::count_if(sent.begin(), sent.end(), [&](const Seen& one) {
    return one.is_data() && one.packet.tcp->seq() == seq;
  });
  EXPECT_EQ(again, 2);
  EXPECT_TRUE(all_bytes_came(result, 8000));
}

TEST_F(Rules, DropBytesLosesEverySegmentThatHoldsOneOfThem) {
  // The bytes would be lost for ever, so the rule is for one direction and the sender gives up by
  // our time limit: what counts is that each attempt was lost.
  RunSpec spec = scenario("drop c>s bytes 2000-2001", tcp_sink, tcp_send);
  spec.time_limit = 1500ms;
  const RunResult result = run_complete(spec);
  const auto sent = sent_by(result, Side::client);
  const auto came = arrivals(result, Side::client);
  const auto first =
      std::find_if(sent.begin(), sent.end(), [](const Seen& one) { return one.is_syn(); });
  ASSERT_NE(first, sent.end());
  const std::uint32_t initial = first->packet.tcp->seq().value;
  std::size_t hit = 0;
  for (std::size_t i = 0; i < sent.size(); ++i) {
    if (!sent[i].is_data()) continue;
    const std::uint32_t start = sent[i].packet.tcp->seq().value - initial;
    const bool named = start <= 2001 && start + sent[i].length > 2000;
    hit += named;
    EXPECT_EQ(came[i], named ? 0u : 1u) << "bytes from " << start;
  }
  EXPECT_GE(hit, 2u) << "lost, and lost again";
}

TEST_F(Rules, WhereDropsWhatTheFilterSays) {
  RunSpec spec = scenario("drop where 'datagram 3'", udp_sink, udp_send);
  spec.compile = [](const std::string& text) -> FramePredicate {
    EXPECT_EQ(text, "datagram 3");
    return [](const tracer::Frame& frame) {
      tracer::Packet packet;
      tracer::decode(frame, 1, packet);
      return packet.udp && tracer::be32(packet.udp->payload(), 0) == 3;
    };
  };
  EXPECT_EQ(lost(run_complete(spec), Side::client, udp), Positions{3});
}

TEST_F(Rules, DelayHoldsEveryPacketBackThatLong) {
  const RunResult result =
      run_complete(scenario("c>s delay 30ms; s>c delay 10ms", tcp_echo, tcp_ask));
  for (const Side from : {Side::client, Side::server}) {
    const auto sent = sent_by(result, from), came = received_by(result, other(from));
    ASSERT_EQ(sent.size(), came.size());
    ASSERT_GE(sent.size(), 5u);
    for (std::size_t i = 0; i < sent.size(); ++i) {
      EXPECT_EQ(sent[i].frame->packet_id, came[i].frame->packet_id)
          << "equal delays keep the order";
      EXPECT_GE(came[i].frame->time - sent[i].frame->time, from == Side::client ? 30ms : 10ms);
    }
  }
}

TEST_F(Rules, DupDeliversTheSameBytesTwice) {
  const RunResult result = run_complete(scenario("dup c>s data#2", tcp_sink, tcp_send));
  const auto sent = sent_by(result, Side::client);
  const auto came = arrivals(result, Side::client);
  std::size_t count = 0;
  for (std::size_t i = 0; i < sent.size(); ++i)
    EXPECT_EQ(came[i], sent[i].is_data() && ++count == 2 ? 2u : 1u) << "frame " << i + 1;
  EXPECT_TRUE(all_bytes_came(result, 8000)) << "TCP takes it once";
}

TEST_F(Rules, CorruptedSegmentArrivesAndIsThrownAway) {
  const RunResult result = run_complete(scenario("corrupt @80 c>s data#2", tcp_sink, tcp_send));
  const auto sent = sent_by(result, Side::client), came = received_by(result, Side::server);
  const auto at = positions(sent, data);
  ASSERT_GE(at.size(), 3u);
  const Seen& original = sent[at[1] - 1];
  const auto changed = std::find_if(came.begin(), came.end(), [&](const Seen& one) {
    return one.frame->packet_id == original.frame->packet_id;
  });
  ASSERT_NE(changed, came.end()) << "it does arrive";
  ASSERT_EQ(changed->frame->bytes.size(), original.frame->bytes.size());
  Positions differ;
  for (std::size_t i = 0; i < original.frame->bytes.size(); ++i)
    if (original.frame->bytes[i] != changed->frame->bytes[i]) differ.push_back(i);
  EXPECT_EQ(differ, Positions{80});
  EXPECT_EQ(tracer::transport_checksum_right(changed->packet), false);
  EXPECT_EQ(tracer::transport_checksum_right(original.packet), true);
  const auto copies = std::count_if(sent.begin(), sent.end(), [&](const Seen& one) {
    return one.is_data() && one.packet.tcp->seq() == original.packet.tcp->seq();
  });
  EXPECT_EQ(copies, 2) << "the receiver threw it away, so it came again";
  EXPECT_TRUE(all_bytes_came(result, 8000));
}

std::vector<std::uint32_t> datagrams(const std::vector<Seen>& frames) {
  std::vector<std::uint32_t> numbers;
  for (const Seen& one : frames)
    if (one.packet.udp) numbers.push_back(one.datagram_number());
  return numbers;
}

TEST_F(Rules, HoldLetsLaterPacketsPass) {
  const RunResult result = run_complete(scenario("hold 2 c>s udp#2", udp_sink, udp_send));
  EXPECT_EQ(datagrams(sent_by(result, Side::client)),
            (std::vector<std::uint32_t>{1, 2, 3, 4, 5, 6}));
  EXPECT_EQ(datagrams(received_by(result, Side::server)),
            (std::vector<std::uint32_t>{1, 3, 4, 2, 5, 6}));
}

TEST_F(Rules, HeldPacketWithNothingBehindItStillArrives) {
  const RunResult result = run_complete(scenario("hold 3 c>s udp#6", udp_sink, udp_send));
  EXPECT_EQ(datagrams(received_by(result, Side::server)),
            (std::vector<std::uint32_t>{1, 2, 3, 4, 5, 6}));
}

TEST_F(Rules, HoldReordersTcpWithoutLoss) {
  const RunResult result = run_complete(scenario("hold 1 c>s data#2", tcp_sink, tcp_send));
  EXPECT_EQ(lost_altogether(result), 0u);
  const auto sent = sent_by(result, Side::client), came = received_by(result, Side::server);
  const auto a = positions(sent, data), b = positions(came, data);
  ASSERT_GE(a.size(), 3u);
  ASSERT_EQ(a.size(), b.size());
  EXPECT_EQ(came[b[1] - 1].frame->packet_id, sent[a[2] - 1].frame->packet_id);
  EXPECT_EQ(came[b[2] - 1].frame->packet_id, sent[a[1] - 1].frame->packet_id);
}

TEST_F(Rules, RateSpacesArrivals) {
  const RunResult result = run_complete(scenario("c>s rate 1Mbit/s", udp_sink, udp_send));
  const auto came = received_by(result, Side::server), sent = sent_by(result, Side::client);
  ASSERT_EQ(came.size(), 6u);
  // 142 bytes at 1 Mbit/s take 1.136 ms each, counted from when the first was sent.
  for (std::size_t i = 0; i < came.size(); ++i)
    EXPECT_GE(came[i].frame->time - sent[0].frame->time,
              (i + 1) * std::chrono::microseconds(8 * came[i].frame->original_length));
}

TEST_F(Rules, QueueDropsWhatDoesNotFit) {
  const RunResult result = run_complete(
      scenario("c>s rate 8kbit/s; c>s queue 2", udp_sink, "talker udp-send server 7000 6 100"));
  // At 142 ms a packet, all six are there before the first has left, unless the sender is stopped
  // for that long: so the first three arrive, and whatever the wire lost is named "queue full".
  const auto came = datagrams(received_by(result, Side::server));
  ASSERT_GE(came.size(), 3u);
  EXPECT_EQ((std::vector<std::uint32_t>{came[0], came[1], came[2]}),
            (std::vector<std::uint32_t>{1, 2, 3}));
  EXPECT_GE(lost_altogether(result), 1u);
  for (const WireEvent& event : result.wire)
    EXPECT_EQ(event.cause, event.dropped ? "queue full" : "");
}

TEST_F(Rules, TheWiresOwnLogSaysTheSame) {
  const RunResult result = run_complete(
      scenario("drop c>s data#3; dup c>s data#5; corrupt @80 c>s data#1", tcp_sink, tcp_send));
  EXPECT_EQ(result.applied, (std::vector<std::uint64_t>{1, 1, 1}));
  for (const WireEvent& event : result.wire) {
    EXPECT_EQ(event.sent.size(), event.dropped ? 0u : event.copies) << "packet " << event.id;
    const auto at = [&](Side host, tracer::Direction direction) {
      return static_cast<std::size_t>(std::count_if(
          result.frames.begin(), result.frames.end(), [&](const tracer::Frame& frame) {
            return frame.packet_id == event.id &&
                   frame.vantage == static_cast<std::uint32_t>(host) &&
                   frame.direction == direction;
          }));
    };
    EXPECT_EQ(at(event.from, tracer::Direction::outbound), 1u) << "packet " << event.id;
    EXPECT_EQ(at(other(event.from), tracer::Direction::inbound), event.sent.size())
        << "packet " << event.id;
  }
}

}  // namespace
}  // namespace testbed
