#include "tracer/bytes/decoded.hpp"

#include <gtest/gtest.h>

#include "tracer/bytes/failure.hpp"

namespace tracer {
namespace {

TEST(Decoded, HoldsAValueOrTheReason) {
  const Decoded<int> value(7);
  ASSERT_TRUE(value);
  EXPECT_EQ(*value, 7);
  const Decoded<int> none(DecodeError{Fault::truncated, "TCP", 20, 3});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().needed, 20u);
  EXPECT_EQ(none.error().present, 3u);
}

TEST(Failure, CarriesExitCodeMessageAndHint) {
  const Failure failure(exit_code::usage, "x.pcap: not a capture", "try file(1)");
  EXPECT_EQ(failure.code, 2);
  EXPECT_STREQ(failure.what(), "x.pcap: not a capture");
  EXPECT_EQ(failure.hint, "try file(1)");
}

// Graders and scripts rely on the numbers.
TEST(Failure, ExitCodesAreThosePromised) {
  EXPECT_EQ(exit_code::done, 0);
  EXPECT_EQ(exit_code::failed, 1);
  EXPECT_EQ(exit_code::usage, 2);
  EXPECT_EQ(exit_code::check_failed, 3);
  EXPECT_EQ(exit_code::not_permitted, 4);
  EXPECT_EQ(exit_code::interrupted, 130);
}

}  // namespace
}  // namespace tracer
