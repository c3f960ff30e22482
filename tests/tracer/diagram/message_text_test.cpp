// What applications say, in the words of their protocols.
#include "tracer/diagram/message_text.hpp"

#include <gtest/gtest.h>

namespace tracer {
namespace {

std::string said(Application application, Part part, Bytes bytes, bool prefixed = false) {
  const Message message{application, part, true, bytes, {}, 0, prefixed};
  return message_text({&message, 1});
}
std::string redis(std::string_view bytes) {
  return said(Application::resp, Part::whole, as_bytes(bytes));
}
std::string dns(std::string_view bytes) {
  return said(Application::dns, Part::whole, as_bytes(bytes));
}

template <std::size_t N>
constexpr std::string_view raw(const char (&bytes)[N]) {
  return {bytes, N - 1};  // with the zeros in it
}

// RFC 8446 §5.1, §6: alerts are told by name; what is encrypted by its type alone.
TEST(MessageText, TlsRecordsByTheirNames) {
  const auto record = [](std::string_view bytes, Part part = Part::record) {
    return said(Application::tls, part, as_bytes(bytes));
  };
  EXPECT_EQ(record(raw("\x15\x03\x03\0\x02\x01\0")), "Alert close_notify");
  EXPECT_EQ(record(raw("\x15\x03\x03\0\x02\x02\x28")), "Alert handshake_failure");
  EXPECT_EQ(record(raw("\x15\x03\x03\0\x02\x02\xfe")), "Alert number 254");
  EXPECT_EQ(record(raw("\x15\x03\x03\0\x03"
                       "abc"),
                   Part::encrypted_record),
            "Encrypted Alert");
  EXPECT_EQ(record(raw("\x16\x03\x03\0\x03"
                       "abc"),
                   Part::encrypted_record),
            "Encrypted Handshake");
  EXPECT_EQ(record(raw("\x17\x03\x03\0\x03"
                       "abc"),
                   Part::opaque_record),
            "Application Data");
  EXPECT_EQ(record(raw("\x14\x03\x03\0\x01\x01")), "Change Cipher Spec");
  EXPECT_EQ(record(raw("\x16\x03\x03\0\x04\x0e\0\0\0")), "");  // its message follows
  EXPECT_EQ(record(raw("\x0e\0\0\0"), Part::handshake), "Server Hello Done");
  EXPECT_EQ(record(raw("\xc8\0\0\0"), Part::handshake), "Handshake type 200");
  EXPECT_EQ(record({}, Part::handshake), "");
}

TEST(MessageText, OfSeveralTheSameIsSaidOnce) {
  const std::string_view hello = raw("\x02\0\0\0"), data = raw("\x17\x03\x03\0\0");
  const Message messages[] = {
      {Application::tls, Part::handshake, false, as_bytes(hello), {}, 0, false},
      {Application::tls, Part::opaque_record, false, as_bytes(data), {}, 0, false},
      {Application::tls, Part::opaque_record, false, as_bytes(data), {}, 0, false}};
  EXPECT_EQ(message_text(messages), "Server Hello, Application Data");
  EXPECT_EQ(message_text({}), "");
}

TEST(MessageText, ManyMessagesEndInDots) {
  const std::string_view one = raw("+a reply that takes some room in the label\r\n");
  std::vector<Message> messages;
  for (int i = 0; i < 1000; ++i) {
    const std::string_view other = i % 2 ? raw(":1\r\n") : one;
    messages.push_back({Application::resp, Part::whole, false, as_bytes(other), {}, 0, false});
  }
  EXPECT_LT(message_text(messages).size(), 250u);
  EXPECT_TRUE(message_text(messages).ends_with("…"));
}

// RFC 1035 §4: header, question, answer; over TCP with two bytes of length before it.
TEST(MessageText, DnsSaysWhatIsAskedAndTheFirstAddress) {
  const std::string question = std::string(raw("\7example\3org\0\0\1\0\1")),
                    query = std::string(raw("\0\1\1\0\0\1\0\0\0\0\0\0")) + question,
                    answer = std::string(raw("\0\1\x81\x80\0\1\0\2\0\0\0\0")) + question +
                             std::string(raw("\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\1")) +
                             std::string(raw("\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\xc0\0\2\2")),
                    none = std::string(raw("\0\1\x81\x83\0\1\0\0\0\0\0\0")) + question,
                    update = std::string(raw("\0\1\x28\0\0\1\0\0\0\0\0\0")) + question;
  EXPECT_EQ(dns(query), "DNS query A example.org");
  EXPECT_EQ(dns(answer), "DNS answer A example.org: 192.0.2.1, …");
  EXPECT_EQ(dns(none), "DNS answer NXDOMAIN A example.org");
  EXPECT_EQ(dns(update), "DNS update A example.org");
  EXPECT_EQ(dns(query.substr(0, 14)), "DNS query");  // cut in the name
  EXPECT_EQ(dns("short"), "");
  const std::string prefixed = std::string(raw("\0\x1d")) + query;
  EXPECT_EQ(said(Application::dns, Part::whole, as_bytes(prefixed), true),
            "DNS query A example.org");
}

TEST(MessageText, RedisAsItsCommandLineShowsIt) {
  EXPECT_EQ(redis("*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$5\r\nvalue\r\n"), "SET key value");
  EXPECT_EQ(redis("+OK\r\n"), "OK");
  EXPECT_EQ(redis("-ERR unknown\r\n"), "ERR unknown");
  EXPECT_EQ(redis(":42\r\n"), "42");
  EXPECT_EQ(redis("$-1\r\n"), "nil");
  EXPECT_EQ(redis("*-1\r\n"), "nil");
  EXPECT_EQ(redis("*0\r\n"), "(empty)");
  EXPECT_EQ(redis("$60\r\n" + std::string(60, 'x') + "\r\n"), std::string(40, 'x') + "…");
}

// Their first lines are in the label already.
TEST(MessageText, TextProtocolsSpeakForThemselves) {
  EXPECT_EQ(said(Application::http, Part::head, as_bytes("GET / HTTP/1.1\r\n\r\n")), "");
  EXPECT_EQ(said(Application::smtp, Part::command, as_bytes("QUIT\r\n")), "");
}

}  // namespace
}  // namespace tracer
