// Which captured frame is which packet of the wire.
#include <gtest/gtest.h>

#include "labs/testbed/messages.hpp"
#include "labs/testbed/testbed.hpp"

namespace testbed {
namespace {

using tracer::Direction;
using tracer::Timestamp;
using namespace std::chrono_literals;

class Scene {
 public:
  Scene() { result_.complete = true; }
  Scene& seen(Side host, Direction direction, int microsecond, std::string_view content) {
    tracer::Frame frame;
    frame.time = Timestamp(std::chrono::microseconds(microsecond));
    frame.vantage = static_cast<std::uint32_t>(host);
    frame.direction = direction;
    frame.bytes = tracer::as_bytes(content);
    result_.frames.add(frame);
    return *this;
  }
  WireEvent& event(Side from, std::string_view content) {
    WireEvent event;
    event.id = result_.wire.size() + 1;
    event.from = from;
    event.digest = event.sent_digest = digest(tracer::as_bytes(content));
    event.sent = {Timestamp{}};
    result_.wire.push_back(event);
    return result_.wire.back();
  }
  RunResult& numbered() {
    number_frames(result_);
    return result_;
  }

 private:
  RunResult result_;
};

std::vector<std::uint64_t> ids(const RunResult& result) {
  std::vector<std::uint64_t> found;
  for (const auto& frame : result.frames) found.push_back(frame.packet_id.value_or(0));
  return found;
}

TEST(NumberFrames, SortsByTimeAndGivesBothEndsTheSameNumber) {
  Scene run;
  run.event(Side::client, "a");
  run.event(Side::client, "b");
  run.seen(Side::server, Direction::inbound, 30, "a")
      .seen(Side::server, Direction::inbound, 40, "b");
  run.seen(Side::client, Direction::outbound, 10, "a")
      .seen(Side::client, Direction::outbound, 20, "b");
  const RunResult& result = run.numbered();
  EXPECT_EQ(ids(result), (std::vector<std::uint64_t>{1, 2, 1, 2}));
  EXPECT_EQ(result.frames[0].vantage, 0u);
  EXPECT_TRUE(result.complete);
}

TEST(NumberFrames, OrderMayDifferBetweenCaptureAndWire) {
  // Two processors sent at once: the capture saw a before b, the wire b before a.
  Scene run;
  run.event(Side::client, "b");
  run.event(Side::client, "a");
  run.seen(Side::client, Direction::outbound, 10, "a")
      .seen(Side::client, Direction::outbound, 11, "b");
  run.seen(Side::server, Direction::inbound, 20, "b")
      .seen(Side::server, Direction::inbound, 21, "a");
  EXPECT_EQ(ids(run.numbered()), (std::vector<std::uint64_t>{2, 1, 1, 2}));
}

TEST(NumberFrames, EqualFramesAreFirstInFirstOut) {
  Scene run;
  for (int i = 0; i < 2; ++i) run.event(Side::client, "same");
  for (int i = 0; i < 2; ++i)
    run.seen(Side::client, Direction::outbound, 10 + i, "same")
        .seen(Side::server, Direction::inbound, 20 + i, "same");
  EXPECT_EQ(ids(run.numbered()), (std::vector<std::uint64_t>{1, 2, 1, 2}));
}

TEST(NumberFrames, LostCorruptedAndDuplicatedAreSaidInComments) {
  Scene run;
  WireEvent& lost = run.event(Side::client, "lost");
  lost.dropped = true;
  lost.cause = "drop c>s data#1";
  lost.sent.clear();
  WireEvent& corrupted = run.event(Side::client, "good");
  corrupted.corrupted = true;
  corrupted.corrupt_at = 2;
  corrupted.cause = "corrupt @2";
  corrupted.sent_digest = digest(tracer::as_bytes("go?d"));
  run.event(Side::client, "twice").sent.push_back(Timestamp{});
  run.seen(Side::client, Direction::outbound, 1, "lost")
      .seen(Side::client, Direction::outbound, 2, "good")
      .seen(Side::client, Direction::outbound, 3, "twice");
  run.seen(Side::server, Direction::inbound, 4, "go?d")
      .seen(Side::server, Direction::inbound, 5, "twice")
      .seen(Side::server, Direction::inbound, 6, "twice");
  const RunResult& result = run.numbered();
  EXPECT_EQ(ids(result), (std::vector<std::uint64_t>{1, 2, 3, 2, 3, 3}));
  EXPECT_EQ(result.frames[0].comment, "lost on the wire: drop c>s data#1");
  EXPECT_EQ(result.frames[3].comment, "byte 2 changed on the wire: corrupt @2");
  EXPECT_EQ(result.frames[4].comment, "");
}

TEST(NumberFrames, FrameThatTheWireDoesNotKnowMakesTheRunIncomplete) {
  Scene run;
  run.event(Side::client, "a");
  run.seen(Side::client, Direction::outbound, 1, "other");
  const RunResult& result = run.numbered();
  EXPECT_FALSE(result.complete);
  EXPECT_NE(result.incomplete_because, "");
  EXPECT_FALSE(result.frames[0].packet_id.has_value());
}

TEST(Digest, TellsContentAndLengthApart) {
  const auto of = [](std::string_view text) { return digest(tracer::as_bytes(text)); };
  EXPECT_EQ(of("12345678abc"), of("12345678abc"));
  EXPECT_NE(of("12345678abc"), of("12345678abd"));
  EXPECT_NE(of(std::string_view("ab\0", 3)), of("ab"));
  EXPECT_NE(of("abcdefgh12345678"), of("12345678abcdefgh"));
}

}  // namespace
}  // namespace testbed
