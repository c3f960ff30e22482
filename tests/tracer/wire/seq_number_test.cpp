#include "tracer/wire/seq_number.hpp"

#include <gtest/gtest.h>

namespace tracer {
namespace {

// RFC 9293 §3.4: all arithmetic on sequence numbers is modulo 2^32.
TEST(SeqNumber, OrderGoesRoundTheWrap) {
  const SeqNumber before{0xfffffff0}, after{0x10};
  EXPECT_TRUE(before < after);
  EXPECT_TRUE(after > before);
  EXPECT_TRUE(before <= after);
  EXPECT_FALSE(before >= after);
  EXPECT_EQ(after - before, 32);
  EXPECT_EQ(before - after, -32);
}

TEST(SeqNumber, AdditionWraps) { EXPECT_EQ((SeqNumber{0xffffffff} + 2).value, 1u); }

TEST(SeqNumber, HalfTheSpaceAwayIsTheEdgeOfOrder) {
  EXPECT_TRUE((SeqNumber{0} < SeqNumber{0x7fffffff}));
  EXPECT_TRUE((SeqNumber{0} > SeqNumber{0x80000001}));
}

TEST(SeqNumber, EqualIsNeitherBeforeNorAfter) {
  EXPECT_FALSE((SeqNumber{5} < SeqNumber{5}));
  EXPECT_TRUE((SeqNumber{5} <= SeqNumber{5}));
  EXPECT_TRUE((SeqNumber{5} >= SeqNumber{5}));
}

}  // namespace
}  // namespace tracer
