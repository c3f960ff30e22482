#include "tracer/wire/tcp.hpp"

#include "tests/support/cuts.hpp"

namespace tracer {
namespace {

using namespace support;

TEST(Tcp, EveryCutIsTold) { expect_every_cut_is_told(tcp({}, {}), 20, "TCP", TcpHeader::parse); }

TEST(Tcp, FieldsAreRead) {
  const Buffer bytes = tcp({.source = 0xc001,
                            .destination = 80,
                            .seq = 0xfffffffe,
                            .ack = 0x80000000,
                            .flags = 0x1ff,
                            .window = 512},
                           text("data"));
  const auto header = TcpHeader::parse(bytes);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->source_port(), 0xc001);
  EXPECT_EQ(header->destination_port(), 80);
  EXPECT_EQ(header->seq(), SeqNumber{0xfffffffe});
  EXPECT_EQ(header->ack(), SeqNumber{0x80000000});
  EXPECT_EQ(header->flags().bits, 0x1ff);
  EXPECT_EQ(header->window(), 512);
  EXPECT_EQ(header->size(), 20u);
  EXPECT_EQ(as_text(header->payload()), "data");
}

TEST(Tcp, EachFlagHasItsBit) {
  for (const std::uint16_t bit :
       {TcpFlags::fin, TcpFlags::syn, TcpFlags::rst, TcpFlags::psh, TcpFlags::ack, TcpFlags::urg,
        TcpFlags::ece, TcpFlags::cwr, TcpFlags::ae}) {
    const Buffer bytes = tcp({.flags = bit}, {});
    EXPECT_EQ(TcpHeader::parse(bytes)->flags().bits, bit);
  }
  EXPECT_TRUE(TcpFlags{TcpFlags::syn}.control());
  EXPECT_FALSE(TcpFlags{TcpFlags::psh | TcpFlags::ack}.control());
}

TEST(Tcp, DataOffsetUnderFiveIsMalformed) {
  Buffer bytes = tcp({}, {});
  for (unsigned words = 0; words < 5; ++words) {
    bytes[12] = static_cast<std::byte>(words << 4);
    const auto header = TcpHeader::parse(bytes);
    ASSERT_FALSE(header) << words;
    EXPECT_EQ(header.error().fault, Fault::malformed);
    EXPECT_EQ(header.error().present, words * 4);
  }
}

// A snap length of 68 bytes cuts options off; ports and numbers are still worth having.
TEST(Tcp, OptionsCutOffAreShort) {
  Buffer bytes = tcp({.options = Buffer(40, std::byte{1})}, {});
  bytes.resize(30);
  const auto header = TcpHeader::parse(bytes);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->size(), 60u);
  EXPECT_FALSE(header->complete());
  EXPECT_EQ(header->options().size(), 10u);
  EXPECT_TRUE(header->payload().empty());
}

TEST(Tcp, LengthOnTheWireSurvivesACutCapture) {
  const Buffer bytes = tcp_frame({}, Buffer(1000));
  Frame cut = frame(bytes);
  cut.bytes = cut.bytes.first(60);
  Packet packet;
  decode(cut, 1, packet);
  EXPECT_EQ(packet.tcp_length(), 1000u);
  EXPECT_EQ(packet.tcp->payload().size(), 6u);
  EXPECT_FALSE(transport_checksum_right(packet));
}

TEST(Tcp, ASegmentShorterThanItsHeaderHasNoLength) {
  const Buffer bytes =
      ethernet(0x0800, ipv4({.total_length = 40}, tcp({.options = Buffer(40, std::byte{1})}, {})));
  EXPECT_FALSE(decoded(bytes).tcp_length());
}

}  // namespace
}  // namespace tracer
