#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "labs/grader/emit.hpp"

namespace grader {
namespace {

using nlohmann::ordered_json;

/// One that was never run is one test with all its points.
ordered_json whole_exercise(const ExerciseGrade& grade, Verbosity verbosity) {
  std::string output = grade.because;
  if (verbosity == Verbosity::full && !grade.compiler.empty())
    output += "\n\n" + printable_lines(grade.compiler);
  return {{"name", fmt::format("{} {}", grade.lab, grade.exercise)},
          {"score", 0.0},
          {"max_score", static_cast<double>(grade.of)},
          {"status", "failed"},
          {"output", output},
          {"output_format", "text"},
          {"visibility", "visible"},
          {"tags", {grade.lab}}};
}

ordered_json one_rule(const ExerciseGrade& grade, const Line& line, Verbosity verbosity) {
  // The teacher sees hidden tests with all they say; learners do not see them at all.
  const RuleResult& rule = *line.rule;
  return {
      {"name", fmt::format("{} {}: {}/{}", grade.lab, grade.exercise, line.run->scenario, rule.id)},
      {"score", static_cast<double>(rule.earned())},
      {"max_score", static_cast<double>(rule.points)},
      {"status", rule.verdict == Verdict::pass ? "passed" : "failed"},
      {"output", evidence(line, verbosity)},
      {"output_format", "text"},
      {"visibility", rule.hidden ? "hidden" : "visible"},
      {"tags", {grade.lab, line.run->scenario}}};
}

}  // namespace

std::string emit_gradescope(const std::vector<SubmissionGrade>& grades, Verbosity verbosity) {
  const SubmissionGrade& grade = grades.at(0);
  ordered_json tests = ordered_json::array();
  double seconds = 0;
  std::string trouble;
  for (const ExerciseGrade& one : grade.exercises) {
    const std::vector<Line> lines = lines_of(one);
    if (lines.empty()) tests.push_back(whole_exercise(one, verbosity));
    for (const Line& line : lines) tests.push_back(one_rule(one, line, verbosity));
    for (const RunRecord& run : one.runs) seconds += run.seconds;
    if (one.verdict == Verdict::inconclusive)
      trouble +=
          fmt::format("{} {} could not be decided, through no fault of yours: submit it again.\n",
                      one.lab, one.exercise);
  }
  ordered_json json{
      {"score", static_cast<double>(grade.earned())},
      {"output", fmt::format("{}{} of {} points", trouble, grade.earned(), grade.of())},
      {"output_format", "text"},
      {"visibility", "visible"},
      {"stdout_visibility", "hidden"},
      {"extra_data", {{"verdict", name(grade.verdict())}, {"submission", grade.name}}}};
  if (verbosity == Verbosity::full) json["execution_time"] = static_cast<int>(seconds + 0.5);
  json["tests"] = std::move(tests);
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace grader
