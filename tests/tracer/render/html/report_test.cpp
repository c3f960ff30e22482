// The page as text; what a browser makes of it is tests/browser's business.
#include "tracer/render/html/report.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <regex>

#include "tests/support/story.hpp"
#include "tracer/render/html/packet_data.hpp"
#include "tracer/render/html/sha256.hpp"

namespace tracer {
namespace {

using namespace support;

/// The report of one packet that carries `payload`.
std::string page_of(const std::string& payload, const std::string& title) {
  Buffer bytes = frame_of(parse_segment("0.0  client > server  P.  1001:1002(1) ack 5001"), 1);
  bytes.pop_back();
  for (const char c : payload) bytes.push_back(static_cast<std::byte>(c));
  const std::size_t length = bytes.size() - 14;
  bytes[16] = static_cast<std::byte>(length >> 8);
  bytes[17] = static_cast<std::byte>(length & 0xff);
  FrameStore frames;
  frames.add(frame(bytes));
  const auto all = ladders(frames, single_ended(frames), {});
  return html_report({frames, all, "capture", {0}, title, {}, {{"command", title}}, {}, {true}});
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; ++at) ++found;
  return found;
}

TEST(HtmlReport, ThePolicyNamesTheScriptAndTheStyleByTheirHashes) {
  const std::string page = page_of("x", "t");
  const auto between = [&](const std::string& from, const std::string& to) {
    const std::size_t at = page.find(from) + from.size();
    return page.substr(at, page.find(to, at) - at);
  };
  const std::string policy = between("Content-Security-Policy\" content=\"", "\"");
  EXPECT_NE(policy.find("default-src 'none'"), std::string::npos);
  EXPECT_NE(policy.find("script-src '" +
                        csp_hash(between("<script type=\"module\">", "</script>")) + "'"),
            std::string::npos)
      << policy;
  EXPECT_NE(policy.find("style-src '" + csp_hash(between("<style>", "</style>")) + "'"),
            std::string::npos)
      << policy;
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
  EXPECT_EQ(count(page, "<style>"), 1u);
  EXPECT_EQ(count(page, " style=\""), 0u);
}

TEST(HtmlReport, NothingFromAPacketOrATitleIsMarkup) {
  const std::string tame = page_of("hello", "title");
  const std::string wild = page_of("</script><script>alert(1)</script><!--\x1b[31m\xe2\x80\xae",
                                   "</title><img src=x onerror='a'>");
  for (const char* what : {"<script", "</script", "<!--", "<img", "<title"})
    EXPECT_EQ(count(wild, what), count(tame, what)) << what;
  EXPECT_EQ(wild.find('\x1b'), std::string::npos);
  EXPECT_EQ(wild.find("\xe2\x80\xae"), std::string::npos);
}

TEST(HtmlReport, NamesNoOtherAddressThanThatOfSvg) {
  std::string page = page_of("x", "t");
  page = std::regex_replace(page, std::regex("http://www\\.w3\\.org/[^\"'` ]*"), "");
  EXPECT_EQ(page.find("http://"), std::string::npos) << page.substr(page.find("http://"), 80);
  EXPECT_EQ(page.find("https://"), std::string::npos);
}

TEST(ScriptString, HasNoLessThanAndNoControlCharacter) {
  std::string out;
  append_script_string(out, std::string_view("a<b\"\\\n\0\xff", 8));
  EXPECT_EQ(out, "\"a\\u003cb\\\"\\\\···\"");
}

}  // namespace
}  // namespace tracer
