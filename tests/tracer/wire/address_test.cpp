#include "tracer/wire/address.hpp"

#include <gtest/gtest.h>

#include "tests/support/frames.hpp"

namespace tracer {
namespace {

TEST(IpAddress, TextIsReadAndWritten) {
  for (const char* text :
       {"10.0.0.1", "255.255.255.255", "0.0.0.0", "fd00::1", "::", "::1", "2001:db8::1:0:0:1"}) {
    const auto address = IpAddress::parse(text);
    ASSERT_TRUE(address) << text;
    EXPECT_EQ(address->text(), text);
  }
}

TEST(IpAddress, OtherTextIsNoAddress) {
  for (const char* text : {"", "10.0.0", "10.0.0.256", "10.0.0.1 ", "client", "fd00::1::2",
                           "fd00::1%eth0", "10.0.0.1:7000"})
    EXPECT_FALSE(IpAddress::parse(text)) << text;
}

TEST(IpAddress, VersionsAreNeverEqual) {
  EXPECT_NE(IpAddress{}, *IpAddress::parse("::"));
  EXPECT_EQ(IpAddress{}, *IpAddress::parse("0.0.0.0"));
  EXPECT_TRUE(IpAddress::parse("::1")->is_v6());
}

TEST(Endpoint, TextHasBracketsWhereAPortWouldBlur) {
  EXPECT_EQ((Endpoint{*IpAddress::parse("10.0.0.1"), 7000}.text()), "10.0.0.1:7000");
  EXPECT_EQ((Endpoint{*IpAddress::parse("fd00::1"), 7000}.text()), "[fd00::1]:7000");
  EXPECT_EQ((Endpoint{*IpAddress::parse("fd00::1"), 0}.text()), "fd00::1");
}

TEST(MacAddress, IsWrittenWithColons) {
  EXPECT_EQ(mac_text(support::hex("02 00 5e 00 53 01")), "02:00:5e:00:53:01");
}

}  // namespace
}  // namespace tracer
