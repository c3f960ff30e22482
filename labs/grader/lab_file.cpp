#include "labs/grader/lab_file.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>

#include "labs/grader/nearest.hpp"
#include "labs/grader/rule_reader.hpp"
#include "labs/grader/toml_reader.hpp"
#include "labs/testbed/wire_script.hpp"
#include "tracer/bytes/failure.hpp"
#include "tracer/fields/filter.hpp"

namespace grader {
namespace {

using tracer::Failure;

class Reader {
 public:
  explicit Reader(const std::filesystem::path& path) : reader_(path) {
    lab_.folder = path.parent_path();
    lab_.name = lab_.folder.filename();
  }

  LabFile read() {
    const toml::table& file = reader_.file();
    reader_.only(file, {"title", "port", "programs", "scenario", "exercise", "myth"});
    lab_.title = reader_.needed(file, "title");
    lab_.port = static_cast<std::uint16_t>(reader_.number(file, "port", 7000, 65'535));
    Scenario plain;
    plain.name = "default";
    if (file.contains("programs") && !file["programs"].is_table())
      reader_.fail(file.get("programs")->source(),
                   "write [programs], and below it server = '…' and client = '…'");
    if (const auto* programs = file["programs"].as_table()) {
      reader_.only(*programs, {"server", "client"});
      plain.server = reader_.text(*programs, "server");
      plain.client = reader_.text(*programs, "client");
    }
    for (const auto* one : reader_.tables(file, "scenario"))
      lab_.scenarios.push_back(scenario(*one, plain));
    if (lab_.scenarios.empty()) lab_.scenarios.push_back(plain);
    for (const auto* one : reader_.tables(file, "exercise"))
      lab_.exercises.push_back(exercise(*one));
    for (const auto* one : reader_.tables(file, "myth")) lab_.myths.push_back(myth(*one));
    return std::move(lab_);
  }

 private:
  Scenario scenario(const toml::table& from, const Scenario& plain) {
    reader_.only(
        from, {"name", "about", "server", "client", "wire", "seed", "fails", "time_limit", "rule"});
    Scenario made = plain;
    made.name = reader_.needed(from, "name");
    for (const Scenario& other : lab_.scenarios)
      if (other.name == made.name)
        reader_.fail(from.get("name")->source(),
                     fmt::format("there is a scenario '{}' already", made.name));
    made.about = reader_.text(from, "about");
    made.server = reader_.text(from, "server", plain.server);
    made.client = reader_.text(from, "client", plain.client);
    made.wire = reader_.text(from, "wire");
    made.seed = reader_.number(from, "seed", 1, std::numeric_limits<std::int64_t>::max());
    made.time_limit = static_cast<unsigned>(reader_.number(from, "time_limit", 30, 600));
    try {
      testbed::parse_wire_script(made.wire);
    } catch (const Failure& failure) {
      reader_.fail(from.get("wire")->source(),
                   fmt::format("not a wire script: {}", failure.what()));
    }
    made.fails = reader_.texts(from, "fails");
    for (const std::string& host : made.fails)
      if (host != "client" && host != "server")
        reader_.fail(from.get("fails")->source(),
                     fmt::format("there is no host '{}'; the hosts are client and server", host));
    for (const auto* one : reader_.tables(from, "rule")) {
      made.rules.push_back(read_rule(reader_, *one));
      for (std::size_t i = 0; i + 1 < made.rules.size(); ++i)
        if (made.rules[i].id == made.rules.back().id)
          reader_.fail(one->get("id")->source(),
                       fmt::format("this scenario has a rule '{}' already", made.rules[i].id));
    }
    return made;
  }

  Exercise exercise(const toml::table& from) {
    reader_.only(from, {"name", "task", "program", "scenarios", "libraries", "wrong", "answers",
                        "question"});
    Exercise made;
    made.name = reader_.needed(from, "name");
    for (const Exercise& other : lab_.exercises)
      if (other.name == made.name)
        reader_.fail(from.get("name")->source(),
                     fmt::format("there is an exercise '{}' already", made.name));
    made.task = reader_.needed(from, "task");
    made.program = reader_.text(from, "program");
    made.answers = reader_.text(from, "answers");
    if (made.program.empty() == made.answers.empty())
      reader_.fail(
          from.source(),
          "an exercise has a program to write, or answers to give: one of 'program' and 'answers'");
    made.scenarios = reader_.texts(from, "scenarios");
    if (made.scenarios.empty())
      reader_.fail(from.source(), "which scenarios grade it? scenarios = ['…']");
    std::size_t rules = 0;
    for (std::size_t i = 0; i < made.scenarios.size(); ++i)
      rules += named(*from["scenarios"].as_array()->get(i), made.scenarios[i]).rules.size();
    for (const auto* one : reader_.tables(from, "question"))
      made.questions.push_back(question(*one));
    if (!made.program.empty() && rules == 0)
      reader_.fail(from.source(),
                   "no scenario of this exercise has a rule: nothing would grade it");
    if (made.program.empty() && made.questions.empty())
      reader_.fail(from.source(), "an exercise with answers has questions: [[exercise.question]]");
    if (made.program.empty() && made.scenarios.size() != 1)
      reader_.fail(from.source(), "questions are about one capture: one scenario");
    made.libraries = reader_.texts(from, "libraries");
    for (const auto* one : reader_.tables(from, "wrong")) made.wrong.push_back(wrong(*one, made));
    return made;
  }

  WrongSolution wrong(const toml::table& from, const Exercise& exercise) {
    reader_.only(from, {"file", "fails", "also", "about"});
    WrongSolution made{reader_.needed(from, "file"), must_fail(from), reader_.texts(from, "also"),
                       reader_.text(from, "about")};
    if (!std::filesystem::exists(lab_.folder / made.file))
      reader_.fail(from.get("file")->source(), "there is no such file in the lab's folder");
    const toml::node& fails = *from.get("fails");
    for (std::size_t i = 0; i < made.fails.size(); ++i)
      check_rule(fails.is_array() ? *fails.as_array()->get(i) : fails, exercise, made.fails[i]);
    for (std::size_t i = 0; i < made.also.size(); ++i)
      check_rule(*from["also"].as_array()->get(i), exercise, made.also[i]);
    return made;
  }

  /// One rule, or several that fail together.
  std::vector<std::string> must_fail(const toml::table& from) const {
    if (!from["fails"].is_array()) return {reader_.needed(from, "fails")};
    std::vector<std::string> ids = reader_.texts(from, "fails");
    if (ids.empty()) reader_.fail(from.get("fails")->source(), "which rule must catch it?");
    return ids;
  }

  void check_rule(const toml::node& node, const Exercise& exercise, const std::string& id) const {
    std::vector<std::string_view> known{rule_that_programs_run};
    for (const std::string& name : exercise.scenarios)
      for (const Scenario& one : lab_.scenarios)
        if (one.name == name)
          for (const Rule& rule : one.rules) known.push_back(rule.id);
    for (const Question& one : exercise.questions) known.push_back(one.id);
    if (std::find(known.begin(), known.end(), id) != known.end()) return;
    const std::string near = nearest(id, known);
    reader_.fail(node.source(),
                 fmt::format("no rule '{}' in this exercise's scenarios; {}", id,
                             near.empty() ? fmt::format("known are {}", fmt::join(known, ", "))
                                          : fmt::format("did you mean '{}'?", near)));
  }

  Question question(const toml::table& from) {
    reader_.only(from, {"id", "ask", "why", "filter", "nth", "field", "part", "points", "hints"});
    Question made;
    made.id = reader_.needed(from, "id");
    made.ask = reader_.needed(from, "ask");
    made.why = reader_.text(from, "why");
    reader_.needed(from, "filter");
    made.filter = reader_.filter(from, "filter");
    made.nth = static_cast<unsigned>(
        std::max<std::uint64_t>(1, reader_.number(from, "nth", 1, 1'000'000)));
    made.field = reader_.needed(from, "field");
    if (!tracer::find_field(made.field)) {
      const auto near = tracer::nearest_field(made.field);
      reader_.fail(from.get("field")->source(),
                   fmt::format("no field '{}'{}", made.field,
                               near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
    }
    made.part =
        static_cast<Question::Part>(reader_.choice(from, "part", {"value", "offset", "length"}));
    made.points = static_cast<unsigned>(reader_.number(from, "points", 1, 1000));
    made.hints = reader_.texts(from, "hints");
    return made;
  }

  Myth myth(const toml::table& from) {
    reader_.only(from, {"claim", "scenario", "verdict", "shows"});
    Myth made{reader_.needed(from, "claim"), reader_.needed(from, "scenario"), false, {}};
    const Scenario& scenario = named(*from.get("scenario"), made.scenario);
    const std::string verdict = reader_.needed(from, "verdict");
    if (verdict != "true" && verdict != "false")
      reader_.fail(from.get("verdict")->source(), "a verdict is \"true\" or \"false\"");
    made.holds = verdict == "true";
    if (from["shows"].is_string())
      made.shows = {reader_.needed(from, "shows")};
    else
      made.shows = reader_.texts(from, "shows");
    if (made.shows.empty())
      reader_.fail(from.source(),
                   "what decides it? shows = 'a rule of the scenario', or a display filter that "
                   "must select a packet");
    for (const std::string& one : made.shows) {
      if (std::ranges::any_of(scenario.rules, [&](const Rule& rule) { return rule.id == one; }))
        continue;
      try {
        tracer::Filter::compile(one);
      } catch (const Failure& failure) {
        reader_.fail(from.get("shows")->source(),
                     fmt::format("'{}' is no rule of scenario '{}', and no display filter: {}", one,
                                 made.scenario, failure.what()));
      }
    }
    return made;
  }

  const Scenario& named(const toml::node& node, const std::string& name) const {
    std::vector<std::string_view> known;
    for (const Scenario& one : lab_.scenarios) {
      if (one.name == name) return one;
      known.push_back(one.name);
    }
    const std::string near = nearest(name, known);
    reader_.fail(node.source(),
                 fmt::format("no scenario '{}'; {}", name,
                             near.empty() ? fmt::format("known are {}", fmt::join(known, ", "))
                                          : fmt::format("did you mean '{}'?", near)));
  }

  TomlReader reader_;
  LabFile lab_;
};

}  // namespace

const Scenario& LabFile::scenario(const std::string& wanted) const {
  if (wanted.empty()) return scenarios.front();
  std::string names;
  for (const Scenario& one : scenarios) {
    if (one.name == wanted) return one;
    names += (names.empty() ? "" : ", ") + one.name;
  }
  throw Failure(tracer::exit_code::usage, fmt::format("{}: no scenario '{}'", name, wanted),
                "it has: " + names);
}

const Exercise& LabFile::exercise(const std::string& wanted) const {
  if (exercises.empty())
    throw Failure(tracer::exit_code::usage, fmt::format("{} has no exercise", name),
                  "wirelab list shows the labs that have");
  if (wanted.empty()) return exercises.front();
  std::string names;
  for (const Exercise& one : exercises) {
    if (one.name == wanted) return one;
    names += (names.empty() ? "" : ", ") + one.name;
  }
  throw Failure(tracer::exit_code::usage, fmt::format("{}: no exercise '{}'", name, wanted),
                "it has: " + names);
}

LabFile read_lab_file(const std::filesystem::path& folder) {
  return Reader(folder / "lab.toml").read();
}

std::vector<std::filesystem::path> find_labs(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> labs;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (std::filesystem::exists(entry.path() / "lab.toml")) labs.push_back(entry.path());
  std::sort(labs.begin(), labs.end());
  return labs;
}

std::filesystem::path find_lab(const std::filesystem::path& folder, const std::string& name) {
  std::string known;
  for (const auto& lab : find_labs(folder)) {
    const std::string one = lab.filename();
    const std::size_t dash = one.find('-');
    if (one == name || one.substr(0, dash) == name ||
        (dash != std::string::npos && one.substr(dash + 1) == name))
      return lab;
    known += (known.empty() ? "" : ", ") + one;
  }
  throw Failure(tracer::exit_code::usage, fmt::format("no lab '{}'", name),
                known.empty() ? "no labs are installed here" : "the labs are: " + known);
}

}  // namespace grader
