#include "tracer/wire/dns.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tracer {
namespace {

using namespace std::string_literals;

/// One question for `name` as it is on the wire, and one answer that points back to it.
std::string answer(const std::string& name) {
  std::string message = "\x12\x34\x81\x80\0\1\0\1\0\0\0\0"s + name + "\0\1\0\1"s;
  return message + "\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x0a\0\0\1"s;
}

TEST(Dns, ReadsQuestionAndAnswer) {
  const std::string bytes = answer("\3www\7example\3org\0"s);
  auto message = DnsMessage::parse(as_bytes(bytes));
  ASSERT_TRUE(message);
  DnsMessage reader = *message;
  EXPECT_EQ(reader.id(), 0x1234);
  EXPECT_TRUE(reader.response());
  DnsRecord record;
  ASSERT_EQ(reader.next(record), DnsMessage::Section::question);
  EXPECT_EQ(record.name.text, "www.example.org");
  EXPECT_EQ(record.name.labels, 3u);
  EXPECT_EQ(record.type, dns_type::a);
  ASSERT_EQ(reader.next(record), DnsMessage::Section::answer);
  EXPECT_EQ(record.name.text, "www.example.org");
  EXPECT_EQ(record.ttl, 60u);
  EXPECT_EQ(as_text(record.data), "\x0a\0\0\1"s);
  EXPECT_FALSE(reader.next(record));
  EXPECT_FALSE(reader.damaged());
}

TEST(Dns, NamesTheRoot) {
  const std::string bytes = answer("\0"s);
  DnsMessage reader = *DnsMessage::parse(as_bytes(bytes));
  DnsRecord record;
  ASSERT_TRUE(reader.next(record));
  EXPECT_EQ(record.name.text, "<Root>");
}

TEST(Dns, EndsAtLoopsOfPointers) {
  for (const std::string& loop : {"\xc0\x0c"s, "\1a\xc0\x0c"s, "\xc0\x0e\xc0\x0c"s}) {
    const std::string bytes = answer(loop);
    DnsMessage reader = *DnsMessage::parse(as_bytes(bytes));
    DnsRecord record;
    EXPECT_TRUE(reader.next(record));
    EXPECT_EQ(record.name.text, "<Name contains a pointer that loops>");
  }
}

TEST(Dns, StopsWhereTheMessageIsCut) {
  const std::string bytes = answer("\3www\7example\3org\0"s);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::string cut = bytes.substr(0, size);
    auto message = DnsMessage::parse(as_bytes(cut));
    EXPECT_EQ(static_cast<bool>(message), size >= DnsMessage::header_size);
    if (!message) continue;
    DnsMessage reader = *message;
    DnsRecord record;
    int records = 0;
    while (reader.next(record)) ++records;
    EXPECT_LT(records, 2);
    EXPECT_TRUE(reader.damaged());
  }
}

TEST(Dns, GuessesByCounts) {
  const std::string bytes = answer("\3www\7example\3org\0"s);
  EXPECT_TRUE(looks_like_dns(as_bytes(bytes)));
  EXPECT_FALSE(looks_like_dns(as_bytes(bytes.substr(0, 20))));
  std::string update = bytes;
  update[2] = '\x28';
  EXPECT_FALSE(looks_like_dns(as_bytes(update)));
}

}  // namespace
}  // namespace tracer
