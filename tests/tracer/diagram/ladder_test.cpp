// Lanes, rows, times: who talks to whom, and when.
#include "tracer/diagram/ladder.hpp"

#include <gtest/gtest.h>

#include "tests/support/story.hpp"

namespace tracer {
namespace {

using namespace support;
using namespace std::chrono_literals;

/// Frames a millisecond apart, from one vantage point.
std::vector<Ladder> ladders_of(const std::vector<Buffer>& bytes, const Names& names = {}) {
  static FrameStore frames;  // ladders refer to it
  frames = {};
  for (const Buffer& one : bytes) {
    Frame made = frame(one);
    made.time = script_time(1ms * static_cast<int>(frames.size()));
    frames.add(made);
  }
  return ladders(frames, single_ended(frames), names);
}

TEST(Ladder, TheOriginatorIsOnTheLeft) {
  const Ladder ladder = ladder_of({"0.0  server > client  S.  5000:5000(0) ack 1001",
                                   "0.1  client > server  .   1001:1001(0) ack 5001"});
  EXPECT_EQ(ladder.ends[0].text(), "10.0.0.1:40000");
  EXPECT_EQ(ladder.rows[0].from, 1);
  EXPECT_EQ(ladder.rows[1].from, 0);
  EXPECT_EQ(ladder.names[0], "client");
}

TEST(Ladder, OneEndHasOneTimeForBothLanes) {
  const Ladder ladder = ladder_of({"0.0  client > server  S   1000:1000(0)"});
  EXPECT_FALSE(ladder.two_ended);
  EXPECT_EQ(ladder.rows[0].time[0], ladder.rows[0].time[1]);
}

TEST(Ladder, TwoEndsHaveDepartureAndArrival) {
  const Ladder ladder = ladder_of({"0.000-0.020  client > server  S   1000:1000(0)",
                                   "0.020-0.041  server > client  S.  5000:5000(0) ack 1001",
                                   "0.042-lost  client > server  .   1001:1001(0) ack 5001"});
  EXPECT_TRUE(ladder.two_ended);
  EXPECT_EQ(*ladder.rows[0].time[1] - *ladder.rows[0].time[0], 20ms);
  EXPECT_EQ(*ladder.rows[1].time[0] - *ladder.rows[1].time[1], 21ms);
  EXPECT_TRUE(ladder.rows[2].time[0]);
  EXPECT_FALSE(ladder.rows[2].time[1]);
  EXPECT_EQ(ladder.start, script_time(0ms));
}

TEST(Ladder, RowsAreInOrderOfDeparture) {
  const Ladder ladder = ladder_of({"0.000-0.020  client > server  S   1000:1000(0)",
                                   "0.020-0.040  server > client  S.  5000:5000(0) ack 1001",
                                   "0.050-0.090  client > server  P.  1001:1101(100) ack 5001",
                                   "0.060-0.080  client > server  P.  1101:1201(100) ack 5001"});
  for (std::size_t i = 0; i < ladder.rows.size(); ++i) EXPECT_EQ(ladder.rows[i].number, i + 1);
  EXPECT_TRUE(ladder.rows[2].has(Note::Kind::overtaken));
  EXPECT_FALSE(ladder.rows[3].has(Note::Kind::overtaken));
}

TEST(Ladder, EachConversationHasItsOwn) {
  const auto all =
      ladders_of({ethernet(0x0800, ipv4({.protocol = 17}, udp(1, 2, text("a")))), tcp_frame({}),
                  ethernet(0x0800, ipv4({.protocol = 17}, udp(1, 2, text("b"))))});
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].protocol, 17);
  EXPECT_EQ(all[0].rows.size(), 2u);
  EXPECT_EQ(all[0].rows[1].number, 3u);
  EXPECT_EQ(all[1].protocol, 6);
}

TEST(Ladder, AnIcmpErrorIsDrawnBesideWhatItIsAbout) {
  const Buffer datagram = udp(40000, 7001, text("anybody?")),
               other = udp(40000, 7001, text("hello?"));
  const auto all = ladders_of(
      {ethernet(0x0800, ipv4({.protocol = 17, .id = 1}, other)),
       ethernet(0x0800, ipv4({.protocol = 17, .id = 2}, datagram)),
       ethernet(0x0800, ipv4({.source = "10.0.0.2", .destination = "10.0.0.1", .protocol = 1},
                             icmp(3, 3, 0, ipv4({.protocol = 17, .id = 2}, datagram))))});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(notes(all[0].rows[2]), "about #2");
  EXPECT_EQ(all[0].rows[2].from, 1);
  EXPECT_EQ(all[0].rows[2].label.text, "ICMP port unreachable");
}

TEST(Ladder, AnErrorAboutNothingWeSawNamesNoRow) {
  const auto all = ladders_of(
      {ethernet(0x0800, ipv4({.source = "10.0.0.2", .destination = "10.0.0.1", .protocol = 1},
                             icmp(3, 3, 0, ipv4({.protocol = 17}, udp(40000, 7001, text("x"))))))});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(notes(all[0].rows[0]), "");
}

TEST(Ladder, FragmentsLieBesideTheDatagramThatTheyMake) {
  const Buffer datagram = udp(5000, 6000, text("0123456789abcdef"));
  const Buffer head(datagram.begin(), datagram.begin() + 16),
      tail(datagram.begin() + 16, datagram.end());
  const auto all = ladders_of({ethernet(0x0800, ipv4({.protocol = 17, .more = true}, head)),
                               ethernet(0x0800, ipv4({.protocol = 17, .offset = 2}, tail))});
  ASSERT_EQ(all.size(), 1u);
  ASSERT_EQ(all[0].rows.size(), 2u);
  EXPECT_EQ(all[0].rows[0].label.text, "IP fragment id=0x0001 offset=0 more");
  EXPECT_EQ(all[0].rows[1].label.kind, Label::Kind::udp);
  EXPECT_EQ(all[0].rows[1].label.length, 16u);
  EXPECT_EQ(all[0].ends[0].port, 5000);
}

// A datagram in two fragments from both ends, one of which is lost: what arrived is of no use.
TEST(Ladder, ADatagramWithoutOneOfItsFragmentsIsNeverWhole) {
  const Buffer datagram = udp(5000, 6000, text("0123456789abcdef"));
  const Buffer pieces[] = {ethernet(0x0800, ipv4({.protocol = 17, .more = true},
                                                 Buffer(datagram.begin(), datagram.begin() + 16))),
                           ethernet(0x0800, ipv4({.protocol = 17, .offset = 2},
                                                 Buffer(datagram.begin() + 16, datagram.end())))};
  for (const std::size_t lost : {0u, 1u, 2u}) {  // 2: none
    FrameStore frames;
    for (std::uint32_t end : {0u, 1u})
      for (std::size_t i = 0; i < 2; ++i) {
        if (end == 1 && i == lost) continue;
        Frame one = frame(pieces[i]);
        one.time = script_time(1ms * static_cast<int>(i) + 20ms * static_cast<int>(end));
        one.vantage = end;
        one.direction = end == 0 ? Direction::outbound : Direction::inbound;
        one.packet_id = i + 1;
        frames.add(one);
      }
    const auto all = ladders(frames, two_ended(frames), {});
    ASSERT_EQ(all.size(), 1u);
    ASSERT_EQ(all[0].rows.size(), 2u);
    const std::string told[] = {notes(all[0].rows[0]), notes(all[0].rows[1])};
    EXPECT_EQ(told[0], lost == 0 ? "lost" : "");
    EXPECT_EQ(told[1], lost == 0 ? "incomplete #1" : lost == 1 ? "lost" : "");
    EXPECT_EQ(all[0].rows[1].pieces, (std::vector<std::uint32_t>{1, 2}));
  }
}

// The same bytes ask whether somebody is there, or whether there is room again: the window tells.
TEST(Ladder, AProbeIsNamedAfterTheWindowThatItAsksAbout) {
  EXPECT_EQ(differences({"0.000  client > server  S   1000:1000(0)",
                         "0.010  server > client  S.  5000:5000(0) ack 1001",
                         "0.020  client > server  .   1001:1001(0) ack 5001",
                         "0.030  client > server  P.  1001:1101(100) ack 5001",
                         "0.040  server > client  .   5001:5001(0) ack 1101 win 0  => zero-window",
                         "0.300  client > server  .   1100:1100(0) ack 5001  => probe"}),
            "");
  EXPECT_EQ(differences({"0.000  client > server  S   1000:1000(0)",
                         "0.010  server > client  S.  5000:5000(0) ack 1001",
                         "0.020  client > server  .   1001:1001(0) ack 5001",
                         "0.030  client > server  P.  1001:1101(100) ack 5001",
                         "0.040  server > client  .   5001:5001(0) ack 1101",
                         "9.300  client > server  .   1100:1100(0) ack 5001  => keep-alive"}),
            "");
}

TEST(Ladder, AFragmentWhoseRestNeverCameIsDrawnAllTheSame) {
  const auto all = ladders_of({ethernet(0x0800, ipv4({.protocol = 17, .more = true}, Buffer(16)))});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].rows.size(), 1u);
}

TEST(Ladder, AFaultIsANoteOnItsRow) {
  Buffer bad = tcp_frame({}, {});
  bad[46] = std::byte{0x10};  // Data Offset 1
  const auto all = ladders_of({bad});
  EXPECT_EQ(notes(all[0].rows[0]), "malformed (TCP)");
}

TEST(Ladder, WhatIsNoIpStillHasRows) {
  const auto all = ladders_of(
      {ethernet(0x0806, hex("0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002")),
       ethernet(0x88cc, text("lldp")), Buffer{}});
  std::size_t rows = 0;
  for (const Ladder& one : all) rows += one.rows.size();
  EXPECT_EQ(rows, 3u);
}

TEST(Names, TheEndpointComesBeforeTheAddress) {
  Names names;
  names.add({*IpAddress::parse("10.0.0.1"), 0}, "host");
  names.add({*IpAddress::parse("10.0.0.1"), 80}, "web");
  EXPECT_EQ(names.of({*IpAddress::parse("10.0.0.1"), 80}), "web");
  EXPECT_EQ(names.of({*IpAddress::parse("10.0.0.1"), 81}), "host");
  EXPECT_EQ(names.of({*IpAddress::parse("10.0.0.2"), 80}), "");
}

}  // namespace
}  // namespace tracer
