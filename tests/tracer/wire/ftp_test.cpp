#include "tracer/wire/ftp.hpp"

#include <gtest/gtest.h>

namespace tracer {
namespace {

TEST(Ftp, SplitsCommandsAndReplies) {
  EXPECT_EQ(as_text(FtpCommand::parse(as_bytes("RETR a b")).argument), "a b");
  EXPECT_TRUE(FtpCommand::parse(as_bytes("  SYST")).command.empty());
  EXPECT_EQ(as_text(FtpReply::parse(as_bytes("230-more")).code), "230");
  EXPECT_EQ(as_text(FtpReply::parse(as_bytes("230-more")).text), "more");
  EXPECT_TRUE(FtpReply::parse(as_bytes(" 230 x")).code.empty());
}

TEST(Ftp, FindsAnnouncedEndpoints) {
  const auto passive = ftp_six_numbers(as_bytes("Entering Passive Mode (10,0,0,1,4,1)."));
  ASSERT_TRUE(passive);
  EXPECT_EQ(passive->address->text(), "10.0.0.1");
  EXPECT_EQ(passive->port, 1025);
  EXPECT_FALSE(ftp_six_numbers(as_bytes("(10,0,0,256,4,1)")));
  EXPECT_FALSE(ftp_six_numbers(as_bytes("(10,0,0,1,4)")));
  const auto extended = ftp_extended(as_bytes("|2|::1|5282|"));
  ASSERT_TRUE(extended);
  EXPECT_EQ(extended->address->text(), "::1");
  EXPECT_EQ(extended->port, 5282);
  EXPECT_EQ(ftp_extended(as_bytes("Entering (|||6446|)"))->port, 6446);
  EXPECT_FALSE(ftp_extended(as_bytes("(|||65536|)")));
}

}  // namespace
}  // namespace tracer
