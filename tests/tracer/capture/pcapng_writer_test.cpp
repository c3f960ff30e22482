#include "tracer/capture/pcapng_writer.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>

#include "tests/support/reading.hpp"
#include "tracer/capture/endian.hpp"
#include "tracer/wire/address.hpp"

namespace tracer {
namespace {

using namespace support;
using namespace std::chrono_literals;

struct Written {
  TemporaryFile file;
  Buffer bytes[2] = {tcp_frame({.flags = TcpFlags::syn}, {}),
                     ethernet(0x0800, ipv4({.protocol = 17}, udp(5000, 6000, text("odd"))))};
};

void write(const Written& to) {
  PcapngWriter writer(to.file.path(), "wirelab tests", "made by a test");
  writer.add_interface({"client", LinkType::ethernet, 0});
  writer.add_interface({"server", LinkType::ethernet, 262'144});
  writer.add_name(IpAddress::parse("10.0.0.1")->octets(), "client");
  writer.add_name(IpAddress::parse("fd00::2")->octets(), "server");
  Frame one = frame(to.bytes[0]);
  one.time = Timestamp(1'700'000'000s + 123'456'789ns);
  one.direction = Direction::outbound;
  one.packet_id = 42;
  one.comment = "lost on the wire: drop c>s data#3";
  writer.write(one);
  Frame two = frame(to.bytes[1]);
  two.time = Timestamp(1'700'000'000s + 999ns);
  two.vantage = 1;
  two.original_length = 1500;
  writer.write(two);
  writer.flush();
}

TEST(PcapngWriter, WhatIsWrittenIsReadBack) {
  const Written written;
  write(written);
  const Reading read = read_file(written.file.path());
  ASSERT_EQ(read.frames.size(), 2u);
  EXPECT_EQ(read.application, "wirelab tests");
  ASSERT_EQ(read.vantages.size(), 2u);
  EXPECT_EQ(read.vantages[0].name, "client");
  EXPECT_EQ(read.vantages[1].snaplen, 262'144u);
  EXPECT_EQ(read.frames[0].time.time_since_epoch(), 1'700'000'000s + 123'456'789ns);
  EXPECT_EQ(read.frames[0].direction, Direction::outbound);
  EXPECT_EQ(read.frames[0].packet_id, 42u);
  EXPECT_EQ(read.frames[0].comment, "lost on the wire: drop c>s data#3");
  EXPECT_EQ(as_text(read.frames[0].bytes), as_text(written.bytes[0]));
  EXPECT_EQ(read.frames[1].vantage, 1u);
  EXPECT_EQ(read.frames[1].original_length, 1500u);
  EXPECT_FALSE(read.frames[1].packet_id);
  EXPECT_EQ(read.cut_short, "");
}

TEST(PcapngWriter, EachBlockIsAlignedAndEndsWithItsLength) {
  const Written written;
  write(written);
  const Buffer content = written.file.content();
  std::size_t at = 0, blocks = 0;
  while (at < content.size()) {
    const std::uint32_t length = FileOrder{}.u32(content, at + 4);
    ASSERT_EQ(length % 4, 0u);
    ASSERT_LE(at + length, content.size());
    EXPECT_EQ(FileOrder{}.u32(content, at + length - 4), length);
    at += length;
    ++blocks;
  }
  EXPECT_EQ(blocks, 7u);
}

TEST(PcapngWriter, TsharkReadsTheSame) {
  if (std::system("command -v tshark > /dev/null 2>&1") != 0)
    GTEST_SKIP() << "tshark is not installed";
  const Written written;
  write(written);
  const std::string command =
      "tshark -r " + written.file.path() +
      " -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE -o udp.check_checksum:TRUE -T fields "
      "-E separator=, -e frame.number -e frame.time_epoch"
      " -e frame.interface_name -e frame.comment -e tcp.checksum.status -e udp.checksum.status -e "
      "_ws.malformed 2>&1";
  FILE* pipe = popen(command.c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  std::string said;
  for (int c; (c = fgetc(pipe)) != EOF;) said += static_cast<char>(c);
  EXPECT_EQ(pclose(pipe), 0);
  EXPECT_NE(said.find("1,1700000000.123456789,client,lost on the wire: drop c>s data#3,1,,"),
            std::string::npos)
      << said;
  EXPECT_NE(said.find("2,1700000000.000000999,server,,,1,"), std::string::npos) << said;
}

TEST(PcapngWriter, AFolderThatIsNotThereIsOneLine) {
  try {
    PcapngWriter writer("/nonexistent/folder/x.pcapng", "test");
    FAIL() << "no failure";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code, exit_code::failed);
    EXPECT_NE(std::string(failure.what()).find("/nonexistent/folder/x.pcapng: "),
              std::string::npos);
    EXPECT_FALSE(failure.hint.empty());
  }
}

TEST(PcapngWriter, AFullDiskIsTold) {
  PcapngWriter writer("/dev/full", "test");
  EXPECT_THROW(writer.flush(), Failure);
}

// A run that dies leaves a file that can still be read up to there.
TEST(PcapngWriter, LongCommentsAndManyFramesSurvive) {
  const TemporaryFile file;
  const std::string comment(70'000, 'c');
  const Buffer bytes(1514, std::byte{'x'});
  {
    PcapngWriter writer(file.path(), "test");
    writer.add_interface({"client", LinkType::ethernet, 0});
    for (int i = 0; i < 300; ++i) {
      Frame one = frame(bytes);
      if (i == 0) one.comment = comment;
      writer.write(one);
    }
  }
  const Reading read = read_file(file.path());
  EXPECT_EQ(read.frames.size(), 300u);
  EXPECT_EQ(read.frames[0].comment.size(), 65'535u);
}

}  // namespace
}  // namespace tracer
