#include "tracer/wire/smtp.hpp"

#include <gtest/gtest.h>

namespace tracer {
namespace {

TEST(Smtp, CutsCommandsAfterFourLetters) {
  EXPECT_EQ(as_text(SmtpCommand::parse(as_bytes("MAIL FROM:<a>")).parameter), "FROM:<a>");
  EXPECT_EQ(as_text(SmtpCommand::parse(as_bytes("STARTTLS")).command), "STAR");
  EXPECT_EQ(as_text(SmtpCommand::parse(as_bytes("QU")).command), "QU");
}

TEST(Smtp, KnowsTheLastLineOfAReply) {
  EXPECT_FALSE(SmtpReply::parse(as_bytes("250-one")).last);
  EXPECT_TRUE(SmtpReply::parse(as_bytes("250 two")).last);
  EXPECT_TRUE(SmtpReply::parse(as_bytes("250")).last);
  EXPECT_TRUE(SmtpReply::parse(as_bytes("25x")).code.empty());
}

TEST(TextLines, EndsWithOrWithoutReturn) {
  EXPECT_EQ(as_text(first_line(as_bytes("a\r\nb"))->text), "a");
  EXPECT_EQ(as_text(first_line(as_bytes("a\nb"))->whole), "a\n");
  EXPECT_FALSE(first_line(as_bytes("a"))->ended);
  EXPECT_FALSE(first_line({}));
}

}  // namespace
}  // namespace tracer
