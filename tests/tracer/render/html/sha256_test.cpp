#include "tracer/render/html/sha256.hpp"

#include <gtest/gtest.h>

namespace tracer {
namespace {

// The examples of FIPS 180-4, as NIST gives them, in base64.
TEST(CspHash, IsSha256InBase64) {
  EXPECT_EQ(csp_hash(""), "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
  EXPECT_EQ(csp_hash("abc"), "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
  EXPECT_EQ(csp_hash("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "sha256-JI1qYdIGOLjlwCaTDD5gOaM85Flk/yFn9uzt1BnbBsE=");
  EXPECT_EQ(csp_hash(std::string(1'000'000, 'a')),
            "sha256-zcduXJkU+5KBocfihNc+Z/GAmkiklyAOBG05zMcRLNA=");
}

// RFC 4648 §10.
TEST(Base64, TestVectors) {
  const auto encoded = [](std::string_view text) {
    std::string out;
    append_base64(out, text);
    return out;
  };
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("f"), "Zg==");
  EXPECT_EQ(encoded("fo"), "Zm8=");
  EXPECT_EQ(encoded("foo"), "Zm9v");
  EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
  EXPECT_EQ(encoded(std::string("\xff\xfe\x00", 3)), "//4A");
}

}  // namespace
}  // namespace tracer
