#include "tracer/wire/link.hpp"

#include "tests/support/cuts.hpp"

namespace tracer {
namespace {

using namespace support;

const Buffer packet4 = ipv4({}, tcp({.seq = 77}, {})),
             packet6 = ipv6({}, tcp({.seq = 66}, {}, "fd00::1", "fd00::2"));

TEST(Link, EveryCutIsTold) {
  expect_every_cut_is_told(Buffer(14), 14, "Ethernet", EthernetHeader::parse);
  expect_every_cut_is_told(Buffer(4), 4, "802.1Q", VlanTag::parse);
  expect_every_cut_is_told(Buffer(16), 16, "Linux SLL", CookedHeader::parse);
  expect_every_cut_is_told(Buffer(20), 20, "Linux SLL2", Cooked2Header::parse);
  expect_every_cut_is_told(Buffer(4), 4, "BSD loopback", NullHeader::parse);
}

TEST(Link, TagsAreRead) {
  const Buffer bytes = hex("b0 7b 08 00");
  const auto tag = VlanTag::parse(bytes);
  EXPECT_EQ(tag->priority(), 5);
  EXPECT_TRUE(tag->drop_eligible());
  EXPECT_EQ(tag->id(), 0x7b);
  EXPECT_EQ(tag->type(), 0x0800);
}

TEST(Link, OneTagTwoTagsAndTheOldKind) {
  const Buffer one = ethernet(0x8100, vlan(5, 0x0800, packet4));
  EXPECT_EQ(layers(decoded(one)), "Ethernet/802.1Q VLAN/IPv4/TCP");
  const Buffer two = ethernet(0x88a8, vlan(100, 0x8100, vlan(5, 0x86dd, packet6)));
  EXPECT_EQ(layers(decoded(two)), "Ethernet/802.1ad VLAN/802.1Q VLAN/IPv6/TCP");
  const Buffer old = ethernet(0x9100, vlan(100, 0x0800, packet4));
  EXPECT_EQ(layers(decoded(old)), "Ethernet/802.1Q VLAN/IPv4/TCP");
}

TEST(Link, AHundredTagsStopAtTheLimit) {
  Buffer bytes = packet4;
  for (int i = 0; i < 100; ++i) bytes = vlan(1, i ? 0x8100 : 0x0800, bytes);
  bytes = ethernet(0x8100, bytes);
  const Packet packet = decoded(bytes);
  EXPECT_TRUE(packet.layers.full());
  EXPECT_FALSE(packet.has_network);
}

TEST(Link, CookedOne) {
  const Buffer bytes =
      join({u16(4), u16(1), u16(6), hex("02 00 00 00 00 01 00 00"), u16(0x0800), packet4});
  const auto header = CookedHeader::parse(bytes);
  EXPECT_EQ(header->packet_type(), 4);
  EXPECT_EQ(header->address().size(), 6u);
  EXPECT_EQ(layers(decoded(bytes, LinkType::linux_sll)), "Linux cooked capture/IPv4/TCP");
}

TEST(Link, CookedAddressLengthsAreNotBelieved) {
  Buffer one = join({u16(4), u16(1), u16(0xffff), Buffer(8), u16(0x0800)});
  EXPECT_EQ(CookedHeader::parse(one)->address().size(), 8u);
  Buffer two(20, std::byte{0xff});
  EXPECT_EQ(Cooked2Header::parse(two)->address().size(), 8u);
}

TEST(Link, CookedTwo) {
  const Buffer bytes =
      join({u16(0x86dd), u16(0), u32(3), u16(1), u8(4), u8(6), Buffer(8), packet6});
  const auto header = Cooked2Header::parse(bytes);
  EXPECT_EQ(header->interface_index(), 3u);
  EXPECT_EQ(header->packet_type(), 4);
  EXPECT_EQ(layers(decoded(bytes, LinkType::linux_sll2)), "Linux cooked capture v2/IPv6/TCP");
}

// The family is in the byte order of the machine that captured, which the file does not tell.
TEST(Link, NullInBothByteOrders) {
  for (const char* family : {"02 00 00 00", "00 00 00 02"}) {
    const Buffer bytes = join({hex(family), packet4});
    EXPECT_EQ(layers(decoded(bytes, LinkType::null)), "BSD loopback/IPv4/TCP") << family;
  }
  for (const char* family :
       {"0a 00 00 00", "18 00 00 00", "1c 00 00 00", "1e 00 00 00", "00 00 00 1e"}) {
    const Buffer bytes = join({hex(family), packet6});
    EXPECT_EQ(layers(decoded(bytes, LinkType::null)), "BSD loopback/IPv6/TCP") << family;
  }
  const Buffer loop = join({hex("00 00 00 02"), packet4});
  EXPECT_EQ(layers(decoded(loop, LinkType::loop)), "BSD loopback/IPv4/TCP");
}

TEST(Link, RawTellsTheVersionByItsFirstNibble) {
  for (const LinkType link :
       {LinkType::raw, LinkType::raw_bsd, LinkType::raw_openbsd, LinkType::ipv4})
    EXPECT_EQ(layers(decoded(packet4, link)), "Raw IP/IPv4/TCP");
  for (const LinkType link : {LinkType::raw, LinkType::ipv6})
    EXPECT_EQ(layers(decoded(packet6, link)), "Raw IP/IPv6/TCP");
  const Buffer nothing;
  EXPECT_EQ(layers(decoded(nothing, LinkType::raw)), "Raw IP");
}

TEST(Link, AnUnknownLinkTypeIsAFrameWithoutLayers) {
  EXPECT_EQ(layers(decoded(packet4, static_cast<LinkType>(147))), "");
  EXPECT_FALSE(decoded(packet4, static_cast<LinkType>(147)).fault);
}

TEST(Link, AnUnknownEtherTypeEndsTheDecoding) {
  const Buffer bytes = ethernet(0x88cc, text("lldp"));
  EXPECT_EQ(layers(decoded(bytes)), "Ethernet");
}

}  // namespace
}  // namespace tracer
