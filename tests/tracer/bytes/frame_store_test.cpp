#include "tracer/bytes/frame_store.hpp"

#include <gtest/gtest.h>

#include "tests/support/frames.hpp"

namespace tracer {
namespace {

TEST(FrameStore, KeepsItsOwnCopy) {
  FrameStore store;
  support::Buffer bytes = support::text("before");
  std::string comment = "said before";
  Frame frame = support::frame(bytes);
  frame.comment = comment;
  store.add(frame);
  std::fill(bytes.begin(), bytes.end(), std::byte{0});
  comment.assign(comment.size(), '?');
  EXPECT_EQ(as_text(store[0].bytes), "before");
  EXPECT_EQ(store[0].comment, "said before");
}

TEST(FrameStore, BytesStayWhereTheyAreWhileItGrows) {
  FrameStore store;
  const support::Buffer small = support::text("x"), large(3 << 20, std::byte{'y'});
  const std::byte* first = store.add(support::frame(small)).bytes.data();
  for (int i = 0; i < 1000; ++i) store.add(support::frame(small));
  store.add(support::frame(large));  // larger than a piece
  store.add(support::frame(small));
  EXPECT_EQ(store[0].bytes.data(), first);
  EXPECT_EQ(store[1001].bytes.size(), large.size());
  EXPECT_EQ(store[1001].bytes.back(), std::byte{'y'});
  EXPECT_EQ(store.size(), 1003u);
}

TEST(FrameStore, AnEmptyFrameIsAFrame) {
  FrameStore store;
  store.add(Frame{});
  EXPECT_TRUE(store[0].bytes.empty());
  EXPECT_EQ(store.size(), 1u);
}

}  // namespace
}  // namespace tracer
