#include "tracer/capture/pcapng_file.hpp"

#include <gtest/gtest.h>

#include "tests/support/reading.hpp"

namespace tracer {
namespace {

using namespace support;
using namespace std::chrono_literals;

constexpr ByteOrder little{false}, big{true};

TEST(PcapngFile, BothByteOrders) {
  for (const ByteOrder order : {little, big}) {
    const Reading read =
        read_capture(join({section(order, option(order, 4, text("dumpcap"))), interface(order, 101),
                           enhanced(order, 0, 1'500'000, text("packet"))}));
    ASSERT_EQ(read.frames.size(), 1u);
    EXPECT_EQ(read.frames[0].time.time_since_epoch(), 1500ms);
    EXPECT_EQ(as_text(read.frames[0].bytes), "packet");
    EXPECT_EQ(read.frames[0].link, LinkType::raw);
    EXPECT_EQ(read.application, "dumpcap");
  }
}

TEST(PcapngFile, SectionsOfDifferentByteOrderWithInterfacesOfTheirOwn) {
  const Reading read = read_capture(join(
      {section(little), interface(little, 1, option(little, 2, text("eth0"))),
       interface(little, 0, option(little, 2, text("lo"))),
       enhanced(little, 1, 1, text("loopback")), section(big),
       interface(big, 113, option(big, 2, text("any"))), enhanced(big, 0, 2, text("cooked"))}));
  ASSERT_EQ(read.frames.size(), 2u);
  EXPECT_EQ(read.frames[0].link, LinkType::null);
  EXPECT_EQ(read.frames[0].vantage, 1u);
  EXPECT_EQ(read.frames[1].link, LinkType::linux_sll);
  EXPECT_EQ(read.frames[1].vantage,
            2u);  // interfaces count from 0 in each section, vantages do not
  ASSERT_EQ(read.vantages.size(), 3u);
  EXPECT_EQ(read.vantages[2].name, "any");
}

TEST(PcapngFile, AnInterfaceOfAnEarlierSectionIsGone) {
  const Reading read = read_capture(
      join({section(little), interface(little, 1), interface(little, 1), section(little),
            interface(little, 1), enhanced(little, 1, 1, text("?"))}));
  EXPECT_EQ(read.frames.size(), 0u);
  EXPECT_NE(read.cut_short.find("not described"), std::string::npos) << read.cut_short;
}

TEST(PcapngFile, ResolutionsOfTenAndOfTwo) {
  const auto at = [](unsigned resolution, std::uint64_t ticks) {
    return read_capture(
               join({section(little), interface(little, 1, option(little, 9, u8(resolution))),
                     enhanced(little, 0, ticks, {})}))
        .frames[0]
        .time.time_since_epoch();
  };
  EXPECT_EQ(at(0, 7), 7s);
  EXPECT_EQ(at(3, 1500), 1500ms);
  EXPECT_EQ(at(9, 1'500'000'001), 1500ms + 1ns);
  EXPECT_EQ(at(12, 1'500'000'000'000), 1500ms);
  EXPECT_EQ(at(0x80 | 10, 1536), 1500ms);
  EXPECT_EQ(at(0x80, 3), 3s);
}

// Every value of the byte, with every kind of count, has to give some time; and differences of two
// such times must fit as well, since whoever reads them subtracts.
TEST(PcapngFile, ExtremeResolutionsNeverOverflow) {
  for (unsigned resolution = 0; resolution < 256; ++resolution)
    for (const std::uint64_t offset :
         {std::uint64_t{0}, std::uint64_t{1} << 62, ~std::uint64_t{0}, std::uint64_t{1} << 63}) {
      const Buffer options =
          join({option(little, 9, u8(resolution)), option(little, 14, little.n64(offset))});
      const Reading read =
          read_capture(join({section(little), interface(little, 1, options),
                             enhanced(little, 0, 0, {}), enhanced(little, 0, ~std::uint64_t{0}, {}),
                             enhanced(little, 0, std::uint64_t{1} << 63, {})}));
      ASSERT_EQ(read.frames.size(), 3u);
      std::int64_t difference;
      for (const Frame& a : read.frames)
        for (const Frame& b : read.frames)
          EXPECT_FALSE(__builtin_sub_overflow(a.time.time_since_epoch().count(),
                                              b.time.time_since_epoch().count(), &difference))
              << "resolution " << resolution << ", offset " << offset;
    }
}

TEST(PcapngFile, AnOffsetInSecondsIsAdded) {
  const Reading read = read_capture(
      join({section(little), interface(little, 1, option(little, 14, little.n64(1000))),
            enhanced(little, 0, 1, {})}));
  EXPECT_EQ(read.frames[0].time.time_since_epoch(), 1000s + 1us);
}

TEST(PcapngFile, CommentsDirectionsAndPacketIds) {
  const auto options = [](std::uint32_t direction) {
    return join({option(little, 1, text("odd")), option(little, 2, little.n32(direction)),
                 option(little, 5, little.n64(0x123456789abcdef0)), option(little, 0, {})});
  };
  const Reading read = read_capture(
      join({section(little), interface(little, 1), enhanced(little, 0, 1, text("a"), options(1)),
            enhanced(little, 0, 1, text("b"), options(2)), enhanced(little, 0, 1, text("c"))}));
  ASSERT_EQ(read.frames.size(), 3u);
  EXPECT_EQ(read.frames[0].comment, "odd");
  EXPECT_EQ(read.frames[0].direction, Direction::inbound);
  EXPECT_EQ(read.frames[0].packet_id, 0x123456789abcdef0u);
  EXPECT_EQ(read.frames[1].direction, Direction::outbound);
  // What one packet said must not stick to the next.
  EXPECT_TRUE(read.frames[2].comment.empty());
  EXPECT_FALSE(read.frames[2].packet_id);
  EXPECT_EQ(read.frames[2].direction, Direction::unknown);
}

TEST(PcapngFile, SimplePacketsAreCutToTheSnapLength) {
  const Reading read = read_capture(
      join({section(little), interface(little, 1, {}, 4),
            block(little, 3, join({little.n32(10), text("abcd")})), interface(little, 1),
            block(little, 3, join({little.n32(3), text("xyz")}))}));
  ASSERT_EQ(read.frames.size(), 2u);
  EXPECT_EQ(as_text(read.frames[0].bytes), "abcd");
  EXPECT_EQ(read.frames[0].original_length, 10u);
  EXPECT_EQ(as_text(read.frames[1].bytes), "xyz");
}

TEST(PcapngFile, TheObsoletePacketBlock) {
  const Reading read =
      read_capture(join({section(little), interface(little, 1),
                         block(little, 2,
                               join({little.n16(0), little.n16(0), little.n32(0), little.n32(5),
                                     little.n32(3), little.n32(9), text("old")}))}));
  ASSERT_EQ(read.frames.size(), 1u);
  EXPECT_EQ(as_text(read.frames[0].bytes), "old");
  EXPECT_EQ(read.frames[0].original_length, 9u);
}

TEST(PcapngFile, UnknownBlocksAreSteppedOver) {
  const Reading read =
      read_capture(join({section(little), block(little, 0xbad, Buffer(100)), interface(little, 1),
                         block(little, 5, Buffer(12)), enhanced(little, 0, 1, text("x"))}));
  EXPECT_EQ(read.frames.size(), 1u);
  EXPECT_EQ(read.cut_short, "");
}

TEST(PcapngFile, EveryCutGivesTheFramesBeforeItAndSaysSo) {
  const Buffer head = section(little), description = interface(little, 1),
               first = enhanced(little, 0, 1, text("12345"), option(little, 1, text("comment"))),
               second = enhanced(little, 0, 2, text("abc"));
  const Buffer whole = join({head, description, first, second});
  const std::size_t ends[] = {head.size(), head.size() + description.size(),
                              head.size() + description.size() + first.size(), whole.size()};
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    const Buffer piece(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    if (length < head.size()) {
      EXPECT_EQ(failure_of(piece).code, exit_code::usage) << length;
      continue;
    }
    const Reading read = read_capture(piece);
    EXPECT_EQ(read.frames.size(),
              static_cast<std::size_t>((length >= ends[2]) + (length >= ends[3])))
        << length;
    EXPECT_EQ(read.cut_short.empty(),
              std::find(std::begin(ends), std::end(ends), length) != std::end(ends))
        << length << ": " << read.cut_short;
  }
}

TEST(PcapngFile, HostileBlockLengthsEndTheReading) {
  for (const std::uint32_t type : {1u, 3u, 6u, 0xbadu})
    for (const std::uint32_t length : {0u, 4u, 8u, 11u, 13u, 0x7ffffffcu, 0xfffffffcu}) {
      const Reading read = read_capture(
          join({section(little), interface(little, 1), enhanced(little, 0, 1, text("good")),
                little.n32(type), little.n32(length), Buffer(64)}));
      EXPECT_EQ(read.frames.size(), 1u) << type << " " << length;
      EXPECT_NE(read.cut_short, "") << type << " " << length;
    }
}

TEST(PcapngFile, BodiesTooShortForTheirTypeEndTheReading) {
  for (const std::uint32_t type : {1u, 2u, 3u, 6u}) {
    const Reading read =
        read_capture(join({section(little), interface(little, 1), block(little, type, {})}));
    EXPECT_NE(read.cut_short, "") << type;
  }
}

TEST(PcapngFile, APacketCannotClaimMoreThanItsBlock) {
  const Reading read = read_capture(join(
      {section(little), interface(little, 1),
       block(little, 6,
             join({little.n32(0), little.n64(0), little.n32(5), little.n32(5), text("1234")}))}));
  EXPECT_EQ(read.frames.size(), 0u);
  EXPECT_NE(read.cut_short.find("claims 5 bytes"), std::string::npos) << read.cut_short;
}

TEST(PcapngFile, DamagedOptionsEndTheOptionsOnly) {
  const Buffer beyond = join({option(little, 1, text("kept")), little.n16(5), little.n16(0xffff)});
  const Reading read = read_capture(
      join({section(little), interface(little, 1), enhanced(little, 0, 1, text("a"), beyond),
            enhanced(little, 0, 1, text("b"))}));
  ASSERT_EQ(read.frames.size(), 2u);
  EXPECT_EQ(read.frames[0].comment, "kept");
  EXPECT_FALSE(read.frames[0].packet_id);
}

TEST(PcapngFile, OtherVersionsAndMagicsAreRefused) {
  Buffer version = section(little);
  version[12] = std::byte{2};
  EXPECT_EQ(failure_of(version).code, exit_code::usage);
  Buffer magic = section(little);
  magic[8] = std::byte{0};
  EXPECT_EQ(failure_of(magic).code, exit_code::usage);
}

TEST(PcapngFile, AFloodOfInterfacesIsBounded) {
  Buffer file = section(little);
  const Buffer one = interface(little, 1);
  for (int i = 0; i < 65'537; ++i) file.insert(file.end(), one.begin(), one.end());
  const Reading read = read_capture(file);
  EXPECT_LE(read.vantages.size(), 65'536u);
  EXPECT_NE(read.cut_short, "");
}

}  // namespace
}  // namespace tracer
