#include "tracer/wire/ipv4.hpp"

#include "tests/support/cuts.hpp"

namespace tracer {
namespace {

using namespace support;

TEST(Ipv4, EveryCutIsTold) {
  expect_every_cut_is_told(ipv4({}, {}), 20, "IPv4", Ipv4Header::parse);
  expect_every_cut_is_told(ipv4({.options = hex("94 04 00 00 01 01 01 00")}, {}), 20, "IPv4",
                           Ipv4Header::parse);
}

TEST(Ipv4, FieldsAreRead) {
  const Buffer bytes = ipv4({.source = "192.0.2.1",
                             .destination = "198.51.100.7",
                             .protocol = 17,
                             .id = 0xbeef,
                             .options = hex("01 01 01 00")},
                            text("payload"));
  const auto header = Ipv4Header::parse(bytes);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->size(), 24u);
  EXPECT_EQ(header->total_length(), 31);
  EXPECT_EQ(header->id(), 0xbeef);
  EXPECT_EQ(header->ttl(), 64);
  EXPECT_EQ(header->protocol(), 17);
  EXPECT_EQ(header->source().text(), "192.0.2.1");
  EXPECT_EQ(header->destination().text(), "198.51.100.7");
  EXPECT_EQ(header->options().size(), 4u);
  EXPECT_FALSE(header->is_fragment());
}

TEST(Ipv4, AHeaderShorterThanFiveWordsIsMalformed) {
  Buffer bytes = ipv4({}, {});
  for (const unsigned words : {0u, 1u, 4u}) {
    bytes[0] = static_cast<std::byte>(0x40 | words);
    const auto header = Ipv4Header::parse(bytes);
    ASSERT_FALSE(header);
    EXPECT_EQ(header.error().fault, Fault::malformed);
  }
}

TEST(Ipv4, AnotherVersionIsMalformed) {
  Buffer bytes = ipv4({}, {});
  bytes[0] = std::byte{0x65};
  EXPECT_EQ(Ipv4Header::parse(bytes).error().fault, Fault::malformed);
}

TEST(Ipv4, FragmentBitsAndOffset) {
  const Buffer first_bytes = ipv4({.more = true}, {}), last_bytes = ipv4({.offset = 185}, {});
  const auto first = Ipv4Header::parse(first_bytes), last = Ipv4Header::parse(last_bytes);
  EXPECT_TRUE(first->is_fragment() && first->more_fragments() && first->fragment_offset() == 0);
  EXPECT_TRUE(last->is_fragment() && !last->more_fragments() && last->fragment_offset() == 185);
  const Buffer farthest_bytes = ipv4({.offset = 0x1fff}, {});
  EXPECT_EQ(Ipv4Header::parse(farthest_bytes)->fragment_offset(), 0x1fff);
}

TEST(Ipv4, OptionsDoNotMoveThePayload) {
  const Buffer bytes =
      ethernet(0x0800, ipv4({.options = hex("94 04 00 00")}, tcp({.seq = 77}, text("hi"))));
  const Packet packet = decoded(bytes);
  ASSERT_TRUE(packet.tcp);
  EXPECT_EQ(packet.tcp->seq(), SeqNumber{77});
  EXPECT_EQ(as_text(packet.tcp->payload()), "hi");
}

TEST(Ipv4, PaddingOfTheFrameIsNotPayload) {
  const Buffer bytes = join({tcp_frame({}, text("hi")), Buffer(20)});
  const Packet packet = decoded(bytes);
  EXPECT_EQ(packet.tcp_length(), 2u);
  EXPECT_EQ(as_text(packet.tcp->payload()), "hi");
  EXPECT_EQ(transport_checksum_right(packet), true);
}

// What segmentation offload leaves behind: the packet ends with the frame.
TEST(Ipv4, TotalLengthOfZeroMeansToTheEnd) {
  const Buffer bytes = ethernet(0x0800, ipv4({.total_length = 0}, tcp({}, text("offloaded"))));
  EXPECT_EQ(decoded(bytes).tcp_length(), 9u);
}

TEST(Ipv4, ATotalLengthBeyondTheFrameIsNotBelieved) {
  const Buffer bytes = ethernet(0x0800, ipv4({.total_length = 65535}, tcp({}, text("short"))));
  EXPECT_EQ(decoded(bytes).tcp_length(), 5u);
}

TEST(Ipv4, ATotalLengthInsideTheTcpHeaderLeavesNoLength) {
  const Buffer bytes = ethernet(0x0800, ipv4({.total_length = 39}, tcp({}, {})));
  const Packet packet = decoded(bytes);
  EXPECT_FALSE(packet.tcp_length());
}

TEST(Ipv4, AFragmentWaitsForTheOthers) {
  const Buffer bytes =
      ethernet(0x0800, ipv4({.protocol = 17, .id = 7, .more = true}, udp(1, 2, Buffer(16))));
  const Packet packet = decoded(bytes);
  ASSERT_TRUE(packet.fragment);
  EXPECT_FALSE(packet.udp);
  EXPECT_EQ(packet.fragment->id, 7u);
  EXPECT_EQ(packet.fragment->offset, 0u);
  EXPECT_TRUE(packet.fragment->more);
  EXPECT_EQ(packet.fragment->wire_length, 24u);
  EXPECT_EQ(packet.protocol, 17);
}

}  // namespace
}  // namespace tracer
