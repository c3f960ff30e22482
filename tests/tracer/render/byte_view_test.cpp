// The other renderers over fields and conversations: byte view, field table, summary.
#include "tracer/render/byte_view.hpp"

#include <gtest/gtest.h>

#include "tests/support/segment.hpp"
#include "tracer/fields/dissect.hpp"
#include "tracer/render/field_table.hpp"
#include "tracer/render/summary.hpp"

namespace tracer {
namespace {

using namespace support;

struct Dissected {
  explicit Dissected(Buffer content, FieldSet wanted = FieldSet::all())
      : bytes(std::move(content)), sink(wanted) {
    decode(frame(bytes), 1, packet);
    dissect(packet, tracker.track(packet), {}, sink);
  }
  Buffer bytes;
  FieldSink sink;
  Tracker tracker;
  Packet packet;
};

std::string view(const Dissected& one, std::size_t columns = 80, bool ascii = false) {
  TextStyle style;
  style.width = columns;
  style.ascii = ascii;
  return byte_view(1, one.bytes, one.packet.frame.original_length, one.sink, style);
}

TEST(ByteView, AFieldStandsBesideItsBytes) {
  const Dissected one(
      frame_of(parse_segment("0.0  client > server  S   1000:1000(0) win 64240"), 1));
  const std::string text = view(one);
  EXPECT_EQ(text.find("frame 1, 54 bytes\n"), 0u) << text;
  EXPECT_NE(text.find("ip.src"), std::string::npos);
  const std::size_t line = text.find("tcp.srcport");
  EXPECT_NE(text.rfind("9c 40", line), std::string::npos) << text;  // 40000
  EXPECT_NE(text.rfind("34–35", line), std::string::npos) << text;
}

TEST(ByteView, FitsAndIsSafeWhateverTheBytes) {
  const Dissected one(tcp_frame({.options = Buffer(40, std::byte{0xfe})}, text("\x1b[31m\xff")));
  for (const std::size_t columns : {40u, 60u, 80u, 132u})
    for (const bool ascii : {false, true}) {
      const std::string text = view(one, columns, ascii);
      std::size_t at = 0;
      for (std::size_t end; (end = text.find('\n', at)) != std::string::npos; at = end + 1) {
        const std::string line = text.substr(at, end - at);
        const bool heading = line.find(": ") != std::string::npos;
        EXPECT_TRUE(heading || width(line) <= columns) << line;
        for (const char c : line)
          EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 &&
                      (!ascii || static_cast<unsigned char>(c) < 0x80))
              << line;
      }
    }
}

TEST(FieldTable, RepeatedValuesAreJoinedAndChosen) {
  const Dissected one(tcp_frame({}, {}));
  const auto row = [&](FieldTable::Style style) {
    FieldTable table({Field::frame_number, Field::ip_addr, Field::udp_port, Field::tcp_port},
                     style);
    std::string out;
    if (style.header) table.header(out);
    table.row(out, one.sink);
    return out;
  };
  FieldTable::Style joined, first, last;
  joined.header = true;
  joined.separator = ";";
  joined.aggregator = "+";
  first.occurrence = 'f';
  last.occurrence = 'l';
  last.quote = "\"";
  EXPECT_EQ(row({}), "1\t10.0.0.1,10.0.0.2\t\t40000,7000\n");
  EXPECT_EQ(row(joined),
            "frame.number;ip.addr;udp.port;tcp.port\n1;10.0.0.1+10.0.0.2;;40000+7000\n");
  EXPECT_EQ(row(first), "1\t10.0.0.1\t\t40000\n");
  EXPECT_EQ(row(last), "\"1\"\t\"10.0.0.2\"\t\"\"\t\"7000\"\n");
}

TEST(Summary, IsALineAConversation) {
  Conversation one;
  one.protocol = 17;
  one.ends[0] = {*IpAddress::parse("10.0.0.1"), 5000};
  one.ends[1] = {*IpAddress::parse("fd00::2"), 53};
  one.packets[0] = 2;
  one.payload_bytes[1] = 7;
  one.history.add('D', true);
  std::string out;
  append_summary(out, one, {});
  EXPECT_EQ(out, "UDP 10.0.0.1:5000 → [fd00::2]:53  D  2+0 packets  0+7 B  0.000 s\n");
}

}  // namespace
}  // namespace tracer
