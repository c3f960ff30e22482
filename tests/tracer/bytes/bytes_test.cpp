#include "tracer/bytes/bytes.hpp"

#include <gtest/gtest.h>

#include "tests/support/frames.hpp"
#include "tracer/bytes/inline_vector.hpp"

namespace tracer {
namespace {

TEST(Bytes, NumbersAreBigEndian) {
  const auto bytes = support::hex("01 02 03 04 05 06 07 08");
  EXPECT_EQ(be8(bytes, 7), 0x08);
  EXPECT_EQ(be16(bytes, 1), 0x0203);
  EXPECT_EQ(be24(bytes, 0), 0x010203u);
  EXPECT_EQ(be32(bytes, 4), 0x05060708u);
  EXPECT_EQ(be64(bytes, 0), 0x0102030405060708u);
}

TEST(Bytes, SliceNeverLeavesItsBytes) {
  const auto bytes = support::hex("00 01 02 03");
  EXPECT_EQ(slice(bytes, 1, 2).size(), 2u);
  EXPECT_EQ(slice(bytes, 1).size(), 3u);
  EXPECT_EQ(slice(bytes, 1, 100).size(), 3u);
  EXPECT_TRUE(slice(bytes, 4, 1).empty());
  EXPECT_TRUE(slice(bytes, SIZE_MAX, SIZE_MAX).empty());
  EXPECT_EQ(slice(bytes, 3, SIZE_MAX).size(), 1u);
}

TEST(InlineVector, RefusesWhatDoesNotFit) {
  InlineVector<int, 2> numbers;
  EXPECT_TRUE(numbers.push_back(1));
  EXPECT_TRUE(numbers.push_back(2));
  EXPECT_FALSE(numbers.push_back(3));
  EXPECT_TRUE(numbers.full());
  EXPECT_EQ(numbers.size(), 2u);
  EXPECT_EQ(numbers.back(), 2);
  numbers.clear();
  EXPECT_TRUE(numbers.empty());
}

}  // namespace
}  // namespace tracer
