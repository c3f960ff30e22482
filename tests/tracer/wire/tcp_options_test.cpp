#include "tracer/wire/tcp_options.hpp"

#include <gtest/gtest.h>

#include "tests/support/frames.hpp"

namespace tracer {
namespace {

using support::Buffer;
using support::hex;

TcpOptions parsed(const char* digits) { return TcpOptions::parse(hex(digits)); }

TEST(TcpOptions, OfALinuxSyn) {
  const auto options = parsed("02 04 05 b4  04 02  08 0a 00 00 00 01 00 00 00 02  01  03 03 07");
  EXPECT_EQ(options.mss, 1460);
  EXPECT_TRUE(options.sack_permitted);
  EXPECT_TRUE(options.has_timestamps);
  EXPECT_EQ(options.ts_value, 1u);
  EXPECT_EQ(options.ts_echo, 2u);
  EXPECT_EQ(options.window_scale, 7);
  EXPECT_FALSE(options.damaged);
}

// The common layout takes a short way through the code; the answer must be the same.
TEST(TcpOptions, TimestampsAlone) {
  const auto quick = parsed("01 01 08 0a 00 00 00 05 00 00 00 06"),
             slow = parsed("08 0a 00 00 00 05 00 00 00 06 01 01");
  for (const auto& options : {quick, slow}) {
    EXPECT_TRUE(options.has_timestamps);
    EXPECT_EQ(options.ts_value, 5u);
    EXPECT_EQ(options.ts_echo, 6u);
  }
}

TEST(TcpOptions, SackBlocks) {
  const auto options = parsed("05 12 00 00 00 01 00 00 00 05  00 00 00 09 00 00 00 0c");
  ASSERT_EQ(options.sack.size(), 2u);
  EXPECT_EQ(options.sack[0].left, SeqNumber{1});
  EXPECT_EQ(options.sack[1].right, SeqNumber{12});
  EXPECT_EQ(parsed("05 0a 00 00 00 01 00 00 00 05").sack.size(), 1u);
  EXPECT_EQ(parsed("05 05 00 00 00").sack.size(), 0u);  // no whole block
}

TEST(TcpOptions, Multipath) {
  EXPECT_EQ(parsed("1e 04 20 00").multipath, 1 << 2);
  EXPECT_EQ(parsed("1e 04 20 00 1e 03 30").multipath, 1 << 2 | 1 << 3);
  EXPECT_EQ(parsed("1e 02").multipath, 0);
}

TEST(TcpOptions, NothingAfterTheEndCounts) {
  const auto options = parsed("00 02 04 05 b4");
  EXPECT_FALSE(options.mss);
  EXPECT_FALSE(options.damaged);
}

TEST(TcpOptions, LengthsOfKnownKindsMustFit) {
  EXPECT_FALSE(parsed("02 03 05").mss);
  EXPECT_FALSE(parsed("03 04 07 07").window_scale);
  EXPECT_FALSE(parsed("08 04 00 00").has_timestamps);
}

TEST(TcpOptions, ImpossibleLengthsAreDamage) {
  for (const char* digits : {"02", "02 00", "02 01", "02 05 05 b4", "fd ff 00", "01 01 02"})
    EXPECT_TRUE(parsed(digits).damaged) << digits;
}

// Of an option that the capture cut, what is there is given: whole blocks, but no half numbers.
TEST(TcpOptions, CutByTheCapture) {
  const auto options =
      TcpOptions::parse(hex("02 04 05 b4  05 12 00 00 00 01 00 00 00 05  00 00 00 09"), 4);
  EXPECT_EQ(options.mss, 1460);
  EXPECT_EQ(options.sack.size(), 1u);
  EXPECT_TRUE(options.damaged);
  EXPECT_FALSE(TcpOptions::parse(hex("08 0a 00 00 00 01"), 4).has_timestamps);
  EXPECT_EQ(TcpOptions::parse(hex("05 12 00 00 00 01 00 00 00 05"), 4).sack.size(),
            0u);  // too long
}

TEST(TcpOptions, WhatCameBeforeTheDamageStands) {
  const auto options = parsed("02 04 05 b4 03 00");
  EXPECT_EQ(options.mss, 1460);
  EXPECT_TRUE(options.damaged);
}

TEST(TcpOptions, UnknownKindsAreSteppedOver) {
  EXPECT_EQ(parsed("fa 06 de ad be ef 02 04 05 b4").mss, 1460);
}

TEST(TcpOptions, EveryCutOfAListEndsQuietlyOrAsDamage) {
  const Buffer whole = hex("02 04 05 b4 04 02 08 0a 00 00 00 01 00 00 00 02 01 03 03 07");
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    const Buffer piece(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    TcpOptionReader reader(piece);
    std::size_t used = 0;
    while (const auto option = reader.next()) used += option->bytes.size();
    EXPECT_EQ(reader.damaged(), used != length) << length;
  }
}

TEST(TcpOptions, KindsHaveNames) {
  EXPECT_EQ(tcp_option::name(2), "Maximum segment size");
  EXPECT_EQ(tcp_option::name(34), "TCP Fast Open Cookie");
  EXPECT_EQ(tcp_option::name(200), "Unknown");
}

}  // namespace
}  // namespace tracer
