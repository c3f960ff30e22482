#include "tracer/wire/tls.hpp"

#include <gtest/gtest.h>

#include <string>

namespace tracer {
namespace {

using namespace std::string_literals;

std::string client_hello() {
  return "\3\3"s + std::string(32, 'r') + "\0"s + "\0\2\x13\1"s + "\1\0"s + "\0\7\0\x2b\0\3\2\3\4"s;
}

TEST(Tls, TellsRecordsByTheirHeader) {
  EXPECT_TRUE(looks_like_tls(as_bytes("\x16\3\1\0\5"s)));
  EXPECT_FALSE(looks_like_tls(as_bytes("\x16\3\1\0"s)));
  EXPECT_FALSE(looks_like_tls(as_bytes("\x13\3\1\0\5"s)));
  EXPECT_FALSE(looks_like_tls(as_bytes("\x16\4\1\0\5"s)));
}

TEST(Tls, ReadsAClientHello) {
  const std::string bytes = client_hello();
  const TlsHello hello = TlsHello::parse(true, as_bytes(bytes));
  EXPECT_EQ(be16(hello.version, 0), 0x0303);
  EXPECT_EQ(hello.random.size(), 32u);
  EXPECT_TRUE(hello.session_id.empty());
  EXPECT_EQ(be16(hello.cipher_suites, 0), 0x1301);
  EXPECT_EQ(hello.extensions.size(), 7u);
}

TEST(Tls, ReadsTheVersionOfAServerHello) {
  const std::string bytes = "\3\3"s + std::string(32, 'r') + "\0\x13\1\0\0\6\0\x2b\0\2\3\4"s;
  EXPECT_EQ(TlsHello::parse(false, as_bytes(bytes)).chosen_version(), 0x0304);
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const std::string cut = bytes.substr(0, size);
    EXPECT_NE(TlsHello::parse(false, as_bytes(cut)).chosen_version(), 0x0304);
  }
}

TEST(Tls, ReaderStopsAtDamage) {
  const std::string bytes = "\5ab"s;
  TlsReader reader(as_bytes(bytes));
  EXPECT_TRUE(reader.take_vector(1).empty());
  EXPECT_TRUE(reader.damaged());
}

TEST(Tls, FindsTheSubjectOfACertificate) {
  const auto element = [](char tag, const std::string& content) {
    return std::string{tag, static_cast<char>(content.size())} + content;
  };
  const auto named = [&](const std::string& text) {
    return element(
        0x30, element(0x31, element(0x30, element(0x06, "\x55\x04\x03") + element(0x13, text))));
  };
  const std::string certificate =
      element(0x30, element(0x30, element('\xa0', element(0x02, "\2")) + element(0x02, "\1") +
                                      element(0x30, "") + named("issuer") + element(0x30, "") +
                                      named("subject")));
  std::string subject;
  for_each_name_attribute(certificate_name(as_bytes(certificate), 1),
                          [&](const NameAttribute& one) { subject = as_text(one.value); });
  EXPECT_EQ(subject, "subject");
  for (std::size_t size = 0; size < certificate.size(); ++size) {
    const std::string cut = certificate.substr(0, size);
    EXPECT_TRUE(certificate_name(as_bytes(cut), 1).empty());
  }
}

}  // namespace
}  // namespace tracer
