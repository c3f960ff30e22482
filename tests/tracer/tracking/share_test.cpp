#include "tracer/tracking/share.hpp"

#include <gtest/gtest.h>

#include "tests/support/frames.hpp"

namespace tracer {
namespace {

using namespace support;

Buffer from_port(std::uint16_t port) { return tcp_frame({.source = port}); }

TEST(Share, EachConversationIsInOneOfThem) {
  for (std::uint16_t port = 1; port < 2000; ++port) {
    const Buffer bytes = from_port(port);
    const Packet packet = decoded(bytes);
    const Endpoint a = packet.source_endpoint(), b = packet.destination_endpoint();
    unsigned have = 0;
    for (std::uint32_t i = 0; i < 3; ++i) {
      const Share share(i, 3);
      have += share.has(a, b);
      EXPECT_EQ(share.has(a, b), share.has(b, a));
      EXPECT_EQ(share.has(a, b), share.may_have(packet.frame)) << "decoded or not";
    }
    EXPECT_EQ(have, 1u) << port;
  }
}

TEST(Share, TheyAreAboutEqual) {
  unsigned first = 0;
  for (std::uint16_t port = 32768; port < 60000; port += 2) {  // as Linux gives them to connect()
    const Buffer bytes = from_port(port);
    first += Share(0, 2).may_have(frame(bytes));
  }
  EXPECT_NEAR(first, (60000 - 32768) / 4, 700);
}

TEST(Share, WhatIsNotPlainMayBeAnybodys) {
  const Buffer others[] = {
      ethernet(0x0800, ipv4({.more = true}, tcp({}, text("piece")))),
      ethernet(0x0800, ipv4({.options = hex("01 01 01 00")}, tcp({}, {}))),
      ethernet(0x8100, vlan(1, 0x0800, ipv4({}, tcp({}, {})))),
      ethernet(0x0800, ipv4({.protocol = 1}, icmp(3, 3, 0, ipv4({}, tcp({}, {}))))),
      ethernet(0x0800, ipv4({.protocol = 17}, udp(1, 2, text("datagram of some length")))),
      ethernet(0x86dd, ipv6({}, tcp({}, {}))),
      hex("02"),
  };
  for (const Buffer& bytes : others)
    for (std::uint32_t i = 0; i < 2; ++i) EXPECT_TRUE(Share(i, 2).may_have(frame(bytes)));
  const Buffer plain = from_port(40000);
  EXPECT_FALSE(Share(0, 2).may_have(frame(plain)) && Share(1, 2).may_have(frame(plain)));
  EXPECT_TRUE(Share().may_have(frame(plain)));
}

}  // namespace
}  // namespace tracer
