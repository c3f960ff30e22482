#include <gtest/gtest.h>

#include "tests/support/segment.hpp"
#include "tracer/diagram/ladder.hpp"
#include "tracer/tracking/tracker.hpp"

namespace tracer {
namespace {

using namespace support;

Label label(const Buffer& bytes, LinkType link = LinkType::ethernet) {
  Packet packet = decoded(bytes, link);
  Tracker tracker;
  const Tracked& tracked = tracker.track(packet);
  return label_of(packet, tracked.tcp ? &*tracked.tcp : nullptr, tracked.tcp_options);
}

TEST(Label, OfASynHasItsOptionsInOrder) {
  const Buffer bytes = frame_of(
      parse_segment(
          "0.0  client > server  S   1000:1000(0) win 64240 <mss 1460,sackOK,TS 5 0,wscale 7>"),
      1);
  const Label one = label(bytes);
  EXPECT_EQ(one.kind, Label::Kind::tcp);
  EXPECT_EQ(one.seq, 0u);
  EXPECT_EQ(one.window, 64240u);
  EXPECT_EQ(one.options, (std::vector<std::string>{"MSS=1460", "SACK_PERM", "TSval=5", "WS=128"}));
}

TEST(Label, SackBlocksAreRelative) {
  Tracker tracker;
  const Buffer data = frame_of(parse_segment("0.0  client > server  P.  1001:1101(100) ack 1"), 1),
               ack = frame_of(
                   parse_segment("0.0  server > client  .   1:1(0) ack 1001 <sack 1051:1101>"), 2);
  Packet packet = decoded(data);
  tracker.track(packet);
  packet = decoded(ack);
  const Tracked& tracked = tracker.track(packet);
  const Label one = label_of(packet, &*tracked.tcp, tracked.tcp_options);
  ASSERT_EQ(one.sack.size(), 1u);
  EXPECT_EQ(one.sack[0], std::pair(51u, 101u));
}

TEST(Label, APayloadThatCanBeReadIsQuotedUpToItsFirstLine) {
  const Buffer text_bytes = tcp_frame({}, text("GET / HTTP/1.1\r\nHost: server\r\n")),
               binary = tcp_frame({}, hex("16 03 01 02")), empty = tcp_frame({}, {});
  EXPECT_EQ(label(text_bytes).text, "GET / HTTP/1.1");
  EXPECT_EQ(label(binary).text, "");
  EXPECT_EQ(label(empty).text, "");
  const Buffer large = tcp_frame({}, Buffer(1000, std::byte{'x'}));
  EXPECT_EQ(label(large).text, std::string(40, 'x') + "…");
}

TEST(Label, NothingFromTheWireReachesItUnescaped) {
  for (const char* hostile : {"\x1b[2J", "a\x1b]0;title\x07",
                              "\x9b"
                              "31m",
                              "a\x7f"}) {
    const Buffer bytes = tcp_frame({}, text(hostile));
    for (const char c : label(bytes).text)
      EXPECT_GE(static_cast<unsigned char>(c), 0x20) << hostile;
  }
}

TEST(Label, UdpCountsItsPayload) {
  const Buffer bytes = ethernet(0x0800, ipv4({.protocol = 17}, udp(1, 2, text("hello"))));
  EXPECT_EQ(label(bytes).kind, Label::Kind::udp);
  EXPECT_EQ(label(bytes).length, 5u);
  EXPECT_EQ(label(bytes).text, "hello");
}

TEST(Label, IcmpIsSaidInWords) {
  const auto of = [](unsigned type, unsigned code, std::uint32_t rest) {
    const Buffer bytes =
        ethernet(0x0800, ipv4({.protocol = 1}, icmp(static_cast<std::uint8_t>(type),
                                                    static_cast<std::uint8_t>(code), rest, {})));
    return label(bytes).text;
  };
  EXPECT_EQ(of(8, 0, 0x00070002), "ICMP echo request id=7 seq=2");
  EXPECT_EQ(of(0, 0, 0x00070002), "ICMP echo reply id=7 seq=2");
  EXPECT_EQ(of(3, 3, 0), "ICMP port unreachable");
  EXPECT_EQ(of(3, 4, 0), "ICMP fragmentation needed");
  EXPECT_EQ(of(11, 0, 0), "ICMP time exceeded");
  EXPECT_EQ(of(200, 9, 0), "ICMP type 200 code 9");
  const Buffer v6 = ethernet(0x86dd, ipv6({.next = 58}, icmp(1, 4, 0, {})));
  EXPECT_EQ(label(v6).text, "ICMPv6 port unreachable");
}

TEST(Label, ArpAsksAndAnswers) {
  const Buffer ask = ethernet(
                   0x0806, hex("0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002")),
               answer = ethernet(
                   0x0806, hex("0001 0800 06 04 0002 020000000002 0a000002 020000000001 0a000001"));
  EXPECT_EQ(label(ask).text, "ARP who has 10.0.0.2? tell 10.0.0.1");
  EXPECT_EQ(label(answer).text, "ARP 10.0.0.2 is at 02:00:00:00:00:02");
}

TEST(Label, WhatCannotBeDecodedHasAName) {
  const Buffer fragment = ethernet(
                   0x0800,
                   ipv4({.protocol = 17, .id = 0xbeef, .more = true, .offset = 2}, Buffer(8))),
               other = ethernet(0x0800, ipv4({.protocol = 47}, Buffer(8))),
               lldp = ethernet(0x88cc, {});
  EXPECT_EQ(label(fragment).text, "IP fragment id=0xbeef offset=16 more");
  EXPECT_EQ(label(other).text, "IP protocol 47");
  EXPECT_EQ(label(lldp).text, "Ethernet frame");
  EXPECT_EQ(label(lldp, static_cast<LinkType>(147)).text, "frame of link type 147");
}

}  // namespace
}  // namespace tracer
