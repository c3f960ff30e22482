#include "tracer/wire/resp.hpp"

#include <gtest/gtest.h>

namespace tracer {
namespace {

TEST(Resp, MeasuresNestedArrays) {
  const std::string_view value = "*3\r\n$3\r\nSET\r\n*1\r\n:42\r\n$-1\r\n";
  RespFault fault{};
  EXPECT_EQ(resp_value_size(as_bytes(value), fault), value.size());
  for (std::size_t size = 0; size < value.size(); ++size) {
    EXPECT_FALSE(resp_value_size(as_bytes(value.substr(0, size)), fault));
    EXPECT_EQ(fault, RespFault::incomplete);
  }
}

TEST(Resp, RefusesWhatItIsNot) {
  RespFault fault{};
  for (const std::string_view value :
       {"GET a\r\n", "$x\r\n", "$-2\r\n", "*99999999999999999999\r\n"}) {
    EXPECT_FALSE(resp_value_size(as_bytes(value), fault));
    EXPECT_EQ(fault, RespFault::malformed) << value;
  }
}

TEST(Resp, FollowsDeepNestingWithoutRecursion) {
  std::string value;
  for (int i = 0; i < 100'000; ++i) value += "*1\r\n";
  RespFault fault{};
  EXPECT_FALSE(resp_value_size(as_bytes(value), fault));
  EXPECT_EQ(fault, RespFault::incomplete);
}

}  // namespace
}  // namespace tracer
