#include "tracer/tracking/byte_stream.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tracer {
namespace {

constexpr SeqNumber start{0xfffffffc};  // the numbers wrap on the way

/// Feeds a part and returns all that is unread, as its reader would see it.
std::string feed(ByteStream& stream, std::uint32_t offset, std::string_view part) {
  stream.add(start + offset, as_bytes(part));
  stream.keep_unread();
  return std::string(as_text(stream.unread()));
}

TEST(ByteStream, DeliversInOrder) {
  ByteStream stream;
  stream.begin(start);
  EXPECT_TRUE(stream.add(start, as_bytes("abc")));
  EXPECT_EQ(as_text(stream.unread()), "abc");
  stream.read(3);
  stream.keep_unread();
  EXPECT_TRUE(stream.unread().empty());
  EXPECT_EQ(feed(stream, 3, "def"), "def");
}

TEST(ByteStream, WaitsForWhatIsMissing) {
  ByteStream stream;
  stream.begin(start);
  EXPECT_EQ(feed(stream, 6, "ghi"), "");
  EXPECT_EQ(feed(stream, 3, "def"), "");
  EXPECT_TRUE(stream.waiting());
  EXPECT_EQ(feed(stream, 0, "abc"), "abcdefghi");
  EXPECT_FALSE(stream.waiting());
}

TEST(ByteStream, DeliversOverlapsOnce) {
  const std::string whole = "abcdefghij";
  for (std::uint32_t from = 0; from < whole.size(); ++from)
    for (std::uint32_t to = from + 1; to <= whole.size(); ++to) {
      ByteStream stream;
      stream.begin(start);
      feed(stream, from, std::string_view(whole).substr(from, to - from));
      feed(stream, 0, std::string_view(whole).substr(0, 5));
      EXPECT_EQ(feed(stream, 3, std::string_view(whole).substr(3)), whole) << from << ' ' << to;
      EXPECT_FALSE(stream.add(start, as_bytes(whole)));
    }
}

TEST(ByteStream, BeginsWithTheFirstSegmentIfNoSynWasSeen) {
  ByteStream stream;
  EXPECT_EQ(feed(stream, 100, "abc"), "abc");
  EXPECT_EQ(feed(stream, 0, "old"), "abc");
}

TEST(ByteStream, GivesUpRatherThanKeepTooMuch) {
  ByteStream stream;
  stream.begin(start);
  const std::string piece(65'536, 'x');
  std::uint32_t at = 1;
  while (!stream.gave_up() && at < 100'000'000) {
    stream.add(start + at, as_bytes(piece));
    at += static_cast<std::uint32_t>(piece.size());
  }
  EXPECT_TRUE(stream.gave_up());
  EXPECT_LE(at, ByteStream::most_early + 2 * piece.size());
  EXPECT_EQ(feed(stream, 0, "a"), "");
}

}  // namespace
}  // namespace tracer
