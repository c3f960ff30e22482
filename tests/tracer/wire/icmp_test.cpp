#include "tracer/wire/icmp.hpp"

#include "tests/support/cuts.hpp"

namespace tracer {
namespace {

using namespace support;

TEST(Icmp, EveryCutIsTold) {
  expect_every_cut_is_told(hex("08 00 f7 ff"), 4, "ICMP", IcmpHeader::parse);
}

TEST(Icmp, WhatFollowsTheChecksumMayBeAbsent) {
  const Buffer bytes = hex("08 00 f7 ff 00 01");
  const auto header = IcmpHeader::parse(bytes);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->rest().size(), 2u);
  EXPECT_TRUE(header->body().empty());
}

// RFC 792: unreachable, quench, redirect, exceeded, parameter problem; RFC 4443 §2.1: under 128.
TEST(Icmp, ErrorsQuote) {
  for (const unsigned type : {3u, 4u, 5u, 11u, 12u})
    EXPECT_TRUE(IcmpHeader::quotes_packet(false, static_cast<std::uint8_t>(type))) << type;
  for (const unsigned type : {0u, 8u, 13u, 14u})
    EXPECT_FALSE(IcmpHeader::quotes_packet(false, static_cast<std::uint8_t>(type))) << type;
  for (const unsigned type : {1u, 2u, 3u, 4u})
    EXPECT_TRUE(IcmpHeader::quotes_packet(true, static_cast<std::uint8_t>(type))) << type;
  for (const unsigned type : {128u, 129u, 135u})
    EXPECT_FALSE(IcmpHeader::quotes_packet(true, static_cast<std::uint8_t>(type))) << type;
}

const Buffer refused = ipv4({.protocol = 17}, udp(40000, 7001, text("anybody?")));

TEST(Icmp, AnErrorNamesTheDatagramItIsAbout) {
  const Buffer bytes =
      ethernet(0x0800, ipv4({.source = "10.0.0.2", .destination = "10.0.0.1", .protocol = 1},
                            icmp(3, 3, 0, refused)));
  const Packet packet = decoded(bytes);
  EXPECT_EQ(layers(packet), "Ethernet/IPv4/ICMP/[IPv4]/[UDP]");
  ASSERT_TRUE(packet.quoted);
  EXPECT_EQ(packet.quoted->source.text(), "10.0.0.1:40000");
  EXPECT_EQ(packet.quoted->destination.text(), "10.0.0.2:7001");
  EXPECT_EQ(packet.quoted->protocol, 17);
  // Its own addresses and transport stay its own.
  EXPECT_EQ(packet.source.text(), "10.0.0.2");
  EXPECT_EQ(packet.protocol, 1);
  EXPECT_FALSE(packet.udp);
  EXPECT_EQ(transport_checksum_right(packet), true);
}

// Errors quote as much as fits: a quote that ends early is no fault of the frame.
TEST(Icmp, AQuoteCutAnywhereIsNoFault) {
  for (std::size_t length = 0; length <= refused.size(); ++length) {
    const Buffer quote(refused.begin(), refused.begin() + static_cast<std::ptrdiff_t>(length));
    const Buffer bytes = ethernet(0x0800, ipv4({.protocol = 1}, icmp(3, 3, 0, quote)));
    const Packet packet = decoded(bytes);
    EXPECT_FALSE(packet.fault) << length;
    EXPECT_TRUE(packet.icmp) << length;
    const bool ports = packet.quoted && packet.quoted->source.port != 0;
    EXPECT_EQ(ports, length >= 24) << length;
  }
}

TEST(Icmp, AQuoteInsideAQuoteIsNotFollowed) {
  const Buffer inner = ipv4({.protocol = 1}, icmp(3, 3, 0, refused));
  const Buffer bytes = ethernet(0x0800, ipv4({.protocol = 1}, icmp(11, 0, 0, inner)));
  EXPECT_EQ(layers(decoded(bytes)), "Ethernet/IPv4/ICMP/[IPv4]/[ICMP]");
}

TEST(Icmp, Version6QuotesToo) {
  const Buffer quoted = ipv6({.next = 6}, tcp({}, {}, "fd00::1", "fd00::2"));
  const Buffer bytes = ethernet(
      0x86dd,
      ipv6({.source = "fd00::2", .destination = "fd00::1", .next = 58}, icmp(1, 4, 0, quoted)));
  const Packet packet = decoded(bytes);
  EXPECT_EQ(layers(packet), "Ethernet/IPv6/ICMPv6/[IPv6]/[TCP]");
  EXPECT_TRUE(packet.icmp_v6);
  EXPECT_EQ(packet.quoted->source.text(), "[fd00::1]:40000");
}

}  // namespace
}  // namespace tracer
