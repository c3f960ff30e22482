// Sequence diagrams as text: every line is one that the language has, whatever the packets hold.
#include "tracer/render/documents.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <sstream>

#include "tests/support/story.hpp"

namespace tracer {
namespace {

using support::ladder_of;
using testing::HasSubstr;
using testing::Not;

/// The lines that no rule of the grammar knows.
std::string strange_lines(const std::string& text, const std::vector<std::string>& grammar) {
  std::istringstream lines(text);
  std::string line, strange;
  while (std::getline(lines, line)) {
    bool known = false;
    for (const std::string& rule : grammar)
      known = known || std::regex_match(line, std::regex(rule));
    if (!known) strange += line + "\n";
  }
  return strange;
}
// Text of Mermaid: no statement's end, no comment, no markup; # only begins a numbered entity.
const std::string mermaid_words = "([^#;<>&\"%`{}$\\\\]|#[0-9]+;)*";
const std::vector<std::string> mermaid_grammar{
    "sequenceDiagram", "  participant [LR] as " + mermaid_words + "(<br/>" + mermaid_words + ")?",
    "  [LR](->>|-->>|-x)[LR]: [0-9]+ " + mermaid_words, "  Note over L,R: " + mermaid_words};
const std::string plantuml_words = "([^<>\"\\\\~%$!&#@{}|^'*`_]|<U\\+[0-9A-F]{4}>)*";
const std::vector<std::string> plantuml_grammar{
    "@startuml", "@enduml",
    "participant \"" + plantuml_words + "(\\\\n" + plantuml_words + ")?\" as [LR]",
    "[LR] (->|-->|->x) [LR] : [0-9]+ " + plantuml_words, "note over L, R : " + plantuml_words};

Ladder hostile() {
  Ladder ladder = ladder_of({"0.000-0.020+0.021  client > server  P.  1001:1101(100) ack 1",
                             "0.001-lost  client > server  P.  1101:1201(100) ack 1",
                             "0.300-0.320  client > server  P.  1101:1201(100) ack 1"});
  ladder.names[0] = "end; <b>#x</b>\n\"\\n";
  ladder.names[1] = "!include /etc/passwd";
  ladder.rows[0].label.text = "%%{init: {}}%% \x1b[31m $x$ #35; **b** __u__ -- [[l]] <&z>";
  ladder.rows[2].label.message = "DNS query A a;b#c\n\"<d>\x1b end";
  ladder.rows[1].label.text = "'; loop forever\xe2\x80\xae";
  return ladder;
}

TEST(Mermaid, EveryLineIsInTheGrammarWhateverThePacketsHold) {
  EXPECT_EQ(strange_lines(mermaid(hostile(), {}), mermaid_grammar), "");
}
TEST(PlantUml, EveryLineIsInTheGrammarWhateverThePacketsHold) {
  const std::string text = plantuml(hostile(), {});
  EXPECT_EQ(strange_lines(text, plantuml_grammar), "");
  EXPECT_THAT(text, Not(HasSubstr("__")));
  EXPECT_THAT(text, Not(HasSubstr("[[")));
}

TEST(Mermaid, LossesEndAtACrossAndDuplicatesComeAgain) {
  const std::string text = mermaid(hostile(), {});
  EXPECT_THAT(text, HasSubstr("L-xR: 2 [PSH,ACK]"));
  EXPECT_THAT(text, HasSubstr("L-->>R: 1 again: a duplicate"));
  EXPECT_THAT(text, HasSubstr("retransmit of #35;2"));
}

TEST(Mermaid, LikeRowsFoldAndLongConversationsEnd) {
  std::vector<std::string> script;
  for (int i = 0; i < 20; ++i)
    script.push_back(fmt::format("{:.6f}  client > server  .   {}:{}(100) ack 5001", 0.001 * i,
                                 1001 + 100 * i, 1101 + 100 * i));
  EXPECT_THAT(mermaid(ladder_of(script), {}), HasSubstr("  Note over L,R: ⋮ 18 more\n"));
  script.clear();
  for (int i = 0; i < 600; ++i)
    script.push_back(i % 2 ? fmt::format("{:.6f}  server > client  .   5001:5001(0) ack {}",
                                         0.001 * i, 1051 + 50 * i)
                           : fmt::format("{:.6f}  client > server  .   {}:{}(100) ack 5001",
                                         0.001 * i, 1001 + 50 * i, 1101 + 50 * i));
  const std::string text = mermaid(ladder_of(script), {});
  EXPECT_THAT(text, HasSubstr("350 more packets"));
  EXPECT_LT(text.size(), 50'000u);
}

}  // namespace
}  // namespace tracer
