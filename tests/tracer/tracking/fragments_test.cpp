#include "tracer/tracking/fragments.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/frames.hpp"
#include "tracer/tracking/tracker.hpp"

namespace tracer {
namespace {

using namespace support;

/// A fragment of a UDP datagram; `offset` is in bytes.
struct Piece {
  std::size_t offset;
  Buffer bytes;
  bool more;
  std::uint16_t id = 7;
};

std::optional<std::string> add(Fragments& fragments, const Piece& piece,
                               std::uint8_t protocol = 17) {
  const Buffer bytes =
      ethernet(0x0800, ipv4({.protocol = protocol,
                             .id = piece.id,
                             .more = piece.more,
                             .offset = static_cast<std::uint16_t>(piece.offset / 8)},
                            piece.bytes));
  const Packet packet = decoded(bytes);
  if (!packet.fragment) ADD_FAILURE() << "not a fragment";
  const auto whole = fragments.add(packet);
  if (!whole) return std::nullopt;
  EXPECT_EQ(whole->payload.size(), whole->wire_length);
  EXPECT_EQ(whole->protocol, protocol);
  return std::string(as_text(whole->payload));
}

const Buffer a = text("aaaaaaaa"), b = text("bbbbbbbb"), c = text("cc");

TEST(Fragments, CompleteInEveryOrder) {
  std::vector<Piece> pieces{{0, a, true}, {8, b, true}, {16, c, false}};
  std::sort(pieces.begin(), pieces.end(), [](auto& x, auto& y) { return x.offset < y.offset; });
  do {
    Fragments fragments;
    EXPECT_FALSE(add(fragments, pieces[0]));
    EXPECT_FALSE(add(fragments, pieces[1]));
    EXPECT_EQ(add(fragments, pieces[2]), "aaaaaaaabbbbbbbbcc");
  } while (std::next_permutation(pieces.begin(), pieces.end(),
                                 [](auto& x, auto& y) { return x.offset < y.offset; }));
}

TEST(Fragments, ADatagramIsToldApartByItsIdAndProtocol) {
  Fragments fragments;
  EXPECT_FALSE(add(fragments, {0, a, true, 1}));
  EXPECT_FALSE(add(fragments, {8, c, false, 2}));
  EXPECT_FALSE(add(fragments, {8, c, false, 1}, 6));
  EXPECT_EQ(add(fragments, {8, c, false, 1}), "aaaaaaaacc");
  EXPECT_EQ(add(fragments, {0, b, true, 2}), "bbbbbbbbcc");
}

TEST(Fragments, AfterADatagramTheSameIdBeginsAnother) {
  Fragments fragments;
  for (int i = 0; i < 3; ++i) {
    EXPECT_FALSE(add(fragments, {0, a, true}));
    EXPECT_EQ(add(fragments, {8, c, false}), "aaaaaaaacc");
  }
}

TEST(Fragments, WhereTheyOverlapTheFirstBytesStay) {
  Fragments fragments;
  EXPECT_FALSE(add(fragments, {8, text("11111111"), true}));
  EXPECT_FALSE(add(fragments, {0, text("222222222222222222222222"), true}));
  EXPECT_EQ(add(fragments, {16, text("33333333zz"), false}), "222222221111111122222222zz");
}

TEST(Fragments, ARepeatedPieceChangesNothing) {
  Fragments fragments;
  EXPECT_FALSE(add(fragments, {0, a, true}));
  EXPECT_FALSE(add(fragments, {0, b, true}));
  EXPECT_EQ(add(fragments, {8, c, false}), "aaaaaaaacc");
}

TEST(Fragments, TheFirstLastFragmentDecidesTheSize) {
  Fragments fragments;
  EXPECT_FALSE(add(fragments, {8, c, false}));
  EXPECT_FALSE(add(fragments, {64, c, false}));
  EXPECT_EQ(add(fragments, {0, a, true}), "aaaaaaaacc");
}

// "Ping of death": offset and length together beyond any datagram.
TEST(Fragments, BeyondTheLargestDatagramIsRefused) {
  Fragments fragments;
  EXPECT_FALSE(add(fragments, {65'528, Buffer(1000), false}));
  EXPECT_FALSE(add(fragments, {65'528, Buffer(1000), true}));
  EXPECT_FALSE(add(fragments, {0, Buffer(65'472), true}));
}

TEST(Fragments, EmptyOnesDoNoHarm) {
  Fragments fragments;
  for (std::uint16_t i = 1; i < 100; ++i) EXPECT_FALSE(add(fragments, {i * 8u, {}, true}));
  EXPECT_FALSE(add(fragments, {0, a, true}));
  EXPECT_FALSE(add(fragments, {8, b, true}));
}

TEST(Fragments, AFloodIsBounded) {
  Fragments fragments;
  for (std::uint32_t i = 0; i < Fragments::most_waiting + 100; ++i)
    add(fragments, {0, a, true, static_cast<std::uint16_t>(i)});
  EXPECT_EQ(fragments.given_up(), 100u);
  EXPECT_FALSE(add(fragments, {8, c, false, 0}));  // the oldest are gone
  EXPECT_EQ(add(fragments, {8, c, false, 1000}), "aaaaaaaacc");
}

TEST(Fragments, WhatTheCaptureCutIsNotPutTogether) {
  Fragments fragments;
  const Buffer bytes = ethernet(0x0800, ipv4({.protocol = 17, .id = 7, .more = true}, a));
  Frame cut = frame(bytes);
  cut.bytes = cut.bytes.first(bytes.size() - 4);
  Packet packet;
  decode(cut, 1, packet);
  EXPECT_FALSE(fragments.add(packet));
  EXPECT_FALSE(add(fragments, {8, c, false}));
}

TEST(Tracker, ADatagramBelongsToTheFrameThatCompletesIt) {
  const Buffer datagram = udp(5000, 6000, text("0123456789abcdef"));
  const Buffer head(datagram.begin(), datagram.begin() + 16),
      tail(datagram.begin() + 16, datagram.end());
  const Buffer first = ethernet(0x0800, ipv4({.protocol = 17, .more = true}, head)),
               last = ethernet(0x0800, ipv4({.protocol = 17, .offset = 2}, tail));
  for (const bool in_order : {true, false}) {
    Tracker tracker;
    Packet packet = decoded(in_order ? first : last);
    EXPECT_EQ(tracker.track(packet).conversation, nullptr);
    EXPECT_FALSE(packet.udp);
    Packet completing = decoded(in_order ? last : first);
    const Tracked& tracked = tracker.track(completing);
    ASSERT_NE(tracked.conversation, nullptr);
    EXPECT_TRUE(completing.reassembled);
    EXPECT_EQ(completing.udp->source_port(), 5000);
    EXPECT_EQ(transport_checksum_right(completing), true);
    EXPECT_EQ(tracked.conversation->payload_bytes[0], 16u);
  }
}

TEST(Tracker, Version6FragmentsToo) {
  const Buffer datagram = udp(5000, 6000, text("0123456789abcdef"), "fd00::1", "fd00::2");
  const auto piece = [&](std::size_t from, std::size_t to, bool more) {
    return ethernet(
        0x86dd,
        ipv6({.next = 44},
             join({u8(17), u8(0), u16(static_cast<unsigned>(from) | unsigned{more}), u32(99),
                   Buffer(datagram.begin() + static_cast<std::ptrdiff_t>(from),
                          datagram.begin() + static_cast<std::ptrdiff_t>(to))})));
  };
  Tracker tracker;
  const Buffer first = piece(0, 16, true), last = piece(16, 24, false);
  Packet packet = decoded(last);
  EXPECT_EQ(tracker.track(packet).conversation, nullptr);
  packet = decoded(first);
  ASSERT_NE(tracker.track(packet).conversation, nullptr);
  EXPECT_EQ(packet.source_endpoint().text(), "[fd00::1]:5000");
}

}  // namespace
}  // namespace tracer
