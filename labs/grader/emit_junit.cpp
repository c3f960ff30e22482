#include <fmt/format.h>

#include "labs/grader/emit.hpp"

namespace grader {
namespace {

/// For XML 1.0 (§2.2, Char): markup escaped, what may not occur replaced; lines stay lines.
std::string xml(std::string_view text) {
  std::string safe;
  for (const char c : printable_lines(text)) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      default: safe += c;
    }
  }
  return safe;
}

struct Counts {
  unsigned tests = 0, failures = 0, errors = 0;
};

std::string test_case(const std::string& class_name, const std::string& name, Verdict verdict,
                      const std::string& type, const std::string& message, const std::string& text,
                      Counts& counts) {
  ++counts.tests;
  std::string out =
      fmt::format("    <testcase classname=\"{}\" name=\"{}\"", xml(class_name), xml(name));
  if (verdict == Verdict::pass && text.empty()) return out + "/>\n";
  if (verdict == Verdict::pass)
    return out + fmt::format(">\n      <system-out>{}</system-out>\n    </testcase>\n", xml(text));
  const char* element = verdict == Verdict::fail ? "failure" : "error";
  ++(verdict == Verdict::fail ? counts.failures : counts.errors);
  return out +
         fmt::format(">\n      <{0} type=\"{1}\" message=\"{2}\">{3}</{0}>\n    </testcase>\n",
                     element, xml(type), xml(message), xml(text));
}

std::string suite(const SubmissionGrade& grade, const ExerciseGrade& exercise, Verbosity verbosity,
                  Counts& total) {
  Counts counts;
  const std::string class_name =
      fmt::format("{}.{}.{}", grade.name, exercise.lab, exercise.exercise);
  std::string cases;
  unsigned hidden = 0;
  for (const Line& line : lines_of(exercise)) {
    const RuleResult& rule = *line.rule;
    hidden += rule.hidden;
    const std::string name = rule.hidden ? fmt::format("hidden rule {}", hidden)
                                         : fmt::format("{}/{}", line.run->scenario, rule.id);
    const bool tell = !rule.hidden && verbosity != Verbosity::none;
    cases += test_case(class_name, name, rule.verdict, rule.hidden ? "hidden" : rule.id,
                       tell ? rule.seen : "", rule.hidden ? "" : evidence(line, verbosity), counts);
  }
  if (exercise.runs.empty())
    cases += test_case(class_name, exercise.exercise, exercise.verdict, "not-run", exercise.because,
                       verbosity == Verbosity::full ? exercise.compiler : "", counts);
  double seconds = 0;
  for (const RunRecord& run : exercise.runs) seconds += run.seconds;
  std::string out = fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"0\"",
      xml(class_name), counts.tests, counts.failures, counts.errors);
  if (verbosity == Verbosity::full) {
    out += fmt::format(" time=\"{:.3f}\"", seconds);
    if (!exercise.runs.empty())
      out += fmt::format(" timestamp=\"{}\"", xml(exercise.runs.front().started));
  }
  out += fmt::format(
      ">\n    <properties>\n      <property name=\"points\" value=\"{}\"/>\n      <property "
      "name=\"earned\" value=\"{}\"/>\n    </properties>\n{}",
      exercise.of, exercise.earned(), cases);
  if (verbosity == Verbosity::full)
    for (const RunRecord& run : exercise.runs)
      for (const ProgramRecord& program : run.programs)
        if (program.under_test && !program.output.empty())
          out += fmt::format("    <system-out>{}</system-out>\n", xml(program.output));
  total.tests += counts.tests;
  total.failures += counts.failures;
  total.errors += counts.errors;
  return out + "  </testsuite>\n";
}

}  // namespace

std::string emit_junit(const std::vector<SubmissionGrade>& grades, Verbosity verbosity) {
  Counts total;
  std::string suites;
  for (const SubmissionGrade& grade : grades)
    for (const ExerciseGrade& exercise : grade.exercises)
      suites += suite(grade, exercise, verbosity, total);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"wirelab\" tests=\"{}\" "
      "failures=\"{}\" errors=\"{}\">\n{}</testsuites>\n",
      total.tests, total.failures, total.errors, suites);
}

}  // namespace grader
