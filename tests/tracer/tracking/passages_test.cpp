// Two captures of the same traffic: which packets are the same, and what became of each.
#include "tracer/tracking/passages.hpp"

#include <gtest/gtest.h>

#include "tests/support/segment.hpp"

namespace tracer {
namespace {

using namespace std::chrono_literals;
using support::frames_of;
using Script = std::vector<std::string>;

/// As two captures have it that know nothing of each other: no ids, no directions, and the second
/// clock ahead of the first.
FrameStore strangers(const Script& script, Nanoseconds second_clock_ahead = 0ns) {
  FrameStore frames = frames_of(script);
  for (std::size_t i = 0; i < frames.size(); ++i) {
    frames[i].direction = Direction::unknown;
    if (frames[i].vantage == 1) frames[i].time += second_clock_ahead;
  }
  return frames;
}

/// "arrived lost duplicated": the fates in order of departure.
std::string fates(const Passages& passages) {
  constexpr const char* names[] = {"unknown", "arrived", "lost", "duplicated", "corrupted"};
  std::string text;
  for (const Passage& one : passages.list)
    text.append(text.empty() ? "" : " ").append(names[static_cast<int>(one.fate)]);
  return text;
}

const Script with_loss{"0.000-0.020  client > server  S   1000:1000(0)",
                       "0.020-0.040  server > client  S.  5000:5000(0) ack 1001",
                       "0.040-0.060  client > server  .   1001:1001(0) ack 5001",
                       "0.041-lost   client > server  P.  1001:1101(100) ack 5001",
                       "0.042-0.062  client > server  P.  1101:1201(100) ack 5001",
                       "0.062-0.082  server > client  .   5001:5001(0) ack 1001",
                       "0.300-0.320  client > server  P.  1001:1101(100) ack 5001",
                       "0.320-0.340  server > client  .   5001:5001(0) ack 1201"};
const char* const with_loss_fates = "arrived arrived arrived lost arrived arrived arrived arrived";

TEST(Passages, OneVantagePointKnowsNoFates) {
  const FrameStore frames = frames_of({"0.0  client > server  S   1000:1000(0)",
                                       "0.1  server > client  S.  5000:5000(0) ack 1001"});
  const Passages passages = single_ended(frames);
  EXPECT_FALSE(passages.two_ended);
  EXPECT_EQ(fates(passages), "unknown unknown");
}

TEST(Passages, PairedByIdAreExact) {
  FrameStore frames = frames_of(with_loss, true);
  const Passages passages = two_ended(frames);
  EXPECT_TRUE(passages.exact && passages.two_ended);
  EXPECT_EQ(fates(passages), with_loss_fates);
  EXPECT_EQ(passages.departures, 8u);
  EXPECT_EQ(passages.paired, 7u);
}

TEST(Passages, WhatIsUnderWayWhereACaptureEndsIsNotLost) {
  const Script under_way{"0.000-0.020  client > server  S   1000:1000(0)",
                         "0.020-0.040  server > client  S.  5000:5000(0) ack 1001",
                         "0.041-lost   client > server  P.  1001:1101(100) ack 5001",
                         "0.042-0.062  client > server  P.  1101:1201(100) ack 5001",
                         "0.061-lost   client > server  P.  1201:1301(100) ack 5001"};
  FrameStore numbered = frames_of(under_way, true), strange = strangers(under_way);
  EXPECT_EQ(fates(two_ended(numbered, {{}, true})), "arrived arrived lost arrived unknown");
  EXPECT_EQ(fates(two_ended(strange)), "arrived arrived lost arrived unknown");
  EXPECT_EQ(fates(two_ended(numbered)), "arrived arrived lost arrived lost") << "a whole capture";
}

TEST(Passages, PairedByContentSayTheSame) {
  FrameStore frames = strangers(with_loss);
  const Passages passages = two_ended(frames);
  EXPECT_FALSE(passages.exact);
  EXPECT_EQ(fates(passages), with_loss_fates);
  EXPECT_EQ(passages.list[3].origin, 0);
  EXPECT_EQ(passages.list[1].origin, 1);
}

TEST(Passages, ClocksApartAreFoundWithinTheirErrorBar) {
  for (const Nanoseconds ahead :
       {Nanoseconds(3'700ms), Nanoseconds(-3'700ms), Nanoseconds(1h), Nanoseconds(-15ms)}) {
    FrameStore frames = strangers(with_loss, ahead);
    const Passages passages = two_ended(frames);
    ASSERT_TRUE(passages.clock.measured);
    const Nanoseconds wrong = passages.clock.offset - (passages.clock.shared ? 0ns : ahead);
    EXPECT_LE(std::chrono::abs(wrong), passages.clock.error) << ahead.count();
    EXPECT_LE(passages.clock.error, 21ms);
    EXPECT_EQ(fates(passages), with_loss_fates) << ahead.count();
    EXPECT_EQ(passages.paired, 7u);
  }
}

TEST(Passages, OneClockIsTakenAsOne) {
  FrameStore frames = strangers(with_loss);
  const Passages passages = two_ended(frames);
  EXPECT_TRUE(passages.clock.shared);
  EXPECT_EQ(passages.clock.offset, 0ns);
}

TEST(Passages, AKnownOffsetIsNotEstimated) {
  FrameStore frames = strangers(with_loss, 3'700ms);
  ClockOffset known;
  known.offset = 3'700ms;
  const Passages passages = two_ended(frames, {known});
  EXPECT_EQ(fates(passages), with_loss_fates);
  EXPECT_EQ(passages.list[0].left, support::script_time(0ns));
  EXPECT_EQ(frames[passages.list[1].departure].time, support::script_time(20ms));
}

TEST(Passages, OneDirectionAloneMeasuresNoOffset) {
  FrameStore frames = strangers({"0.000-0.020  client > server  S   1000:1000(0)",
                                 "1.000-1.020  client > server  S   1000:1000(0)"});
  const Passages passages = two_ended(frames);
  EXPECT_FALSE(passages.clock.measured);
  EXPECT_EQ(fates(passages), "arrived arrived");
}

TEST(Passages, ADuplicateIsOnePacketThatArrivedTwice) {
  const Script script{"0.000-0.020  client > server  S   1000:1000(0)",
                      "0.020-0.040  server > client  S.  5000:5000(0) ack 1001",
                      "0.041-0.061+0.063  client > server  P.  1001:1101(100) ack 5001"};
  FrameStore numbered = frames_of(script, true), plain = frames_of(script),
             strange = strangers(script);
  for (FrameStore* frames : {&numbered, &plain, &strange}) {
    const Passages passages = two_ended(*frames);
    EXPECT_EQ(fates(passages), "arrived arrived duplicated");
    ASSERT_EQ(passages.list[2].arrivals.size(), 2u);
    EXPECT_LT((*frames)[passages.list[2].arrivals[0]].time,
              (*frames)[passages.list[2].arrivals[1]].time);
  }
}

TEST(Passages, AChangedPacketIsFoundByWhatItKept) {
  const Script script{"0.000-0.020  client > server  S   1000:1000(0)",
                      "0.020-0.040  server > client  S.  5000:5000(0) ack 1001",
                      "0.041-0.061! client > server  P.  1001:1101(100) ack 5001"};
  FrameStore frames = strangers(script);
  EXPECT_EQ(fates(two_ended(frames)), "arrived arrived corrupted");
}

TEST(Passages, OvertakingIsNoLoss) {
  FrameStore frames = strangers({"0.000-0.020  client > server  S   1000:1000(0)",
                                 "0.020-0.040  server > client  S.  5000:5000(0) ack 1001",
                                 "0.041-0.071  client > server  P.  1001:1101(100) ack 5001",
                                 "0.042-0.062  client > server  P.  1101:1201(100) ack 5001"});
  const Passages passages = two_ended(frames);
  EXPECT_EQ(fates(passages), "arrived arrived arrived arrived");
  EXPECT_GT(frames[passages.list[2].arrivals[0]].time, frames[passages.list[3].arrivals[0]].time);
}

// Linux sends id 0 where fragmenting is forbidden: pure ACKs may then be the same to the last bit.
TEST(Passages, EqualsArePairedFirstInFirstOut) {
  Script script{"0.000-0.020  client > server  S   1000:1000(0)",
                "0.020-0.040  server > client  S.  5000:5000(0) ack 1001"};
  for (int i = 0; i < 5; ++i)
    script.push_back("0." + std::to_string(100 + i * 50) + "-0." + std::to_string(120 + i * 50) +
                     "  server > client  .   5001:5001(0) ack 1001");
  FrameStore frames = strangers(script);
  std::vector<support::Buffer> changed;
  changed.reserve(frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    changed.emplace_back(frames[i].bytes.begin(), frames[i].bytes.end());
    changed.back()[18] = changed.back()[19] = std::byte{0};
    frames[i].bytes = changed.back();
  }
  const Passages passages = two_ended(frames);
  ASSERT_EQ(passages.list.size(), 7u);
  for (const Passage& one : passages.list)
    EXPECT_EQ(frames[one.arrivals[0]].time - frames[one.departure].time, 20ms);
}

TEST(Passages, WhatLeftBeforeTheFarCaptureBeganIsUnknown) {
  FrameStore frames = frames_of({"0.000-lost   client > server  P.  1001:1101(100) ack 5001",
                                 "1.000-1.020  client > server  P.  1101:1201(100) ack 5001",
                                 "1.020-1.040  server > client  .   5001:5001(0) ack 1201",
                                 "2.000-lost   client > server  P.  1201:1301(100) ack 5001"});
  EXPECT_EQ(fates(two_ended(frames)), "unknown arrived arrived unknown");
}

// The testbed's captures cover all there was: what did not arrive is lost, whenever it left.
TEST(Passages, WithIdsTheFirstAndTheLastMayBeLost) {
  FrameStore frames = frames_of({"0.000-lost   client > server  S   1000:1000(0)",
                                 "1.000-1.020  client > server  S   1000:1000(0)",
                                 "2.000-lost   client > server  S   1000:1000(0)"},
                                true);
  EXPECT_EQ(fates(two_ended(frames)), "lost arrived lost");
}

TEST(Passages, TheWiresCommentIsTheCause) {
  FrameStore frames = frames_of({"0.000-lost   client > server  S   1000:1000(0)",
                                 "1.000-1.020!  client > server  P.  1001:1101(100) ack 1"},
                                true);
  frames[0].comment = "lost on the wire: drop c>s syn";
  for (std::size_t i = 1; i < frames.size(); ++i)
    frames[i].comment = "byte 60 changed on the wire: corrupt @60";
  const Passages passages = two_ended(frames);
  EXPECT_EQ(fates(passages), "lost corrupted");
  EXPECT_EQ(passages.list[0].cause, "drop c>s syn");
  EXPECT_EQ(passages.list[1].cause, "corrupt @60");
}

TEST(Passages, NothingIsNoTrouble) {
  FrameStore none;
  EXPECT_TRUE(two_ended(none).list.empty());
  EXPECT_TRUE(single_ended(none).list.empty());
}

TEST(Passages, MoreCopiesThanThereIsRoomForAreKeptApart) {
  FrameStore frames =
      frames_of({"0.000-0.020+0.021+0.022+0.023+0.024+0.025  client > server  S   1000:1000(0)"});
  std::size_t arrivals = 0;
  for (const Passage& one : two_ended(frames).list) arrivals += one.arrivals.size();
  EXPECT_EQ(arrivals, 6u);
}

}  // namespace
}  // namespace tracer
