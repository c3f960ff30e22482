// What lies between the link layer and IP, or IP and IP: 802.2, PPP, labels, tunnels, routes.
#include <gtest/gtest.h>

#include "tests/support/frames.hpp"

namespace tracer {
namespace {

using namespace support;

Buffer inner() { return ipv4({}, tcp({}, {})); }
Buffer outer(std::uint8_t protocol, const Buffer& payload) {
  return ethernet(
      0x0800,
      ipv4({.source = "192.0.2.1", .destination = "192.0.2.2", .protocol = protocol}, payload));
}
std::string layers_of(const Buffer& frame, LinkType link = LinkType::ethernet) {
  return layers(decoded(frame, link));
}

TEST(Encapsulation, Ieee8022WithSnap) {
  EXPECT_EQ(layers_of(ethernet(static_cast<std::uint16_t>(8 + inner().size()),
                               join({hex("aa aa 03 00 00 00 08 00"), inner()}))),
            "Ethernet/IEEE 802.2 LLC/IPv4/TCP");
  EXPECT_EQ(layers_of(ethernet(38, join({hex("42 42 03"), Buffer(35)}))),
            "Ethernet/IEEE 802.2 LLC");  // spanning tree
}

TEST(Encapsulation, APaddedShortFrameEndsWhereItsLengthSays) {
  const Buffer bytes = ethernet(static_cast<std::uint16_t>(8 + inner().size()),
                                join({hex("aa aa 03 00 00 00 08 00"), inner(), Buffer(6)}));
  EXPECT_EQ(decoded(bytes).layers[1].wire_length, 8 + inner().size());
}

TEST(Encapsulation, AServiceTagIsNoVlanTag) {
  EXPECT_EQ(layers_of(ethernet(0x88a8, vlan(5, 0x8100, vlan(6, 0x0800, inner())))),
            "Ethernet/802.1ad VLAN/802.1Q VLAN/IPv4/TCP");
}

TEST(Encapsulation, PppInAllItsLengths) {
  EXPECT_EQ(layers_of(join({hex("ff 03 00 21"), inner()}), LinkType::ppp), "PPP/IPv4/TCP");
  EXPECT_EQ(layers_of(join({hex("00 21"), inner()}), LinkType::ppp), "PPP/IPv4/TCP");
  EXPECT_EQ(layers_of(join({hex("21"), inner()}), LinkType::ppp), "PPP/IPv4/TCP");
  EXPECT_EQ(layers_of(ethernet(
                0x8864, join({hex("11 00 00 01"), u16(static_cast<unsigned>(inner().size() + 2)),
                              hex("00 21"), inner()}))),
            "Ethernet/PPP over Ethernet/PPP/IPv4/TCP");
  EXPECT_EQ(layers_of(join({hex("0f 00 08 00"), inner()}), LinkType::cisco_hdlc),
            "Cisco HDLC/IPv4/TCP");
}

TEST(Encapsulation, LabelsUpToTheLast) {
  EXPECT_EQ(layers_of(ethernet(0x8847, join({hex("00 01 00 40 00 01 11 40"), inner()}))),
            "Ethernet/MPLS/MPLS/IPv4/TCP");
}

TEST(Tunnel, TheInnerPacketIsThePacket) {
  const Buffer bytes = outer(4, inner());
  const Packet packet = decoded(bytes);
  EXPECT_EQ(layers(packet), "Ethernet/IPv4/IPv4/TCP");
  EXPECT_EQ(packet.source.text(), "10.0.0.1");
  EXPECT_TRUE(packet.tcp);
  EXPECT_EQ(layers_of(outer(47, join({hex("00 00 08 00"), inner()}))),
            "Ethernet/IPv4/GRE/IPv4/TCP");
  EXPECT_EQ(layers_of(outer(47, join({hex("b0 00 08 00"), Buffer(12), inner()}))),
            "Ethernet/IPv4/GRE/IPv4/TCP");
  EXPECT_EQ(layers_of(outer(47, join({hex("00 00 65 58"), ethernet(0x0800, inner())}))),
            "Ethernet/IPv4/GRE/Ethernet/IPv4/TCP");
  EXPECT_EQ(layers_of(outer(41, ipv6({.next = 59}, {}))), "Ethernet/IPv4/IPv6");
}

// Each level takes 20 bytes: a frame may hold thousands.
TEST(Tunnel, NestingEndsWhereThereIsNoRoomForMoreLayers) {
  Buffer nested = inner();
  for (int i = 0; i < 3000; ++i) nested = ipv4({.protocol = 4, .total_length = 0}, nested);
  const Buffer bytes = ethernet(0x0800, nested);
  const Packet packet = decoded(bytes);
  EXPECT_TRUE(packet.layers.full());
  EXPECT_FALSE(packet.tcp);
}

// RFC 1122 §4.1.3.5: the pseudo-header has the address at the end of the route.
TEST(SourceRoute, TheLastStationIsTheDestination) {
  const auto to = [](const char* pointer) {
    const Buffer bytes = ethernet(
        0x0800,
        ipv4({.options = join({hex("83 0b"), hex(pointer), hex("0a 00 00 07 0a 00 00 08 00")})},
             tcp({}, {}, "10.0.0.1", "10.0.0.8")));
    const Packet packet = decoded(bytes);
    return packet.destination.text();
  };
  EXPECT_EQ(to("04"), "10.0.0.8");
  EXPECT_EQ(to("08"), "10.0.0.8");
  EXPECT_EQ(to("0c"), "10.0.0.2");  // all passed
  EXPECT_EQ(to("05"), "10.0.0.2");  // points between addresses
}

TEST(Ipv4Length, LessThanTheHeaderEndsThePacket) {
  const Buffer bytes = ethernet(0x0800, ipv4({.total_length = 10}, tcp({}, {})));
  const Packet packet = decoded(bytes);
  EXPECT_FALSE(packet.has_network);
  ASSERT_TRUE(packet.fault);
  EXPECT_EQ(packet.fault->fault, Fault::malformed);
}

// A first fragment that the snapshot length cut cannot be put together, but its ports are there.
TEST(CutFragment, TheFirstShowsItsTransport) {
  const Buffer whole =
      ethernet(0x0800, ipv4({.protocol = 17, .more = true}, udp(5000, 6000, Buffer(64))));
  Frame cut = frame(whole);
  cut.bytes = cut.bytes.first(60);
  Packet packet;
  decode(cut, 1, packet);
  EXPECT_FALSE(packet.fragment);
  ASSERT_TRUE(packet.udp);
  EXPECT_EQ(packet.udp->source_port(), 5000);
  decode(frame(whole), 1, packet);
  EXPECT_TRUE(packet.fragment);
}

}  // namespace
}  // namespace tracer
