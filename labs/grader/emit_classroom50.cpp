#include <fmt/chrono.h>
#include <fmt/format.h>

#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>
#include <set>

#include "labs/grader/emit.hpp"

namespace grader {
namespace {

using nlohmann::ordered_json;

std::string from_runner(const char* name, const std::string& otherwise) {
  const char* value = std::getenv(name);
  return value && *value ? value : otherwise;
}

/// The format demands a time. Whoever wants the same file each time sets SOURCE_DATE_EPOCH, seconds since 1970.
std::time_t time_of_grading() {
  const std::string fixed = from_runner("SOURCE_DATE_EPOCH", "");
  std::int64_t seconds = 0;
  const auto [end, fault] = std::from_chars(fixed.data(), fixed.data() + fixed.size(), seconds);
  constexpr std::int64_t end_of_9999 = 253'402'300'799;  // the format's years have four digits
  const bool good = fault == std::errc() && end == fixed.data() + fixed.size() && seconds >= 0 &&
                    seconds <= end_of_9999;
  return good ? static_cast<std::time_t>(seconds) : std::time(nullptr);
}

constexpr std::size_t longest_name = 100;  // bytes

/// Names tell tests apart, so no two may be the same.
std::string unique(std::string name, std::set<std::string>& taken) {
  name.resize(std::min(name.size(), longest_name));
  std::string made = name;
  for (int n = 2; !taken.insert(made).second; ++n) {
    const std::string tail = fmt::format(" ({})", n);
    made = name.substr(0, longest_name - tail.size()) + tail;
  }
  return made;
}

}  // namespace

std::string emit_classroom50(const std::vector<SubmissionGrade>& grades, Verbosity) {
  const SubmissionGrade& grade = grades.at(0);
  const std::string lab = grade.exercises.empty() ? "wirelab" : grade.exercises.front().lab;
  ordered_json tests = ordered_json::array();
  std::set<std::string> taken;
  unsigned score = 0, most = 0;
  const auto add = [&](const std::string& name, bool passed, unsigned earned, unsigned points) {
    tests.push_back({{"test-name", unique(name, taken)},
                     {"passed", passed},
                     {"score", earned},
                     {"max-score", points}});
    score += earned;
    most += points;
  };
  for (const ExerciseGrade& one : grade.exercises) {
    unsigned hidden = 0;
    for (const Line& line : lines_of(one)) {
      hidden += line.rule->hidden;
      add(public_name(one, line, hidden), line.rule->verdict == Verdict::pass, line.rule->earned(),
          line.rule->points);
    }
    if (one.runs.empty())
      add(fmt::format("{} {}: {}", one.lab, one.exercise, one.because),
          one.verdict == Verdict::pass, 0, one.of);
  }
  const std::string here =
      "https://localhost/" + grade.name;  // outside the runner nothing has an address
  const std::string commit = from_runner("COMMIT_URL", here);
  const ordered_json json{
      {"schema", "classroom50/result/v1"},
      {"classroom", from_runner("CLASSROOM", "wirelab")},
      {"assignment", from_runner("ASSIGNMENT", lab)},
      {"assignment_type",
       from_runner("ASSIGNMENT_TYPE", from_runner("MODE", "")) == "group" ? "group" : "individual"},
      {"owner", from_runner("OWNER", from_runner("USERNAME", grade.name))},
      {"submission", from_runner("SUBMISSION_TAG", "submit/" + grade.name)},
      {"commit", commit},
      {"release", from_runner("RELEASE_URL", here)},
      {"review", from_runner("REVIEW_URL", commit)},
      {"datetime", fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(time_of_grading()))},
      {"score", score},
      {"max-score", most},
      {"tests", tests}};
  return json.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace grader
