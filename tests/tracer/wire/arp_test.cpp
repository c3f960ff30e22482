#include "tracer/wire/arp.hpp"

#include "tests/support/cuts.hpp"

namespace tracer {
namespace {

using namespace support;

const Buffer request = join({hex("0001 0800 06 04 0001"), hex("02 00 00 00 00 01"),
                             hex("0a 00 00 01"), hex("00 00 00 00 00 00"), hex("0a 00 00 02")});

TEST(Arp, EveryCutIsTold) { expect_every_cut_is_told(request, 8, "ARP", ArpHeader::parse); }

TEST(Arp, FourAddressesOfARequest) {
  const auto arp = ArpHeader::parse(request);
  ASSERT_TRUE(arp);
  EXPECT_EQ(arp->hardware_type(), 1);
  EXPECT_EQ(arp->operation(), 1);
  EXPECT_TRUE(arp->is_ipv4());
  EXPECT_EQ(Buffer(arp->sender_hardware().begin(), arp->sender_hardware().end()),
            hex("02 00 00 00 00 01"));
  EXPECT_EQ(Buffer(arp->sender_protocol().begin(), arp->sender_protocol().end()),
            hex("0a 00 00 01"));
  EXPECT_EQ(Buffer(arp->target_protocol().begin(), arp->target_protocol().end()),
            hex("0a 00 00 02"));
}

// The sizes are the packet's own claim: the largest ones must not lead anywhere.
TEST(Arp, HostileSizesAreTruncation) {
  Buffer hostile = request;
  hostile[4] = hostile[5] = std::byte{255};
  const auto arp = ArpHeader::parse(hostile);
  ASSERT_FALSE(arp);
  EXPECT_EQ(arp.error().needed, 8u + 4 * 255);
}

TEST(Arp, OfAnotherNetworkIsNotIpv4) {
  Buffer other = request;
  other[2] = std::byte{0x81};
  EXPECT_FALSE(ArpHeader::parse(other)->is_ipv4());
}

TEST(Arp, IsALayerOfItsFrame) {
  const Buffer bytes = ethernet(0x0806, join({request, Buffer(18)}));  // padded to 60 bytes
  const Packet packet = decoded(bytes);
  EXPECT_EQ(layers(packet), "Ethernet/ARP");
  EXPECT_TRUE(packet.arp);
  EXPECT_FALSE(packet.has_network);
}

}  // namespace
}  // namespace tracer
