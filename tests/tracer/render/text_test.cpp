#include "tracer/render/text.hpp"

#include <gtest/gtest.h>

namespace tracer {
namespace {

TEST(Printable, OrdinaryTextPasses) {
  EXPECT_EQ(printable("GET /index.html"), "GET /index.html");
  EXPECT_EQ(printable("grün, Ελλάδα"), "grün, Ελλάδα");
}

TEST(Printable, NothingThatSteersATerminalPasses) {
  EXPECT_EQ(printable("\x1b[2J\x1b]0;owned\x07"), "·[2J·]0;owned·");
  EXPECT_EQ(printable("a\r\nb\tc\x7f"
                      "d"),
            "a··b·c·d");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "·31m");  // C1: CSI in one character
  EXPECT_EQ(printable("\xe2\x80\xae"
                      "fdp.exe"),
            "·fdp.exe");  // right-to-left override
  EXPECT_EQ(printable("\xe2\x81\xa6"
                      "x\xe2\x81\xa9"),
            "·x·");                                           // isolates
  EXPECT_EQ(printable("a\xcc\x81\xcc\x81\xcc\x81"), "a···");  // marks that pile up
  EXPECT_EQ(printable(std::string_view("\0x", 2)), "·x");
  EXPECT_EQ(printable("\xef\xbb\xbf"), "·");  // byte order mark
}

TEST(Printable, BrokenUtf8IsReplacedByteByByte) {
  EXPECT_EQ(printable("\xff\xfe"), "··");
  EXPECT_EQ(printable("a\xc3"), "a·");     // cut
  EXPECT_EQ(printable("\xc0\x80"), "··");  // too long a form of NUL
  EXPECT_EQ(printable("\xe0\x80\x80"), "···");
  EXPECT_EQ(printable("\xed\xa0\x80"), "·");  // a surrogate is one character, and not one
  EXPECT_EQ(printable("\xf4\x90\x80\x80").find('\xf4'), std::string::npos);
  EXPECT_EQ(printable("\x80"
                      "abc"),
            "·abc");
}

TEST(Printable, AsciiMeansAscii) {
  EXPECT_EQ(printable("grün", true), "gr.n");
  EXPECT_EQ(printable("\x1b[0m", true), ".[0m");
  EXPECT_EQ(printable("\xff", true), ".");
}

TEST(Printable, EveryByteAloneAndInEveryPlaceIsOneColumn) {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string text = std::string("a") + static_cast<char>(byte) + "b";
    for (const bool ascii : {false, true}) {
      const std::string safe = printable(text, ascii);
      EXPECT_EQ(width(safe), 3u) << byte;
      for (const char c : safe)
        EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) << byte;
    }
  }
}

TEST(Width, CountsCodePoints) {
  EXPECT_EQ(width(""), 0u);
  EXPECT_EQ(width("─✗▶"), 3u);
}

TEST(Clipped, FitsAndSaysSo) {
  EXPECT_EQ(clipped("server", 6), "server");
  EXPECT_EQ(clipped("servers", 6), "serve…");
  EXPECT_EQ(clipped("servers", 6, true), "serv..");
  EXPECT_EQ(clipped("────────", 4), "───…");
  EXPECT_EQ(clipped("servers", 1), "…");
  EXPECT_EQ(clipped("servers", 0), "");
  EXPECT_EQ(clipped("servers", 1, true), "");
}

TEST(Padding, IsInColumns) {
  EXPECT_EQ(left("ü", 3), "ü  ");
  EXPECT_EQ(right("ü", 3), "  ü");
  EXPECT_EQ(left("long", 2), "long");
}

TEST(Paint, OnlyWithColour) {
  TextStyle style;
  EXPECT_EQ(style.paint("lost", Role::lost), "lost");
  style.color = true;
  EXPECT_EQ(style.paint("lost", Role::lost), "\x1b[1;31mlost\x1b[0m");
  EXPECT_EQ(style.paint("plain", Role::plain), "plain");
  EXPECT_EQ(style.paint("", Role::lost), "");
}

}  // namespace
}  // namespace tracer
