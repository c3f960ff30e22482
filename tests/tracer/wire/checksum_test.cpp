// transport_checksum_right(): what a receiver would decide.
#include <gtest/gtest.h>

#include "tests/support/frames.hpp"

namespace tracer {
namespace {

using namespace support;

TEST(TransportChecksum, RightForEachProtocol) {
  const Buffer tcp4 = tcp_frame({}, text("odd"));
  EXPECT_EQ(transport_checksum_right(decoded(tcp4)), true);
  const Buffer udp4 = ethernet(0x0800, ipv4({.protocol = 17}, udp(1, 2, text("even"))));
  EXPECT_EQ(transport_checksum_right(decoded(udp4)), true);
  const Buffer icmp4 = ethernet(0x0800, ipv4({.protocol = 1}, icmp(8, 0, 1, text("ping"))));
  EXPECT_EQ(transport_checksum_right(decoded(icmp4)), true);
  const Buffer tcp6 = ethernet(0x86dd, ipv6({}, tcp({}, text("odd"), "fd00::1", "fd00::2")));
  EXPECT_EQ(transport_checksum_right(decoded(tcp6)), true);
}

TEST(TransportChecksum, OneBitAnywhereInTheSegmentMakesItWrong) {
  const Buffer right = tcp_frame({}, text("payload"));
  for (std::size_t at = 34; at < right.size(); ++at) {
    if (at == 46) continue;  // Data Offset: another header altogether
    Buffer wrong = right;
    wrong[at] ^= std::byte{0x10};
    EXPECT_EQ(transport_checksum_right(decoded(wrong)), false) << "byte " << at;
  }
}

TEST(TransportChecksum, CountsTheAddresses) {
  Buffer wrong = tcp_frame({}, {});
  wrong[29] ^= std::byte{1};  // the last byte of the source
  EXPECT_EQ(transport_checksum_right(decoded(wrong)), false);
}

TEST(TransportChecksum, ZeroInUdpMeansNone) {
  Buffer none = ethernet(0x0800, ipv4({.protocol = 17}, udp(1, 2, text("x"))));
  none[40] = none[41] = std::byte{0};
  EXPECT_FALSE(transport_checksum_right(decoded(none)).has_value());
}

TEST(TransportChecksum, CannotBeToldOfACutOrAFragment) {
  const Buffer bytes = tcp_frame({}, text("payload"));
  Frame cut = frame(bytes);
  cut.bytes = cut.bytes.first(bytes.size() - 1);
  Packet packet;
  decode(cut, 1, packet);
  EXPECT_FALSE(transport_checksum_right(packet).has_value());
  const Buffer fragment = ethernet(0x0800, ipv4({.more = true}, tcp({}, text("12345678"))));
  EXPECT_FALSE(transport_checksum_right(decoded(fragment)).has_value());
}

}  // namespace
}  // namespace tracer
