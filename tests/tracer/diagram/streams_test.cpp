#include "tracer/diagram/streams.hpp"

#include <gtest/gtest.h>

#include "tests/support/story.hpp"

namespace tracer {
namespace {

using namespace support;

/// "0-9 arrived #4" for each piece.
std::string pieces(const Stream& stream) {
  constexpr const char* fates[] = {"arrived", "repaired", "missing", "unseen"};
  std::string text;
  for (const StreamPiece& piece : stream.pieces) {
    text += fmt::format("{}{}-{} {}", text.empty() ? "" : ", ", piece.from, piece.to - 1,
                        fates[static_cast<int>(piece.fate)]);
    for (const std::uint32_t row : piece.rows) text += fmt::format(" #{}", row);
  }
  return text;
}

struct Told {
  explicit Told(const std::vector<std::string>& script) {
    const bool two = script[0].find('-') != std::string::npos;
    frames = frames_of(script, two);
    all = ladders(frames, two ? two_ended(frames) : single_ended(frames), {});
  }
  Stream stream(unsigned from, std::size_t most = 1000) const {
    return stream_of(all.at(0), frames, from, most);
  }
  FrameStore frames;
  std::vector<Ladder> all;
};

const std::vector<std::string> lossy = {
    "0.000-0.010  client > server  S   1000:1000(0)",
    "0.010-0.020  server > client  S.  5000:5000(0) ack 1001",
    "0.020-0.030  client > server  P.  1001:1011(10) ack 5001",
    "0.021-lost   client > server  P.  1011:1021(10) ack 5001",
    "0.022-0.032  client > server  P.  1021:1031(10) ack 5001",
    "0.300-0.310  client > server  P.  1011:1021(10) ack 5001",
};

TEST(Streams, WhatWasLostIsRepairedByItsRepetition) {
  const Stream stream = Told(lossy).stream(0);
  EXPECT_EQ(pieces(stream), "0-9 arrived #3, 10-19 repaired #4 #6, 20-29 arrived #5");
  EXPECT_EQ(stream.sent, 30u);
  EXPECT_EQ(stream.received, 30u);
  EXPECT_EQ(stream.on_wire, 40u);
  EXPECT_EQ(stream.bytes.size(), 30u);
}

TEST(Streams, WithoutRepetitionItIsMissing) {
  const Stream stream = Told({lossy.begin(), lossy.end() - 1}).stream(0);
  EXPECT_EQ(pieces(stream), "0-9 arrived #3, 10-19 missing #4, 20-29 arrived #5");
  EXPECT_EQ(stream.received, 20u);
}

// RFC 9293 §3.7.1: a retransmission may be cut differently.
TEST(Streams, ARepetitionMayBeCutDifferently) {
  auto script = lossy;
  script.back() = "0.300-0.310  client > server  P.  1006:1026(20) ack 5001";
  EXPECT_EQ(pieces(Told(script).stream(0)),
            "0-4 arrived #3, 5-9 arrived #3 #6, 10-19 repaired #4 #6, 20-24 arrived #5 #6, 25-29 "
            "arrived #5");
}

TEST(Streams, OneEndKnowsNothingOfTheOther) {
  const Stream stream = Told({"0.000  client > server  S   1000:1000(0)",
                              "0.020  client > server  P.  1001:1011(10) ack 5001"})
                            .stream(0);
  EXPECT_EQ(pieces(stream), "0-9 unseen #2");
  EXPECT_EQ(stream.received, 0u);
}

TEST(Streams, KeepsNoMoreBytesThanAskedFor) {
  EXPECT_EQ(Told(lossy).stream(0, 12).bytes.size(), 12u);
  EXPECT_EQ(Told(lossy).stream(1).sent, 0u);
}

}  // namespace
}  // namespace tracer
