// How values are printed: as tshark -T fields prints them.
#include "tracer/fields/field_sink.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

#include "tests/support/frames.hpp"

namespace tracer {
namespace {

std::string printed(Field field, std::uint64_t number, Bytes value = {}) {
  std::string out;
  append_value(out, {field, number, value, {}});
  return out;
}
std::string printed_text(std::string_view text) {
  return printed(Field::frame_comment, 0, as_bytes(text));
}

TEST(FieldValue, NumbersByTheirType) {
  EXPECT_EQ(printed(Field::tcp_len, 18446744073709551615u), "18446744073709551615");
  EXPECT_EQ(printed(Field::ip_dsfield, 2), "0x02");
  EXPECT_EQ(printed(Field::tcp_flags, 0x18), "0x0018");
  EXPECT_EQ(printed(Field::ipv6_flow, 0xabc), "0x000abc");
  EXPECT_EQ(printed(Field::ipv6_tclass, 0xb8), "0x000000b8");
  EXPECT_EQ(printed(Field::tcp_window_size_scalefactor, static_cast<std::uint64_t>(-2)), "-2");
  EXPECT_EQ(printed(Field::tcp_flags_syn, 1), "1");
  EXPECT_EQ(printed(Field::tcp_flags_syn, 0), "0");
  EXPECT_EQ(printed(Field::tcp_analysis_retransmission, 1), "1");
  EXPECT_EQ(printed(Field::tcp, 1), "tcp");
}

TEST(FieldValue, TimesHaveNineDigits) {
  EXPECT_EQ(printed(Field::frame_time_epoch, 1'700'000'000'000'000'042u), "1700000000.000000042");
  EXPECT_EQ(printed(Field::frame_time_delta, 0), "0.000000000");
  EXPECT_EQ(printed(Field::frame_time_delta, static_cast<std::uint64_t>(-1'500'000'000)),
            "-1.500000000");
  EXPECT_EQ(printed(Field::frame_time_delta, static_cast<std::uint64_t>(INT64_MIN)),
            "-9223372036.854775808");
}

TEST(FieldValue, DatesAreLocal) {
  setenv("TZ", "XST-5:30", 1);  // five and a half hours east of Greenwich
  tzset();
  EXPECT_EQ(printed(Field::frame_time, 1'700'000'000'000'000'042u),
            "Nov 15, 2023 03:43:20.000000042 XST");
  setenv("TZ", "UTC", 1);
  tzset();
  EXPECT_EQ(printed(Field::frame_time, 0), "Jan  1, 1970 00:00:00.000000000 UTC");
  EXPECT_EQ(printed(Field::frame_time, static_cast<std::uint64_t>(-1)),
            "Dec 31, 1969 23:59:59.999999999 UTC");
}

TEST(FieldValue, AddressesAndBytes) {
  EXPECT_EQ(printed(Field::ip_src, 0, support::hex("0a 00 00 01")), "10.0.0.1");
  EXPECT_EQ(
      printed(Field::ipv6_src, 0, support::hex("fd 00 00 00 00 00 00 00 00 00 00 00 00 00 00 01")),
      "fd00::1");
  EXPECT_EQ(printed(Field::eth_src, 0, support::hex("02 00 00 00 00 01")), "02:00:00:00:00:01");
  EXPECT_EQ(printed(Field::udp_payload, 0, support::hex("00 ff 7f")), "00ff7f");
}

// One frame is one line, whatever a sender or a file puts into a text.
TEST(FieldValue, TextStaysOnItsLine) {
  // A backslash stays as it is: tshark -T fields prints it so.
  EXPECT_EQ(printed_text("a\tb\nc\rd\\e"), "a\\tb\\nc\\rd\\e");
  EXPECT_EQ(printed_text(std::string_view("\0\x1b[31m\x7f", 7)), "\\0\\x1b[31m\\x7f");
  EXPECT_EQ(printed_text("grün"), "grün");
}

TEST(FieldSink, KeepsWhatIsWantedInOrder) {
  FieldSet wanted;
  wanted.add(Field::tcp_seq);
  wanted.add(Field::frame_comment);
  FieldSink sink(wanted);
  std::string text = "kept";
  sink.add(Field::tcp_ack, 1);
  sink.add(Field::tcp_seq, 2);
  sink.add_text(Field::frame_comment, text);
  text = "gone";
  ASSERT_EQ(sink.values().size(), 2u);
  EXPECT_EQ(sink.values()[0].number, 2u);
  EXPECT_EQ(as_text(sink.values()[1].value), "kept");
  sink.clear();
  EXPECT_TRUE(sink.values().empty());
}

TEST(Fields, AreFoundByNameAndGuessed) {
  EXPECT_EQ(find_field("tcp.seq"), Field::tcp_seq);
  EXPECT_FALSE(find_field("tcp.sequence"));
  EXPECT_EQ(nearest_field("tcp.seqq"), "tcp.seq");
  EXPECT_EQ(nearest_field("ip.scr"), "ip.src");
  EXPECT_EQ(nearest_field("completely.unlike.anything"), "");
  EXPECT_EQ(nearest_field(std::string(100'000, 'x')), "");
}

TEST(Fields, EachHasANameOfItsOwnAndASentence) {
  for (std::size_t i = 0; i < field_count; ++i) {
    const FieldInfo& one = info(field_at(i));
    EXPECT_EQ(find_field(one.name), field_at(i)) << one.name << " is there twice";
    EXPECT_FALSE(one.sentence.empty()) << one.name;
  }
}

}  // namespace
}  // namespace tracer
