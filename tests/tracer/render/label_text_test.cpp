#include "tracer/render/label_text.hpp"

#include <gtest/gtest.h>

namespace tracer {
namespace {

Row segment() {
  Row row{};
  row.label.kind = Label::Kind::tcp;
  row.label.flags = {TcpFlags::psh | TcpFlags::ack};
  row.label.seq = 2897;
  row.label.ack = 1;
  row.label.length = 1448;
  row.label.window = 64512;
  row.label.options = {"MSS=1460", "WS=128"};
  row.label.sack = {{4345, 5793}};
  row.label.text = "GET /";
  row.notes.push_back({Note::Kind::fast_retransmit, 6, 0, {}, {}});
  return row;
}

TEST(LabelText, TheWholeInItsOrder) {
  EXPECT_EQ(label_text(segment(), {}).fit(200, {}),
            "[PSH,ACK] Seq=2897 Ack=1 Len=1448 SACK=4345-5793 · fast retransmit of #6 MSS=1460 "
            "WS=128 Win=64512 \"GET /\"");
}

// DESIGN §6: flags, Seq, Len and notes are never cut; options and window first.
TEST(LabelText, WhatGoesFirstWhenThereIsNoRoom) {
  const LabelText text = label_text(segment(), {});
  std::string previous = text.fit(SIZE_MAX, {});
  for (std::size_t columns = 120; columns > 0; --columns) {
    const std::string fitted = text.fit(columns, {});
    for (const char* kept : {"[PSH,ACK]", "Seq=2897", "Len=1448", "fast retransmit of #6"})
      EXPECT_NE(fitted.find(kept), std::string::npos) << columns << ": " << fitted;
    EXPECT_LE(width(fitted), width(previous));
    if (fitted.find("Win=") != std::string::npos) {
      EXPECT_NE(fitted.find("MSS="), std::string::npos) << "the window goes before the options";
    }
    if (fitted.find("MSS=") != std::string::npos) {
      EXPECT_NE(fitted.find("Ack=1"), std::string::npos) << "options go before the ACK number";
    }
    previous = fitted;
  }
  EXPECT_EQ(previous, "[PSH,ACK] Seq=2897 Len=1448 · fast retransmit of #6");
}

// What the application says outlives all but flags, Seq, Len and notes, and is cut before it goes.
TEST(LabelText, AMessageIsKeptLongest) {
  Row row = segment();
  row.notes.clear();
  row.label.sack.clear();
  row.label.message = "Client Hello\x1b";
  const LabelText text = label_text(row, {});
  EXPECT_EQ(text.fit(200, {}),
            "[PSH,ACK] Seq=2897 Ack=1 Len=1448 Client Hello· MSS=1460 WS=128 Win=64512");
  EXPECT_EQ(text.fit(48, {}), "[PSH,ACK] Seq=2897 Ack=1 Len=1448 Client Hello·");
  EXPECT_EQ(text.fit(42, {}), "[PSH,ACK] Seq=2897 Len=1448 Client Hello·");
  EXPECT_EQ(text.fit(36, {}), "[PSH,ACK] Seq=2897 Len=1448 Client …");
  EXPECT_EQ(text.fit(34, {}), "[PSH,ACK] Seq=2897 Len=1448");
}

TEST(LabelText, ALineOfAProtocolIsCutInsideItsQuotes) {
  Row row = segment();
  row.notes.clear();
  row.label.sack.clear();
  row.label.text = "250 mail.example.org at your service";
  EXPECT_EQ(label_text(row, {}).fit(46, {}), "[PSH,ACK] Seq=2897 Ack=1 Len=1448 MSS=1460");
  row.label.speaks = true;
  EXPECT_EQ(label_text(row, {}).fit(46, {}), "[PSH,ACK] Seq=2897 Len=1448 \"250 mail.exampl…\"");
}

TEST(LabelText, OtherNotations) {
  TextStyle stevens, rfc;
  stevens.notation = TextStyle::Notation::stevens;
  rfc.notation = TextStyle::Notation::rfc9293;
  Row row = segment();
  row.notes.clear();
  row.label.sack.clear();
  row.label.options.clear();
  row.label.text.clear();
  EXPECT_EQ(label_text(row, stevens).fit(200, stevens), "P 2897:4345(1448) ack 1 win 64512");
  EXPECT_EQ(label_text(row, rfc).fit(200, rfc),
            "<CTL=PSH,ACK> <SEQ=2897> <ACK=1> <DATA=1448> <WND=64512>");
}

TEST(LabelText, NotesInWords) {
  using Kind = Note::Kind;
  const auto said = [](Kind kind, std::uint32_t about = 0, std::uint64_t count = 0,
                       Nanoseconds time = {}, const char* text = "") {
    return note_text({kind, about, count, time, text});
  };
  EXPECT_EQ(said(Kind::lost), "lost");
  EXPECT_EQ(said(Kind::lost, 0, 0, {}, "probably"), "probably lost");
  EXPECT_EQ(said(Kind::duplicate_ack, 5, 2), "dup ACK 2");
  EXPECT_EQ(said(Kind::fast_retransmit, 6), "fast retransmit of #6");
  EXPECT_EQ(said(Kind::timeout_retransmit, 6, 0, std::chrono::milliseconds(240), "it had arrived"),
            "retransmit of #6 after 240.0 ms: it had arrived");
  EXPECT_EQ(said(Kind::needless_retransmit, 6), "needless retransmit of #6");
  EXPECT_EQ(said(Kind::corrupted), "corrupted: arrived, discarded");
  EXPECT_EQ(said(Kind::duplicated, 0, 2), "arrived 2 times");
  EXPECT_EQ(said(Kind::unreachable, 3), "about #3");
  EXPECT_EQ(said(Kind::cut, 0, 0, {}, "TCP"), "TCP header cut");
  EXPECT_EQ(said(Kind::comment, 0, 0, {}, "\x1b[31m"), "·[31m");
}

TEST(LabelText, HostileTextIsMadeSafe) {
  Row row{};
  row.label.kind = Label::Kind::other;
  row.label.text = "\x1b[31mred\xff";
  EXPECT_EQ(label_text(row, {}).flags, "·[31mred·");
  TextStyle ascii;
  ascii.ascii = true;
  EXPECT_EQ(label_text(row, ascii).flags, ".[31mred.");
}

}  // namespace
}  // namespace tracer
