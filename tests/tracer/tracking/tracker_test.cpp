#include "tracer/tracking/tracker.hpp"

#include <gtest/gtest.h>

#include "tests/support/frames.hpp"
#include "tests/support/segment.hpp"

namespace tracer {
namespace {

using namespace support;

TEST(Tracker, UdpStreamsCountFromZero) {
  Tracker tracker;
  const Buffer one = ethernet(0x0800, ipv4({.protocol = 17}, udp(1, 2, text("abc")))),
               other = ethernet(0x0800, ipv4({.protocol = 17}, udp(1, 3, text("abc"))));
  Packet packet = decoded(one);
  EXPECT_EQ(tracker.track(packet).udp_stream, 0u);
  packet = decoded(other);
  EXPECT_EQ(tracker.track(packet).udp_stream, 1u);
  packet = decoded(one);
  const Tracked& again = tracker.track(packet);
  EXPECT_EQ(again.udp_stream, 0u);
  EXPECT_EQ(again.conversation->packets[0], 2u);
  EXPECT_EQ(again.conversation->payload_bytes[0], 6u);
}

TEST(Tracker, AnErrorBelongsToWhatItIsAbout) {
  Tracker tracker;
  const Buffer request =
      ethernet(0x0800, ipv4({.protocol = 17}, udp(40000, 7001, text("anybody?"))));
  const Buffer error = ethernet(
      0x0800, ipv4({.source = "10.0.0.2", .destination = "10.0.0.1", .protocol = 1},
                   icmp(3, 3, 0, ipv4({.protocol = 17}, udp(40000, 7001, text("anybody?"))))));
  Packet packet = decoded(request);
  const Conversation* conversation = tracker.track(packet).conversation;
  packet = decoded(error);
  const Tracked& tracked = tracker.track(packet);
  EXPECT_EQ(tracked.conversation, conversation);
  EXPECT_TRUE(tracked.unreachable);
  EXPECT_EQ(tracked.direction, 1u);
  EXPECT_EQ(tracker.conversations().size(), 1u);
}

TEST(Tracker, TheCallerIsFirstAlsoWhereOnlyTheAnswerWasSeen) {
  Tracker tracker;
  const Buffer answer =
      frame_of(parse_segment("0.0  server > client  S.  5000:5000(0) ack 1001"), 1);
  Packet packet = decoded(answer);
  const Tracked& tracked = tracker.track(packet);
  EXPECT_EQ(tracked.conversation->ends[0].text(), "10.0.0.1:40000");
  EXPECT_EQ(tracked.direction, 1u);
}

// As tshark 4.0 has it: what was announced is known before its first packet, whoever sent that.
TEST(Tracker, AConnectionThatWasAnnouncedIsBegunWhicheverSideIsSeenFirst) {
  const auto completeness = [](bool announced) {
    Tracker tracker;
    tracker.follow_applications();
    std::vector<int> found;
    const auto feed = [&](const Tcp& header, bool from_server, const Buffer& payload = {}) {
      const Ipv4 network{.source = from_server ? "10.0.0.2" : "10.0.0.1",
                         .destination = from_server ? "10.0.0.1" : "10.0.0.2"};
      const Buffer bytes = ethernet(0x0800, ipv4(network, tcp(header, payload)));
      Packet packet = decoded(bytes);
      found.push_back(tracker.track(packet).tcp->completeness);
    };
    const std::uint16_t synack = TcpFlags::syn | TcpFlags::ack;
    feed({.destination = 21, .seq = 100, .flags = TcpFlags::syn}, false);
    feed({.source = 21, .destination = 40000, .seq = 500, .ack = 101, .flags = synack}, true);
    feed({.destination = 21, .seq = 101, .ack = 501, .flags = TcpFlags::ack}, false);
    if (announced)
      feed({.source = 21, .destination = 40000, .seq = 501, .ack = 101, .flags = TcpFlags::ack},
           true, text("227 Entering Passive Mode (10,0,0,2,200,1).\r\n"));
    found.clear();
    const std::uint16_t listener = 200 * 256 + 1;
    feed({.source = listener, .destination = 40001, .seq = 70, .ack = 31, .flags = synack}, true);
    feed({.source = 40001, .destination = listener, .seq = 30, .flags = TcpFlags::syn}, false);
    feed({.source = 40001, .destination = listener, .seq = 31, .ack = 71, .flags = TcpFlags::ack},
         false);
    return found;
  };
  EXPECT_EQ(completeness(true), (std::vector<int>{0, 2, 2}));
  EXPECT_EQ(completeness(false), (std::vector<int>{0, 0, 0}));
}

// As tshark 4.0 does; neither its flags nor its bytes are anything that happened to the connection.
TEST(Tracker, ASegmentWithAMisshapenHeaderIsCountedToItsConnection) {
  Tracker tracker;
  std::vector<TcpFacts> facts;
  for (const char* line :
       {"0.0  client > server  S   1000:1000(0)", "0.1  server > client  S.  5000:5000(0) ack 1001",
        "0.2  client > server  .   1001:1001(0) ack 5001",
        "0.3  client > server  F.  1001:1101(100) ack 5001",
        "0.4  client > server  P.  1001:1101(100) ack 5001"}) {
    const Segment segment = parse_segment(line);
    Buffer bytes = frame_of(segment, 1);
    const bool misshapen = facts.size() == 3;
    const std::size_t data_offset = 14 + 20 + 12;
    if (misshapen) bytes[data_offset] = std::byte{0x40};
    Packet packet = decoded(bytes);
    packet.number = facts.size() + 1;
    packet.frame.time = script_time(segment.departure);
    EXPECT_EQ(packet.tcp.has_value(), !misshapen);
    EXPECT_EQ(packet.misshapen_tcp.has_value(), misshapen);
    const Tracked& tracked = tracker.track(packet);
    ASSERT_TRUE(tracked.tcp);
    EXPECT_EQ(tracked.tcp->complete, !misshapen);
    facts.push_back(*tracked.tcp);
  }
  EXPECT_EQ(tracker.conversations().size(), 1u);
  EXPECT_EQ(facts[3].seq, 1u);
  EXPECT_EQ(facts[3].completeness, facts[4].completeness);
  EXPECT_EQ(facts[4].analysis, analysis::out_of_order) << "its numbers count";
  const Conversation& one = tracker.conversations()[0];
  EXPECT_EQ(one.packets[0], 4u);
  EXPECT_EQ(one.payload_bytes[0], 100u);
  EXPECT_EQ(one.history.text().find('F'), std::string::npos);
}

TEST(Tracker, CountsBothWays) {
  Tracker tracker;
  for (const char* line : {"0.0  client > server  P.  1001:1101(100) ack 1",
                           "0.5  server > client  P.  1:51(50) ack 1101",
                           "1.0  client > server  P.  1001:1101(100) ack 51"}) {
    const Segment segment = parse_segment(line);
    const Buffer bytes = frame_of(segment, 1);
    Packet packet = decoded(bytes);
    packet.frame.time = script_time(segment.departure);
    tracker.track(packet);
  }
  const Conversation& one = tracker.conversations()[0];
  EXPECT_EQ(one.packets[0], 2u);
  EXPECT_EQ(one.packets[1], 1u);
  EXPECT_EQ(one.payload_bytes[0], 200u);
  EXPECT_EQ(one.payload_bytes[1], 50u);
  EXPECT_EQ(one.retransmissions[0], 1u);
  EXPECT_EQ(one.last - one.first, std::chrono::seconds(1));
}

TEST(Tracker, WhatIsNoIpHasNoConversation) {
  Tracker tracker;
  const Buffer arp =
      ethernet(0x0806, hex("0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002"));
  Packet packet = decoded(arp);
  EXPECT_EQ(tracker.track(packet).conversation, nullptr);
}

}  // namespace
}  // namespace tracer
