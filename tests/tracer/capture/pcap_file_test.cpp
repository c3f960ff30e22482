#include "tracer/capture/pcap_file.hpp"

#include <gtest/gtest.h>

#include "tests/support/capture_files.hpp"
#include "tests/support/reading.hpp"

namespace tracer {
namespace {

using namespace support;
using namespace std::chrono_literals;

TEST(PcapFile, BothResolutionsInBothByteOrders) {
  for (const bool big : {false, true})
    for (const bool nanoseconds : {false, true}) {
      const Reading read =
          read_capture(join({pcap_header({.big = big, .nanoseconds = nanoseconds, .link = 113}),
                             pcap_record(big, 5, 123'456, text("first"), 100),
                             pcap_record(big, 4'294'967'295, 7, {})}));
      ASSERT_EQ(read.frames.size(), 2u) << big << nanoseconds;
      EXPECT_EQ(read.frames[0].time.time_since_epoch(),
                nanoseconds ? 5s + 123'456ns : 5s + 123'456us);
      EXPECT_EQ(as_text(read.frames[0].bytes), "first");
      EXPECT_EQ(read.frames[0].original_length, 100u);
      EXPECT_EQ(read.frames[0].link, LinkType::linux_sll);
      EXPECT_EQ(read.frames[1].time.time_since_epoch() / 1s, 4'294'967'295);
      EXPECT_EQ(read.cut_short, "");
    }
}

// Kuznetsov's old Linux patch: eight bytes more in each record.
TEST(PcapFile, TheModifiedFormat) {
  Buffer file = pcap_header({});
  file[0] = std::byte{0x34};
  file[1] = std::byte{0xcd};
  const ByteOrder order{false};
  const Reading read = read_capture(
      join({file, order.n32(1), order.n32(2), order.n32(3), order.n32(3), Buffer(8), text("abc")}));
  ASSERT_EQ(read.frames.size(), 1u);
  EXPECT_EQ(as_text(read.frames[0].bytes), "abc");
}

TEST(PcapFile, UpperBitsOfTheLinkTypeAreOtherThings) {
  const Reading read =
      read_capture(join({pcap_header({.link = 0x34000001}), pcap_record(false, 1, 0, text("x"))}));
  EXPECT_EQ(read.frames[0].link, LinkType::ethernet);
}

TEST(PcapFile, EveryCutGivesTheFramesBeforeItAndSaysSo) {
  const Buffer first = pcap_record(false, 1, 0, text("0123456789")),
               second = pcap_record(false, 2, 0, text("abcdef"));
  const Buffer whole = join({pcap_header({}), first, second});
  for (std::size_t length = 24; length <= whole.size(); ++length) {
    const Reading read =
        read_capture(Buffer(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)));
    const std::size_t frames = (length >= 24 + first.size()) + (length == whole.size());
    EXPECT_EQ(read.frames.size(), frames) << length;
    const bool at_a_boundary =
        length == 24 || length == 24 + first.size() || length == whole.size();
    EXPECT_EQ(read.cut_short.empty(), at_a_boundary) << length << ": " << read.cut_short;
  }
}

TEST(PcapFile, ACutHeaderIsNoCapture) {
  const Buffer header = pcap_header({});
  for (std::size_t length = 0; length < header.size(); ++length)
    EXPECT_EQ(
        failure_of(Buffer(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(length)))
            .code,
        exit_code::usage)
        << length;
}

TEST(PcapFile, AnUnknownVersionIsRefused) {
  EXPECT_EQ(failure_of(pcap_header({.major = 3})).code, exit_code::usage);
}

// Nobody writes such frames: it must neither be believed nor allocated.
TEST(PcapFile, HostileLengthsEndTheReading) {
  const ByteOrder order{false};
  for (const std::uint32_t claimed : {262'145u, 0x7fffffffu, 0xffffffffu}) {
    const Reading read =
        read_capture(join({pcap_header({}), pcap_record(false, 1, 0, text("good")), order.n32(1),
                           order.n32(2), order.n32(claimed), order.n32(claimed), Buffer(64)}));
    EXPECT_EQ(read.frames.size(), 1u);
    EXPECT_NE(read.cut_short.find("damaged"), std::string::npos) << read.cut_short;
  }
}

TEST(PcapFile, FractionsBeyondASecondCount) {
  const Reading read = read_capture(join({pcap_header({}), pcap_record(false, 1, 0xffffffff, {})}));
  EXPECT_EQ(read.frames[0].time.time_since_epoch(), 1s + 4'294'967'295us);
}

TEST(PcapFile, ALargeFrameOutgrowsTheBuffer) {
  const Buffer large(262'144, std::byte{'x'});
  const Reading read = read_capture(
      join({pcap_header({}), pcap_record(false, 1, 0, text("small")),
            pcap_record(false, 1, 0, large), pcap_record(false, 1, 0, text("small"))}));
  ASSERT_EQ(read.frames.size(), 3u);
  EXPECT_EQ(read.frames[1].bytes.size(), large.size());
  EXPECT_EQ(as_text(read.frames[2].bytes), "small");
}

}  // namespace
}  // namespace tracer
