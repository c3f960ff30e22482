#include "labs/testbed/wire_script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tracer/bytes/failure.hpp"

namespace testbed {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

WireRule one(const std::string& script) {
  const auto rules = parse_wire_script(script);
  EXPECT_EQ(rules.size(), 1u) << script;
  return rules.empty() ? WireRule{} : rules[0];
}

TEST(WireScript, EmptyHasNoRules) {
  EXPECT_TRUE(parse_wire_script("").empty());
  EXPECT_TRUE(parse_wire_script(" ; ;\n\t").empty());
}

TEST(WireScript, WordsOfARuleComeInAnyOrder) {
  for (const char* script : {"c>s data#3 drop", "drop c>s data#3", "data#3 c>s drop",
                             "drop data#3 c>s", "  data#3\tdrop  c>s ;"}) {
    const WireRule rule = one(script);
    EXPECT_EQ(rule.way, Way::client_to_server) << script;
    EXPECT_EQ(rule.selector.kind, Selector::Kind::data) << script;
    EXPECT_EQ(rule.selector.first, 3u) << script;
    EXPECT_EQ(rule.selector.last, 3u) << script;
    EXPECT_EQ(rule.action.kind, Action::Kind::drop) << script;
  }
}

TEST(WireScript, EverySelector) {
  using Kind = Selector::Kind;
  const std::pair<const char*, Kind> cases[] = {
      {"syn", Kind::syn},     {"synack", Kind::synack}, {"fin", Kind::fin},   {"rst", Kind::rst},
      {"data#1", Kind::data}, {"ack#2", Kind::ack},     {"udp#3", Kind::udp}, {"any#4", Kind::any}};
  for (const auto& [text, kind] : cases)
    EXPECT_EQ(one(std::string("drop ") + text).selector.kind, kind) << text;
  EXPECT_EQ(one("drop").selector.kind, Kind::every);
}

TEST(WireScript, SelectorWithoutANumberMeansAllOfThem) {
  const WireRule rule = one("drop syn");
  EXPECT_EQ(rule.selector.first, 1u);
  EXPECT_EQ(rule.selector.last, UINT64_MAX);
}

TEST(WireScript, RangeOfCounts) {
  const WireRule rule = one("drop data#2-5");
  EXPECT_EQ(rule.selector.first, 2u);
  EXPECT_EQ(rule.selector.last, 5u);
}

TEST(WireScript, BytesAndWhere) {
  const WireRule bytes = one("drop bytes 1449-2896");
  EXPECT_EQ(bytes.selector.kind, Selector::Kind::bytes);
  EXPECT_EQ(bytes.selector.first, 1449u);
  EXPECT_EQ(bytes.selector.last, 2896u);
  const WireRule where = one("s>c where 'tcp.len > 100; x' dup");
  EXPECT_EQ(where.selector.kind, Selector::Kind::where);
  EXPECT_EQ(where.selector.filter, "tcp.len > 100; x");
  EXPECT_EQ(where.way, Way::server_to_client);
  EXPECT_EQ(where.text, "s>c where 'tcp.len > 100; x' dup");
  EXPECT_EQ(one("drop where \"ip.ttl == 1\"").selector.filter, "ip.ttl == 1");
}

TEST(WireScript, EveryActionAndItsUnits) {
  EXPECT_EQ(one("delay 20ms").action.time, 20ms);
  EXPECT_EQ(one("delay 1.5s").action.time, 1500ms);
  EXPECT_EQ(one("delay 250us").action.time, 250us);
  EXPECT_EQ(one("delay 7ns").action.time, 7ns);
  EXPECT_EQ(one("jitter 3ms").action.time, 3ms);
  EXPECT_EQ(one("corrupt @60").action.count, 60u);
  EXPECT_EQ(one("hold 2").action.count, 2u);
  EXPECT_EQ(one("queue 10").action.count, 10u);
  EXPECT_EQ(one("rate 10Mbit/s").action.count, 10'000'000u);
  EXPECT_EQ(one("rate 64kbit/s").action.count, 64'000u);
  EXPECT_EQ(one("rate 56000").action.count, 56'000u);
  EXPECT_DOUBLE_EQ(one("loss 2.5%").action.probability, 0.025);
  EXPECT_EQ(one("dup").action.kind, Action::Kind::dup);
}

TEST(WireScript, SeveralRulesKeepTheirOwnText) {
  const auto rules = parse_wire_script("delay 20ms; drop c>s data#3 ;loss 1%");
  ASSERT_EQ(rules.size(), 3u);
  EXPECT_EQ(rules[0].text, "delay 20ms");
  EXPECT_EQ(rules[1].text, "drop c>s data#3");
  EXPECT_EQ(rules[2].text, "loss 1%");
}

struct Wrong {
  const char *script, *caret, *says;  // `caret` is the line under the script
};
class WireScriptFault : public testing::TestWithParam<Wrong> {};

TEST_P(WireScriptFault, IsShownWithACaretUnderIt) {
  const Wrong& wrong = GetParam();
  try {
    parse_wire_script(wrong.script);
    FAIL() << "accepted: " << wrong.script;
  } catch (const tracer::Failure& failure) {
    EXPECT_EQ(failure.code, tracer::exit_code::usage);
    EXPECT_THAT(failure.what(), HasSubstr(wrong.says));
    EXPECT_THAT(std::string(failure.what()) + "\n",
                HasSubstr(std::string("\n  ") + wrong.script + "\n  " + wrong.caret + "\n"));
    EXPECT_FALSE(failure.hint.empty());
  }
}

INSTANTIATE_TEST_SUITE_P(
    Scripts, WireScriptFault,
    testing::Values(Wrong{"dorp c>s data#3", "^~~~", "did you mean 'drop'?"},
                    Wrong{"drop c>s dtaa#3", "         ^~~~~~", "did you mean 'data'?"},
                    Wrong{"reorder c>s", "^~~~~~~", "did you mean 'hold 1'?"},
                    Wrong{"duplicate", "^~~~~~~~~", "did you mean 'dup'?"},
                    Wrong{"drop x>s", "     ^~~", "is no direction, selector or action"},
                    Wrong{"c>s data#3", "^~~", "the rule has no action"},
                    Wrong{"drop c>s s>c", "         ^~~", "has a direction already"},
                    Wrong{"drop syn fin", "         ^~~", "has a selector already"},
                    Wrong{"drop dup", "     ^~~", "has an action already"},
                    Wrong{"drop data#x", "     ^~~~~~", "'x' is not a whole number"},
                    Wrong{"drop data#", "     ^~~~~", "is not a whole number"},
                    Wrong{"drop data#-1", "     ^~~~~~~", "is not a whole number"},
                    Wrong{"drop data#0", "     ^~~~~~", "counting starts at 1"},
                    Wrong{"drop data#5-2", "     ^~~~~~~~", "ends before it starts"},
                    Wrong{"drop data#99999999999999999999", "     ^~~~~~~~~~~~~~~~~~~~~~~~~",
                          "is not a whole number"},
                    Wrong{"delay", "^~~~~", "'delay' must be followed by a time"},
                    Wrong{"delay 20", "      ^~", "needs a unit"},
                    Wrong{"delay ms", "      ^~", "does not start with a number"},
                    Wrong{"delay -5ms", "      ^~~~", "does not start with a number"},
                    Wrong{"delay nanms", "      ^~~~~", "does not start with a number"},
                    Wrong{"delay 20parsec", "      ^~~~~~~~", "needs a unit"},
                    Wrong{"delay 2000000s", "      ^~~~~~~~", "more than an hour"},
                    Wrong{"loss 5", "     ^", "from 0% to 100%"},
                    Wrong{"loss 101%", "     ^~~~", "from 0% to 100%"},
                    Wrong{"corrupt", "^~~~~~~", "'corrupt' must be followed by an offset"},
                    Wrong{"corrupt c>s data#6 @60", "^~~~~~~",
                          "'corrupt' must be followed by an offset"},
                    Wrong{"corrupt @x", "        ^~", "is not a whole number"},
                    Wrong{"hold 0", "     ^", "at least 1"},
                    Wrong{"hold", "^~~~", "must be followed by a number of packets"},
                    Wrong{"queue 0", "      ^", "at least 1"},
                    Wrong{"rate 10", "     ^~", "from 1kbit/s"},
                    Wrong{"rate fast", "     ^~~~", "does not start with a number"},
                    Wrong{"rate 10Mbyte/s", "     ^~~~~~~~~", "is no rate"},
                    Wrong{"syn rate 1Mbit/s", "^~~", "for all packets of a direction"},
                    Wrong{"drop bytes", "     ^~~~~", "must be followed by a range"},
                    Wrong{"drop bytes 9-1", "           ^~~", "ends before it starts"},
                    Wrong{"drop where", "     ^~~~~", "must be followed by a display filter"},
                    Wrong{"drop where 'tcp", "           ^~~~", "not closed"},
                    Wrong{"delay 5µs; dorp", "           ^~~~", "did you mean 'drop'?"},
                    Wrong{"delay 20ms; ; dropp", "              ^~~~~", "did you mean 'drop'?"}));

}  // namespace
}  // namespace testbed
