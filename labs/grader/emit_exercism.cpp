#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "labs/grader/emit.hpp"

namespace grader {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t most_message = 65'535, most_output = 500;  // characters, by the interface

/// Cut so that no character is halved; the interface counts characters, we bytes, which are never fewer.
std::string cut(std::string text, std::size_t most, const std::string& note) {
  if (text.size() <= most) return text;
  std::size_t end = most - note.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return text.substr(0, end) + note;
}

std::string printed_by_program(const RunRecord& run) {
  for (const ProgramRecord& program : run.programs)
    if (program.under_test)
      return cut(printable_lines(program.output), most_output,
                 " Output was truncated. Please limit to 500 chars");
  return {};
}

ordered_json test(const ExerciseGrade& grade, const Line& line, unsigned hidden,
                  Verbosity verbosity) {
  const RuleResult& rule = *line.rule;
  const Verdict verdict = rule.verdict;
  ordered_json json{{"name", public_name(grade, line, hidden)},
                    {"status", verdict == Verdict::pass   ? "pass"
                               : verdict == Verdict::fail ? "fail"
                                                          : "error"}};
  const std::string message = rule.hidden ? "" : evidence(line, verbosity);
  json["message"] = verdict == Verdict::pass || message.empty()
                        ? ordered_json(nullptr)
                        : ordered_json(cut(message, most_message, " …"));
  if (verbosity == Verbosity::full)
    if (const std::string printed = printed_by_program(*line.run); !printed.empty())
      json["output"] = printed;
  if (!rule.hidden) json["test_code"] = rule.wanted.empty() ? rule.id : rule.wanted;
  json["task_id"] = grade.task;
  return json;
}

}  // namespace

std::string emit_exercism(const std::vector<SubmissionGrade>& grades, Verbosity verbosity) {
  const SubmissionGrade& grade = grades.at(0);
  ordered_json tests = ordered_json::array();
  std::string never_ran;
  bool any_ran = false;
  for (const ExerciseGrade& one : grade.exercises) {
    unsigned hidden = 0;
    for (const Line& line : lines_of(one)) {
      hidden += line.rule->hidden;
      tests.push_back(test(one, line, hidden, verbosity));
      any_ran = true;
    }
    if (!one.runs.empty()) continue;
    const std::string said = fmt::format("{} {}: {}\n{}", one.lab, one.exercise, one.because,
                                         printable_lines(one.compiler));
    tests.push_back({{"name", fmt::format("{} {}", one.lab, one.exercise)},
                     {"status", "error"},
                     {"message", cut(said, most_message, " …")},
                     {"task_id", one.task}});
    never_ran += said;
  }
  ordered_json json{{"version", 3}, {"status", "pass"}, {"message", nullptr}};
  if (!any_ran) {
    json["status"] = "error";
    json["message"] =
        cut(never_ran.empty() ? "nothing was handed in" : never_ran, most_message, " …");
    tests = ordered_json::array();
  } else if (grade.verdict() != Verdict::pass) {
    json["status"] = "fail";
  }
  json["tests"] = std::move(tests);
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace grader
