// A ladder told again and again: only what is new is said.
#include "tracer/live/ladder_events.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/story.hpp"

namespace tracer {
namespace {

using namespace support;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::vector<std::string> script = {
    "0.000-0.010  client > server  S   1000:1000(0)",
    "0.010-0.020  server > client  S.  5000:5000(0) ack 1001",
    "0.020-0.030  client > server  .   1001:1001(0) ack 5001",
};

std::vector<Ladder> ladders_after(std::size_t lines) {
  return {ladder_of({script.begin(), script.begin() + static_cast<std::ptrdiff_t>(lines)})};
}

TEST(LadderEvents, FirstWhoTalksThenWhatTheySay) {
  LadderEvents events{TextStyle{}};
  const auto first = events.changes(ladders_after(2));
  ASSERT_THAT(first, SizeIs(2));
  EXPECT_THAT(first[0], AllOf(HasSubstr("\"type\":\"conversation\""),
                              HasSubstr("client 10.0.0.1:40000"), HasSubstr("\"two_ended\":true")));
  EXPECT_THAT(first[1], AllOf(HasSubstr("\"type\":\"rows\""), HasSubstr("\"n\":1,"),
                              HasSubstr("\"n\":2,"), HasSubstr("[SYN,ACK]")));
}

TEST(LadderEvents, WhatIsKnownIsNotSaidAgain) {
  LadderEvents events{TextStyle{}};
  events.changes(ladders_after(2));
  EXPECT_THAT(events.changes(ladders_after(2)), IsEmpty());
  const auto more = events.changes(ladders_after(3));
  ASSERT_THAT(more, SizeIs(1));
  EXPECT_THAT(more[0], AllOf(HasSubstr("\"n\":3,"), Not(HasSubstr("\"n\":1,"))));
}

TEST(LadderEvents, ARowThatTurnsOutDifferentIsSaidAnew) {
  LadderEvents events{TextStyle{}};
  auto ladders = ladders_after(3);
  events.changes(ladders);
  ladders[0].rows[1].fate = Fate::lost;
  ladders[0].rows[1].notes.push_back({Note::Kind::lost, 0, 0, {}, "drop synack#1"});
  const auto changed = events.changes(ladders);
  ASSERT_THAT(changed, SizeIs(1));
  EXPECT_THAT(changed[0], AllOf(HasSubstr("\"n\":2,"), HasSubstr("lost\","),
                                HasSubstr("\"role\":\"lost\""), Not(HasSubstr("\"n\":3,"))));
}

TEST(LadderEvents, BegunAgainAllIsNew) {
  LadderEvents events{TextStyle{}};
  events.changes(ladders_after(2));
  events.begin_again();
  EXPECT_THAT(events.changes(ladders_after(2)), SizeIs(2));
}

TEST(LadderEvents, HostileNamesStayStrings) {
  auto ladders = ladders_after(1);
  ladders[0].names[0] = "</script>\"\n\x1b[0m";
  LadderEvents events{TextStyle{}};
  const auto said = events.changes(ladders);
  EXPECT_THAT(said[0], AllOf(Not(HasSubstr("<")), Not(HasSubstr("\n")), Not(HasSubstr("\x1b")),
                             HasSubstr("\\u003c/script>\\\"")));
}

}  // namespace
}  // namespace tracer
