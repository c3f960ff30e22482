// lab.toml: what is read, and what is said about mistakes.
#include "labs/grader/lab_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tracer/bytes/failure.hpp"

namespace grader {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class LabToml : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) / ("lab-" + std::to_string(getpid())) / "07-example";
    fs::create_directories(folder_ / "wrong");
    std::ofstream(folder_ / "wrong/server_bad.cpp") << "int main() {}\n";
  }
  void TearDown() override { fs::remove_all(folder_.parent_path()); }

  LabFile read(const std::string& text) {
    std::ofstream(folder_ / "lab.toml") << text;
    return read_lab_file(folder_);
  }
  /// What is said about a lab whose only rule has this line.
  std::string fault_of_rule(const std::string& line) {
    return fault(
        "title = 'T'\n[[scenario]]\nname = 'one'\n[[scenario.rule]]\nid = 'r'\nwhy = 'w'\n" + line +
        "\n");
  }
  std::string fault(const std::string& text) {
    try {
      read(text);
    } catch (const tracer::Failure& failure) {
      EXPECT_EQ(failure.code, tracer::exit_code::usage);
      return failure.what();
    }
    return "no fault";
  }

  fs::path folder_;
};

TEST_F(LabToml, IsReadWhole) {
  const LabFile lab = read(R"toml(
title = "Example"
port = 7007
[programs]
server = "server {port}"
client = "client server {port}"
[[scenario]]
name = "one"
wire = "delay 10ms"
seed = 9
[[scenario.rule]]
id = "half"
holds = "half_close(client)"
points = 3
why = "because"
hints = ["a", "b", "c"]
[[scenario.rule]]
id = "two-requests"
count = { filter = 'http.request', at_least = 2, scope = "some", at = "server" }
why = "because"
[[scenario]]
name = "two"
server = ""
fails = ["client"]
[[exercise]]
name = "server"
task = "Write it."
program = "server"
scenarios = ["one"]
[[exercise.wrong]]
file = "wrong/server_bad.cpp"
fails = "half"
also = ["runs"]
[[myth]]
claim = "c"
scenario = "one"
verdict = "false"
shows = ["half", 'tcp.flags.reset == 1']
)toml");
  EXPECT_EQ(lab.name, "07-example");
  ASSERT_EQ(lab.scenarios.size(), 2u);
  EXPECT_EQ(lab.scenarios[0].seed, 9u);
  EXPECT_EQ(lab.scenarios[1].server, "");
  EXPECT_EQ(lab.scenarios[1].client, "client server {port}");
  const Rule& half = lab.scenarios[0].rules.at(0);
  EXPECT_EQ(half.points, 3u);
  EXPECT_EQ(half.hints.size(), 3u);
  EXPECT_EQ(std::get<Property>(half.demand).arguments, std::vector<std::string>{"client"});
  const Count& count = std::get<Count>(lab.scenarios[0].rules.at(1).demand);
  EXPECT_EQ(count.packets.scope, Scope::some);
  EXPECT_EQ(count.packets.at, Place::server);
  EXPECT_TRUE(count.amount.holds(2));
  EXPECT_FALSE(count.amount.holds(1));
  EXPECT_EQ(lab.exercise("").wrong.at(0).also, std::vector<std::string>{"runs"});
  EXPECT_FALSE(lab.myths.at(0).holds);
}

TEST_F(LabToml, ShowsLineAndCaretUnderTheFault) {
  const std::string said = fault("title = 'T'\n  [[scenario]]\n  nane = 'one'\n");
  EXPECT_THAT(said, HasSubstr("lab.toml:3:3: 'nane' is not known here; did you mean 'name'?"));
  EXPECT_THAT(said, HasSubstr("\n    nane = 'one'\n    ^"));
}

TEST_F(LabToml, NamesTheFaultOfARule) {
  for (const auto& [line, words] : std::initializer_list<std::pair<const char*, const char*>>{
           {"", "demands nothing"},
           {"holds = 'one_syn'\nnever = 'tcp'", "a rule demands one thing: 'holds' or 'never'"},
           {"holds = 'half_clos(client)'", "did you mean 'half_close'?"},
           {"holds = 'half_close'", "write half_close(client) or half_close(server)"},
           {"holds = 'half_close(me)'", "'me' does not fit here"},
           {"holds = 'keeps_connection(0)'", "write keeps_connection(2)"},
           {"holds = 'orderly_close(client)'", "takes nothing in parentheses"},
           {"holds = 'half_close(client'", "not closed"},
           {"never = 'tcp.flgs == 1'", "not a display filter"},
           {"never = ''", "needed here"},
           {"count = { filter = 'tcp' }", "how many?"},
           {"count = { filter = 'tcp', equals = 1, at_most = 3 }", "leaves nothing"},
           {"count = { filter = 'tcp', at_least = 4, at_most = 3 }", "no number is both"},
           {"count = { filter = 'tcp', equals = -1 }", "a number from 0"},
           {"count = { filter = 'tcp', equals = 1, scope = 'all' }", "one of trace, each, some"},
           {"order = ['tcp']", "two filters at least"},
           {"order = ['tcp', 'udp.prt']", "not a display filter"},
           {"pause = { after = 'udp', before = 'udp', at_least = '3 apples' }", "no time"},
           {"stream_equals = { from = 'server' }", "equal to what?"},
           {"stream_matches = { from = 'server', pattern = '(a' }", "not a regular expression"},
           {"stream_matches = { from = 'srv', pattern = 'a' }", "there is no host 'srv'"},
           {"stdout = { host = 'client' }", "give one of equals"},
           {"exit = { host = 'client' }", "give equals = STATUS or fails = true"},
           {"exit = 0", "takes a table"},
           {"hidden = 'yes'\nholds = 'one_syn'", "true or false"},
           {"points = '2'\nholds = 'one_syn'", "a number"},
       }) {
    const std::string said = fault_of_rule(line);
    EXPECT_THAT(said, HasSubstr(words)) << line;
    EXPECT_THAT(said, testing::MatchesRegex("(.|\n)*lab.toml:[0-9]+:[0-9]+: (.|\n)*\\^")) << line;
  }
}

TEST_F(LabToml, WhatIsReferredToMustBeThere) {
  const std::string rule =
      "title = 'T'\n[[scenario]]\nname = 'one'\n[[scenario.rule]]\nid = 'r'\nwhy = 'w'\nholds = "
      "'one_syn'\n";
  const std::string exercise = "[[exercise]]\nname = 'e'\ntask = 't'\nprogram = 'server'\n";
  EXPECT_THAT(fault(rule + exercise), HasSubstr("which scenarios grade it?"));
  EXPECT_THAT(fault(rule + exercise + "scenarios = ['onee']\n"), HasSubstr("did you mean 'one'?"));
  EXPECT_EQ(fault(rule + exercise + "scenarios = ['one']\n"), "no fault");
  EXPECT_THAT(
      fault(rule + exercise +
            "scenarios = ['one']\n[[exercise.wrong]]\nfile = 'wrong/no.cpp'\nfails = 'r'\n"),
      HasSubstr("no such file"));
  EXPECT_THAT(
      fault(
          rule + exercise +
          "scenarios = ['one']\n[[exercise.wrong]]\nfile = 'wrong/server_bad.cpp'\nfails = 's'\n"),
      HasSubstr("no rule 's'"));
  EXPECT_THAT(fault(rule + exercise +
                    "scenarios = ['one']\n[[exercise.wrong]]\nfile = 'wrong/server_bad.cpp'\nfails "
                    "= ['r', 's']\n"),
              HasSubstr("no rule 's'"));
  EXPECT_THAT(
      fault(rule + exercise +
            "scenarios = ['one']\n[[exercise.wrong]]\nfile = 'wrong/server_bad.cpp'\nfails = []\n"),
      HasSubstr("which rule"));
  EXPECT_THAT(
      fault("title = 'T'\n[[scenario]]\nname = 'one'\n" + exercise + "scenarios = ['one']\n"),
      HasSubstr("nothing would grade it"));
  EXPECT_THAT(fault(rule + "[[scenario]]\nname = 'one'\n"), HasSubstr("already"));
  EXPECT_THAT(fault("title = 'T'\n[[scenario]]\nname = 'one'\n[[scenario.rule]]\nid = 'runs'\nwhy "
                    "= 'w'\nholds = 'one_syn'\n"),
              HasSubstr("a rule 'runs' already"));
  EXPECT_THAT(fault(rule + exercise + "scenarios = ['one']\n" + exercise + "scenarios = ['one']\n"),
              HasSubstr("an exercise 'e' already"));
  EXPECT_THAT(fault(rule + "[[myth]]\nclaim = 'c'\nscenario = 'one'\nverdict = 'false'\nshows = "
                           "'is this a filter'\n"),
              HasSubstr("no display filter"));
  EXPECT_THAT(fault("title = 'T'\n[[scenario]]\nname = 'one'\nwire = 'dorp syn'\n"),
              HasSubstr("not a wire script"));
}

TEST_F(LabToml, AFileThatIsNoTomlIsShownToo) {
  EXPECT_THAT(fault("title = \n"), HasSubstr("lab.toml:1:"));
  EXPECT_THAT(fault("title = 'T'\nscenario = 3\n"), HasSubstr("[[scenario]]"));
  EXPECT_THAT(fault(""), HasSubstr("lab.toml:1:1: 'title' is needed"));
  EXPECT_THAT(fault("title = ''\n"), HasSubstr("lab.toml:1:9: 'title' is needed"));
  EXPECT_THAT(fault("title = 'T'\nprograms = 'server'\n"), HasSubstr("write [programs]"));
  EXPECT_THAT(fault("title = 'T' \x1b[31m\n"), testing::Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace grader
