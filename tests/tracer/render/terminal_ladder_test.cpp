#include "tracer/render/terminal_ladder.hpp"

#include <gtest/gtest.h>

#include "tests/support/story.hpp"

namespace tracer {
namespace {

using support::ladder_of;
using Script = std::vector<std::string>;

const Script eventful{
    "0.000-0.020  client > server  S   1000:1000(0) win 64240 <mss 1460,sackOK,TS 5 0,wscale 7>",
    "0.020-0.040  server > client  S.  5000:5000(0) ack 1001 win 65160 <mss 1460,sackOK,TS 6 "
    "5,wscale 7>",
    "0.040-0.060  client > server  .   1001:1001(0) ack 5001 win 502",
    "0.041-0.061+0.062  client > server  P.  1001:2449(1448) ack 5001 win 502",
    "0.042-lost   client > server  P.  2449:3897(1448) ack 5001 win 502",
    "0.043-0.083  client > server  P.  3897:5345(1448) ack 5001 win 502",
    "0.044-0.064  client > server  P.  5345:6793(1448) ack 5001 win 502",
    "0.064-0.084  server > client  .   5001:5001(0) ack 2449 win 501 <sack 5345:6793>",
    "0.083-0.103  server > client  .   5001:5001(0) ack 2449 win 501 <sack 3897:6793>",
    "0.084-0.104+0.105  server > client  .   5001:5001(0) ack 2449 win 501 <sack 3897:6793>",
    "0.106-0.126  client > server  P.  2449:3897(1448) ack 5001 win 502",
    "0.126-lost   server > client  .   5001:5001(0) ack 6793 win 0",
    "0.500-0.520  client > server  F.  6793:6793(0) ack 5001 win 502",
    "0.520-0.540  server > client  R.  5001:5001(0) ack 6794 win 0"};

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> all;
  std::size_t at = 0;
  for (std::size_t end; (end = text.find('\n', at)) != std::string::npos; at = end + 1)
    all.push_back(text.substr(at, end - at));
  EXPECT_EQ(at, text.size()) << "the last line has no end";
  return all;
}

std::string drawn(const Ladder& ladder, const TextStyle& style) {
  return ladder_title(ladder, style) + terminal_ladder(ladder, style) +
         ladder_footer(ladder, style);
}

TEST(TerminalLadder, FitsIntoEveryWidth) {
  const Ladder ladder = ladder_of(eventful);
  for (const std::size_t columns : {60u, 61u, 79u, 80u, 100u, 119u, 120u, 132u, 200u})
    for (const bool ascii : {false, true}) {
      TextStyle style;
      style.width = columns;
      style.ascii = ascii;
      for (const std::string& line : lines(drawn(ladder, style)))
        EXPECT_LE(width(line), columns) << line;
    }
}

TEST(TerminalLadder, LanesAreStraight) {
  const Ladder ladder = ladder_of(eventful);
  for (const std::size_t columns : {60u, 80u, 100u, 132u}) {
    TextStyle style;
    style.width = columns;
    style.ascii = true;  // a byte is a column
    std::size_t left = std::string::npos, right = std::string::npos;
    for (const std::string& line : lines(terminal_ladder(ladder, style))) {
      const std::size_t first = line.find('|'), last = line.rfind('|');
      if (first == std::string::npos || first == last) continue;
      if (left == std::string::npos) left = first, right = last;
      EXPECT_EQ(first, left) << columns << ": " << line;
      EXPECT_EQ(last, right) << columns << ": " << line;
    }
    EXPECT_NE(left, std::string::npos);
  }
}

// A pipe or a file gets no colour and no control codes: golden files are stable.
TEST(TerminalLadder, NoControlCodesWithoutColour) {
  Ladder ladder = ladder_of(eventful);
  ladder.names[0] = "\x1b[31mevil\n";
  for (const bool ascii : {false, true}) {
    TextStyle style;
    style.ascii = ascii;
    for (const std::string& line : lines(drawn(ladder, style)))
      for (const char c : line) {
        EXPECT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) << line;
        if (ascii) {
          EXPECT_LT(static_cast<unsigned char>(c), 0x80) << line;
        }
      }
  }
}

// DESIGN §6: flags, Seq, Len and notes are never cut, at any width.
TEST(TerminalLadder, TheStoryIsThereAtEveryWidth) {
  const Ladder ladder = ladder_of(eventful);
  for (const std::size_t columns : {60u, 80u, 100u, 132u}) {
    TextStyle style;
    style.width = columns;
    std::string text = terminal_ladder(ladder, style);
    for (std::size_t at; (at = text.find(" Ack=1 ")) != std::string::npos;)
      text.erase(at, 6);  // may go
    for (const char* said : {columns == 60 ? "✗" : "✗ lost", columns == 60 ? "· lost" : "lost ✗",
                             "Seq=1449 Len=1448", "dup ACK 1", "dup ACK 2", "fast retransmit of #5",
                             "zero window", "out of order", "#4 again: a duplicate",
                             "#10 again: a duplicate", "[SYN] Seq=0", "[FIN,ACK]", "Len=1448"})
      EXPECT_NE(text.find(said), std::string::npos) << said << " at " << columns << "\n" << text;
  }
}

TEST(TerminalLadder, ColourOnlyRepeatsWhatTheTextSays) {
  const Ladder ladder = ladder_of(eventful);
  TextStyle plain, painted;
  painted.color = true;
  std::string text = terminal_ladder(ladder, painted);
  EXPECT_NE(text.find("\x1b["), std::string::npos);
  for (std::size_t at; (at = text.find("\x1b[")) != std::string::npos;)
    text.erase(at, text.find('m', at) - at + 1);
  EXPECT_EQ(text, terminal_ladder(ladder, plain));
}

TEST(TerminalLadder, StatesFrom120Columns) {
  const Ladder ladder = ladder_of(eventful);
  TextStyle wide, narrow;
  wide.width = 120;
  narrow.width = 119;
  EXPECT_NE(terminal_ladder(ladder, wide).find("SYN-RECEIVED"), std::string::npos);
  EXPECT_NE(terminal_ladder(ladder, wide).find("ESTABLISHED"), std::string::npos);
  EXPECT_EQ(terminal_ladder(ladder, narrow).find("ESTABLISHED"), std::string::npos);
}

TEST(TerminalLadder, UnderSixtyColumnsALineAPacket) {
  const Ladder ladder = ladder_of(eventful);
  TextStyle style;
  style.width = 59;
  const auto rows = lines(terminal_ladder(ladder, style));
  EXPECT_EQ(rows.size(), ladder.rows.size());
  EXPECT_EQ(rows[0].find("1 0.000→20.000 client → server [SYN] Seq=0"), 0u) << rows[0];
  EXPECT_NE(rows[4].find("✗ lost"), std::string::npos);
}

TEST(TerminalLadder, LongRunsFoldButNeverOverANote) {
  Script script;
  std::uint32_t seq = 1000;
  for (int i = 0; i < 30; ++i, seq += 100) {
    const std::string time = "0." + std::to_string(100 + i * 10);
    script.push_back(
        time + (i == 20 ? "-lost" : time.substr(0, 0) + "-0." + std::to_string(120 + i * 10)) +
        "  client > server  .   " + std::to_string(seq) + ":" + std::to_string(seq + 100) +
        "(100) ack 1");
  }
  const std::string text = terminal_ladder(ladder_of(script), {});
  EXPECT_NE(text.find("⋮ 18 more"), std::string::npos) << text;  // of 1 to 20
  EXPECT_NE(text.find("⋮ 7 more"), std::string::npos) << text;   // of 22 to 30
  EXPECT_NE(text.find("✗ lost"), std::string::npos) << text;
}

TEST(TerminalLadder, OneEndHasOneClockAndSaysSo) {
  const Ladder ladder = ladder_of(
      {"0.000  client > server  S   1000:1000(0)", "1.000  client > server  S   1000:1000(0)"});
  const std::string text = drawn(ladder, {});
  EXPECT_NE(text.find("✗ probably lost"), std::string::npos) << text;
  EXPECT_NE(text.find("far end not observed"), std::string::npos) << text;
  EXPECT_EQ(text.find("server ms"), std::string::npos) << text;
}

// Times are the file's own: a century between two packets needs room that the arrow then lacks.
TEST(TerminalLadder, ExtremeTimesAndNumbersStillEnd) {
  for (const char* far : {"8000000000", "-900000000", "100000000"})
    for (const std::size_t columns : {60u, 80u, 132u}) {
      Ladder ladder = ladder_of(eventful);
      for (Row& row : ladder.rows) {
        row.number += 4'000'000'000u;
        for (auto& time : row.time)
          if (time) *time += std::chrono::seconds(std::stoll(far));
        for (auto& time : row.more_arrivals) time += std::chrono::seconds(std::stoll(far));
      }
      TextStyle style;
      style.width = columns;
      const std::string text = terminal_ladder(ladder, style);
      EXPECT_LT(text.size(), 100'000u);
      EXPECT_NE(text.find("dup ACK 2"), std::string::npos) << text;
    }
}

TEST(TerminalLadder, LongNamesAreClipped) {
  Ladder ladder = ladder_of(eventful);
  ladder.names[0] = std::string(300, 'n');
  ladder.names[1] = "ü" + std::string(300, 'm');
  for (const std::string& line : lines(drawn(ladder, {}))) EXPECT_LE(width(line), 80u) << line;
}

TEST(TerminalLadder, AnEmptyLadderIsNoTrouble) {
  EXPECT_FALSE(terminal_ladder({}, {}).empty());
  EXPECT_NE(ladder_footer({}, {}).find("0 packets"), std::string::npos);
}

TEST(Flat, IsOneLineWithBothTimes) {
  const Ladder ladder = ladder_of(eventful);
  EXPECT_EQ(flat(ladder, ladder.rows[2], {}),
            "3 40.000→60.000 client → server [ACK] Seq=1 Ack=1 Win=64256\n");
  TextStyle ascii;
  ascii.ascii = true;
  EXPECT_EQ(
      flat(ladder, ladder.rows[4], ascii).find("5 42.000->? client > server [PSH,ACK] Seq=1449"),
      0u)
      << flat(ladder, ladder.rows[4], ascii);
}

}  // namespace
}  // namespace tracer
