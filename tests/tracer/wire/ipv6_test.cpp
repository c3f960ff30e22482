#include "tracer/wire/ipv6.hpp"

#include "tests/support/cuts.hpp"

namespace tracer {
namespace {

using namespace support;

/// An extension header of `words` times 8 bytes; the rest of it is PadN.
Buffer extension(unsigned next, unsigned words) {
  Buffer bytes = join({u8(next), u8(words - 1)});
  bytes.resize(words * 8);
  return bytes;
}
Buffer fragment(unsigned next, unsigned offset, bool more, std::uint32_t id) {
  return join({u8(next), u8(0), u16(offset << 3 | unsigned{more}), u32(id)});
}
Packet over_ipv6(std::uint8_t next, const Buffer& payload, Buffer& keep) {
  keep = ethernet(0x86dd, ipv6({.next = next}, payload));
  return decoded(keep);
}
const Buffer segment = tcp({.seq = 77}, text("hi"), "fd00::1", "fd00::2");

TEST(Ipv6, EveryCutIsTold) {
  expect_every_cut_is_told(ipv6({}, {}), 40, "IPv6", Ipv6Header::parse);
  expect_every_cut_is_told(extension(6, 3), 8, "IPv6 extension",
                           [](Bytes bytes) { return Ipv6Extension::parse(bytes, false); });
  expect_every_cut_is_told(fragment(6, 0, true, 1), 8, "IPv6 fragment", Ipv6Fragment::parse);
}

TEST(Ipv6, FieldsAreRead) {
  Buffer bytes = ipv6({.next = 17}, text("payload"));
  bytes[0] = std::byte{0x6a};
  bytes[1] = std::byte{0xbc};
  bytes[2] = std::byte{0xde};
  bytes[3] = std::byte{0xf1};
  const auto header = Ipv6Header::parse(bytes);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->traffic_class(), 0xab);
  EXPECT_EQ(header->flow_label(), 0xcdef1u);
  EXPECT_EQ(header->payload_length(), 7);
  EXPECT_EQ(header->next_header(), 17);
  EXPECT_EQ(header->hop_limit(), 64);
  EXPECT_EQ(header->source().text(), "fd00::1");
  EXPECT_EQ(header->destination().text(), "fd00::2");
}

TEST(Ipv6, AnotherVersionIsMalformed) {
  Buffer bytes = ipv6({}, {});
  bytes[0] = std::byte{0x45};
  EXPECT_EQ(Ipv6Header::parse(bytes).error().fault, Fault::malformed);
}

TEST(Ipv6, ChainsOfExtensionsLeadToTheTransport) {
  Buffer keep;
  const Packet packet = over_ipv6(
      0, join({extension(60, 1), extension(43, 2), extension(60, 3), extension(6, 1), segment}),
      keep);
  EXPECT_EQ(layers(packet),
            "Ethernet/IPv6/IPv6 hop-by-hop options/IPv6 destination options/IPv6 routing/IPv6 "
            "destination options/TCP");
  ASSERT_TRUE(packet.tcp);
  EXPECT_EQ(packet.tcp->seq(), SeqNumber{77});
  EXPECT_EQ(packet.protocol, 6);
  EXPECT_EQ(transport_checksum_right(packet), true);
}

// RFC 4302 §2.2: its length counts words of four bytes, less two.
TEST(Ipv6, TheAuthenticationHeaderCountsItsOwnWay) {
  Buffer keep, header = join({u8(6), u8(4)});
  header.resize(24);
  const Packet packet = over_ipv6(51, join({header, segment}), keep);
  EXPECT_EQ(layers(packet), "Ethernet/IPv6/IP authentication/TCP");
  EXPECT_EQ(packet.tcp_length(), 2u);
}

// RFC 6946: a fragment header around a whole packet is no fragment.
TEST(Ipv6, AnAtomicFragmentIsWhole) {
  Buffer keep;
  const Packet packet = over_ipv6(44, join({fragment(6, 0, false, 5), segment}), keep);
  EXPECT_EQ(layers(packet), "Ethernet/IPv6/IPv6 fragment/TCP");
  EXPECT_FALSE(packet.fragment);
  EXPECT_TRUE(packet.tcp);
}

TEST(Ipv6, AFragmentWaitsForTheOthers) {
  Buffer keep;
  const Packet packet = over_ipv6(44, join({fragment(17, 10, true, 5), Buffer(16)}), keep);
  ASSERT_TRUE(packet.fragment);
  EXPECT_EQ(packet.fragment->offset, 80u);
  EXPECT_EQ(packet.fragment->id, 5u);
  EXPECT_EQ(packet.fragment->protocol, 17);
  EXPECT_EQ(packet.fragment->wire_length, 16u);
  EXPECT_TRUE(packet.fragment->more);
}

TEST(Ipv6, NoNextHeaderEndsThere) {
  Buffer keep;
  const Packet packet = over_ipv6(59, text("ignored"), keep);
  EXPECT_EQ(layers(packet), "Ethernet/IPv6");
  EXPECT_FALSE(packet.fault);
}

TEST(Ipv6, AnExtensionBeyondThePacketIsTruncated) {
  Buffer keep, hostile = extension(6, 1);
  hostile[1] = std::byte{255};
  const Packet packet = over_ipv6(0, hostile, keep);
  ASSERT_TRUE(packet.fault);
  EXPECT_EQ(packet.fault->fault, Fault::truncated);
  EXPECT_EQ(packet.fault->needed, 2048u);
  EXPECT_TRUE(packet.has_network);  // the layers before the fault are kept
}

TEST(Ipv6, AnEndlessChainStops) {
  Buffer chain, keep;
  for (int i = 0; i < 1000; ++i) chain = join({chain, extension(0, 1)});
  const Packet packet = over_ipv6(0, chain, keep);
  EXPECT_TRUE(packet.layers.full());
  EXPECT_FALSE(packet.tcp);
}

}  // namespace
}  // namespace tracer
