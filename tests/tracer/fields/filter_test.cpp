// The display filter, on two packets made here: no capture and no tshark needed.
#include "tracer/fields/filter.hpp"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "tracer/bytes/failure.hpp"
#include "tracer/fields/frame_filter.hpp"

namespace tracer {
namespace {

constexpr std::array<std::uint8_t, 57> push{
    0x02, 0,    0,  0,  0,    2,    0x02, 0, 0,  0, 0, 1, 8,    0,  // Ethernet
    0x45, 0,    0,  43, 0x12, 0x34, 0x40, 0, 64, 6, 0, 0, 10,   0,
    0,    1,    10, 0,  0,    2,  // IPv4
    0x1f, 0x90, 0,  80, 0,    0,    0,    5, 0,  0, 0, 9, 0x50, 0x18,
    0x20, 0,    0,  0,  0,    0,  // TCP 8080 > 80
    'G',  'e',  't'};

Frame frame_of(const std::array<std::uint8_t, 57>& bytes) {
  Frame frame;
  frame.bytes = std::as_bytes(std::span(bytes));
  frame.original_length = static_cast<std::uint32_t>(bytes.size());
  return frame;
}

bool selects(const std::string& text) { return FrameFilter(text)(frame_of(push)); }

std::string refusal(const std::string& text) {
  try {
    Filter::compile(text);
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code, exit_code::usage) << text;
    EXPECT_NE(std::string(failure.what()).find('^'), std::string::npos) << text;
    EXPECT_FALSE(failure.hint.empty()) << text;
    return failure.what();
  }
  ADD_FAILURE() << "accepted: " << text;
  return "";
}

TEST(Filter, EmptyTextSelectsAll) {
  EXPECT_TRUE(selects(""));
  EXPECT_TRUE(selects("  "));
}

TEST(Filter, PresenceOfProtocolsAndFields) {
  EXPECT_TRUE(selects("tcp"));
  EXPECT_TRUE(selects("tcp.payload"));
  EXPECT_FALSE(selects("udp"));
  EXPECT_FALSE(selects("tcp.options.mss_val"));
  EXPECT_TRUE(selects("not udp"));
}

// Wireshark 4.0: == asks for any, != for none.
TEST(Filter, EqualIsAnyAndUnequalIsAllOfSeveralValues) {
  EXPECT_TRUE(selects("tcp.port == 80"));
  EXPECT_TRUE(selects("tcp.port == 8080"));
  EXPECT_FALSE(selects("tcp.port != 80"));
  EXPECT_TRUE(selects("tcp.port != 443"));
  EXPECT_TRUE(selects("tcp.port !== 80"));
  EXPECT_FALSE(selects("tcp.port === 80"));
  EXPECT_TRUE(selects("any tcp.port != 80"));
  EXPECT_FALSE(selects("all tcp.port > 80"));
  EXPECT_TRUE(selects("all tcp.port >= 80"));
}

TEST(Filter, ComparisonWithAnAbsentFieldIsFalseEitherWay) {
  EXPECT_FALSE(selects("udp.port == 80"));
  EXPECT_FALSE(selects("udp.port != 80"));
  EXPECT_TRUE(selects("!(udp.port == 80)"));
}

TEST(Filter, NumbersInEveryNotation) {
  for (const char* text : {"tcp.dstport == 80", "tcp.dstport eq 0x50", "tcp.dstport == 0120",
                           "tcp.dstport == 0b1010000", "tcp.dstport == 'P'", "tcp.dstport == +80"})
    EXPECT_TRUE(selects(text)) << text;
}

TEST(Filter, PrecedenceIsNotThenAndThenXorThenOr) {
  EXPECT_TRUE(selects("tcp or udp and udp"));
  EXPECT_FALSE(selects("(tcp or udp) and udp"));
  EXPECT_TRUE(selects("not udp and tcp"));
  EXPECT_FALSE(selects("tcp xor ip"));
  EXPECT_TRUE(selects("tcp xor udp"));
}

TEST(Filter, SetsWithCommasSpacesAndRanges) {
  EXPECT_TRUE(selects("tcp.port in {443, 80}"));
  EXPECT_TRUE(selects("tcp.port in {443 80}"));
  EXPECT_TRUE(selects("tcp.port in {1..1023}"));
  EXPECT_FALSE(selects("tcp.port in {81..8079 9000}"));
  EXPECT_TRUE(selects("tcp.port not in {443}"));
}

// The frame passed at the beginning of 1970.
TEST(Filter, DatesOfBothShapes) {
  EXPECT_TRUE(selects("frame.time == \"1970-01-01T00:00:00Z\""));
  EXPECT_TRUE(selects("frame.time == \"1970-01-01 05:30:00.000+05:30\""));
  EXPECT_TRUE(selects("frame.time == \"Jan  1, 1970 00:00:00.000000000 UTC\""));
  EXPECT_TRUE(selects("frame.time > \"1969-12-31 23:59:59.999999999Z\""));
  EXPECT_TRUE(selects("frame.time in {\"1969-01-01\" .. \"1971-01-01\"}"));
  EXPECT_FALSE(selects("frame.time > \"1970-01-01 00:00:00Z\""));
  for (const char* wrong :
       {"1970-02-30", "1970-1-1", "1970-01-01 24:00", "1970-01-01 00:00:00.1234567891",
        "1970-01-01 00:00Zulu", "Jan 1, 1970", "1600-01-01", "yesterday", ""})
    EXPECT_NE(refusal(std::string("frame.time > \"") + wrong + "\"").find("is not a date"),
              std::string::npos)
        << wrong;
  refusal("frame.time > 5");
  refusal("frame.time + 1 > \"1970-01-01\"");
}

TEST(Filter, AddressesAndPrefixes) {
  EXPECT_TRUE(selects("ip.src == 10.0.0.1"));
  EXPECT_TRUE(selects("ip.addr == 10.0.0.0/8"));
  EXPECT_FALSE(selects("ip.addr == 11.0.0.0/8"));
  EXPECT_FALSE(selects("ip.src == 10.0.0.2/31"));
  EXPECT_TRUE(selects("ip.dst == 10.0.0.3/31"));
  EXPECT_TRUE(selects("eth.src == 02-00-00-00-00-01"));
  EXPECT_FALSE(selects("ipv6.addr == fd00::1"));
}

TEST(Filter, SlicesCountFromEitherEnd) {
  EXPECT_TRUE(selects("eth.src[0:3] == 02:00:00"));
  EXPECT_TRUE(selects("eth.src[-1] == 01"));
  EXPECT_TRUE(selects("tcp.payload[1-2] == \"et\""));
  EXPECT_TRUE(selects("tcp.payload[0,2] == \"Gt\""));
  EXPECT_FALSE(selects("tcp.payload[0:4]")) << "a slice that is not all there is none";
}

TEST(Filter, SearchesTextsAndBytes) {
  EXPECT_TRUE(selects("tcp.payload contains \"et\""));
  EXPECT_FALSE(selects("tcp.payload contains \"ET\""));
  EXPECT_TRUE(selects("tcp.payload matches \"^GE\"")) << "without regard to case";
  EXPECT_FALSE(selects("tcp.payload matches \"(?-i)^GE\""));
  EXPECT_TRUE(selects("tcp contains 47:65:74")) << "a protocol is searched with what it carries";
  EXPECT_FALSE(selects("tcp[20:3] == 47:65:74")) << "but sliced without";
}

TEST(Filter, CalculatesAndMasks) {
  EXPECT_TRUE(selects("tcp.flags & 0x18 == 0x18"));
  EXPECT_FALSE(selects("tcp.flags & 2"));
  EXPECT_TRUE(selects("tcp.srcport == tcp.dstport * 100 + 80"));
  EXPECT_FALSE(selects("tcp.port / 0 == 0"));
  EXPECT_TRUE(selects("ip.src & 255.0.0.0 == 10.0.0.0"));
}

TEST(Filter, FunctionsOverFields) {
  EXPECT_TRUE(selects("len(tcp.payload) == 3"));
  EXPECT_TRUE(selects("count(tcp.port) == 2"));
  EXPECT_TRUE(selects("string(tcp.dstport) matches \"^8.$\""));
  EXPECT_TRUE(selects("max(tcp.srcport, tcp.dstport) == 8080"));
}

TEST(Filter, AskedAgainForTheNextFrameRemembersNothing) {
  FrameFilter filter("tcp.payload[0:1] == \"G\" && frame.number == 1");
  EXPECT_TRUE(filter(frame_of(push)));
  EXPECT_FALSE(filter(frame_of(push)));
}

TEST(Filter, FollowsConnectionsForAnalysis) {
  FrameFilter filter(
      "tcp.analysis.retransmission || tcp.analysis.spurious_retransmission || "
      "tcp.analysis.fast_retransmission");
  Frame frame = frame_of(push);
  EXPECT_FALSE(filter(frame));
  frame.time += std::chrono::seconds(1);
  EXPECT_TRUE(filter(frame));
}

TEST(Filter, RefusalNamesFieldTypeAndPlace) {
  EXPECT_EQ(
      refusal("tcp.prt == 80"),
      "display filter: no such field: tcp.prt; did you mean tcp.port?\n  tcp.prt == 80\n  ^~~~~~~");
  EXPECT_EQ(refusal("ip && tcp.port == \"http\""),
            "display filter: \"http\" is not a number\n  ip && tcp.port == \"http\"\n              "
            "      ^~~~~~");
  EXPECT_NE(refusal("tcp.port == ip.src").find("cannot be compared"), std::string::npos);
}

TEST(Filter, RefusesWhatIsNoFilter) {
  for (const char* text : {"tcp &&",
                           "tcp)",
                           "(tcp",
                           "tcp.port = 80",
                           "tcp.port == 65536",
                           "ip.ttl == 256",
                           "ip.src == 10.0.0.0/33",
                           "eth.src == 02:00",
                           "tcp.port in {}",
                           "tcp.port in {80,}",
                           "tcp.payload matches \"(\"",
                           "tcp.payload contains \"x",
                           "frame[0:0]",
                           "foo(tcp.port) == 1",
                           "80 == tcp.port",
                           "tcp.analysis.flags == 1",
                           "tcp.flags.syn == -1",
                           "len(tcp)",
                           "tcp.payload == \"\\q\"",
                           "'",
                           "[",
                           "\"",
                           "tcp.port == '\\"})
    refusal(text);
}

TEST(Filter, RefusesToNestWithoutEnd) {
  refusal(std::string(100'000, '('));
  refusal(std::string(5'000, '!') + "tcp");
  refusal("tcp.port == " + std::string(1'000, '-') + "1");
}

}  // namespace
}  // namespace tracer
