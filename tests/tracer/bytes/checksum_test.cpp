#include "tracer/bytes/checksum.hpp"

#include <gtest/gtest.h>

#include "tests/support/frames.hpp"

namespace tracer {
namespace {

/// RFC 1071 §4.1, word by word: what the fast version must agree with.
std::uint16_t plain_sum(Bytes bytes, std::uint32_t sum) {
  for (std::size_t i = 0; i < bytes.size(); i += 2)
    sum += be8(bytes, i) * 256u + (i + 1 < bytes.size() ? be8(bytes, i + 1) : 0u);
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}

// RFC 1071 §3 works this example.
TEST(Checksum, ExampleOfTheRfc) {
  EXPECT_EQ(ones_complement_sum(support::hex("00 01 f2 03 f4 f5 f6 f7")), 0xddf2);
}

TEST(Checksum, NothingSumsToNothing) {
  EXPECT_EQ(ones_complement_sum({}), 0);
  EXPECT_EQ(ones_complement_sum({}, 0x12345), 0x2346);
}

TEST(Checksum, EveryLengthAgreesWithTheDefinition) {
  support::Buffer bytes;
  std::uint32_t state = 1;
  for (int i = 0; i < 100; ++i) {
    for (const std::uint32_t initial : {0u, 0xffffu, 0x1fffeu})
      EXPECT_EQ(ones_complement_sum(bytes, initial), plain_sum(bytes, initial))
          << i << " bytes, from " << initial;
    state = state * 1664525u + 1013904223u;
    bytes.push_back(static_cast<std::byte>(state >> 24));
  }
}

TEST(Checksum, CarriesGoRound) {
  const support::Buffer ones(4096, std::byte{0xff});
  EXPECT_EQ(ones_complement_sum(ones), 0xffff);
  EXPECT_EQ(ones_complement_sum(ones, 1), 1);
}

TEST(Checksum, AMessageWithItsChecksumSumsToAllOnes) {
  const auto message = support::icmp(8, 0, 0x00010002, support::text("odd"));
  EXPECT_EQ(ones_complement_sum(message), 0xffff);
}

}  // namespace
}  // namespace tracer
