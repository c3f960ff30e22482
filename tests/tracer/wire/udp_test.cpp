#include "tracer/wire/udp.hpp"

#include "tests/support/cuts.hpp"

namespace tracer {
namespace {

using namespace support;

TEST(Udp, EveryCutIsTold) { expect_every_cut_is_told(udp(1, 2, {}), 8, "UDP", UdpHeader::parse); }

TEST(Udp, FieldsAreRead) {
  const Buffer bytes = udp(53, 40000, text("answer"));
  const auto header = UdpHeader::parse(bytes);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->source_port(), 53);
  EXPECT_EQ(header->destination_port(), 40000);
  EXPECT_EQ(header->length(), 14);
  EXPECT_EQ(as_text(header->payload()), "answer");
}

TEST(Udp, TheLengthFieldCutsThePayload) {
  Buffer bytes = udp(1, 2, text("answer and padding"));
  bytes[4] = std::byte{0};
  bytes[5] = std::byte{14};
  EXPECT_EQ(as_text(UdpHeader::parse(bytes)->payload()), "answer");
}

TEST(Udp, ALengthUnderEightIsNotBelieved) {
  for (const unsigned length : {0u, 1u, 7u}) {
    Buffer bytes = udp(1, 2, text("all"));
    bytes[5] = static_cast<std::byte>(length);
    EXPECT_EQ(as_text(UdpHeader::parse(bytes)->payload()), "all");
  }
}

TEST(Udp, ALengthBeyondTheDatagramGivesWhatIsThere) {
  Buffer bytes = udp(1, 2, text("all"));
  bytes[4] = bytes[5] = std::byte{255};
  EXPECT_EQ(as_text(UdpHeader::parse(bytes)->payload()), "all");
}

}  // namespace
}  // namespace tracer
