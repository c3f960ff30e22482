#include "labs/grader/emit.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "tracer/bytes/failure.hpp"

namespace grader {
namespace {

constexpr std::array<Emitter, 5> emitters{{
    {"gradescope", "json", false, emit_gradescope},
    {"junit", "xml", true, emit_junit},
    {"exercism", "json", false, emit_exercism},
    {"classroom50", "json", false, emit_classroom50},
    {"json", "json", true, emit_json},
}};

}  // namespace

const Emitter& emitter(const std::string& name) {
  for (const Emitter& one : emitters)
    if (name == one.name) return one;
  throw tracer::Failure(tracer::exit_code::usage, fmt::format("'{}' is no format of results", name),
                        fmt::format("there are {}", fmt::join(emitter_names(), ", ")));
}

std::vector<std::string> emitter_names() {
  std::vector<std::string> names;
  for (const Emitter& one : emitters) names.emplace_back(one.name);
  return names;
}

std::string public_name(const ExerciseGrade& grade, const Line& line, unsigned hidden_so_far) {
  if (line.rule->hidden)
    return fmt::format("{} {}: hidden rule {}", grade.lab, grade.exercise, hidden_so_far);
  return fmt::format("{} {}: {}/{}", grade.lab, grade.exercise, line.run->scenario, line.rule->id);
}

std::string emit_json(const std::vector<SubmissionGrade>& grades, Verbosity verbosity) {
  // A submission a line: large classes can be read, compared and joined by line.
  std::string text = "{\"schema\":\"wirelab/grades/v1\",\"submissions\":[";
  for (std::size_t i = 0; i < grades.size(); ++i)
    text.append(i == 0 ? "\n" : ",\n")
        .append(to_json(grades[i], verbosity)
                    .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  return text + "\n]}\n";
}

}  // namespace grader
