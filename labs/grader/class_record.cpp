#include "labs/grader/class_record.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "tracer/bytes/failure.hpp"
#include "tracer/render/text.hpp"

namespace grader {
namespace {

using nlohmann::ordered_json;

template <class T>
T value(const ordered_json& json, const char* key) {
  return json.value(key, T{});
}

Verdict verdict_named(const std::string& word) {
  for (const Verdict one : {Verdict::pass, Verdict::fail, Verdict::inconclusive})
    if (word == name(one)) return one;
  throw tracer::Failure(tracer::exit_code::failed,
                        "'" + word + "' is no verdict: this is no file of grades");
}

/// Without what another run of the same program would not repeat: times, ports, packet numbers.
ordered_json short_run(const RunRecord& run, Verbosity verbosity) {
  ordered_json json{{"scenario", run.scenario},
                    {"seed", run.seed},
                    {"verdict", name(run.verdict)},
                    {"points", run.points()},
                    {"earned", run.earned()}};
  ordered_json rules = ordered_json::array();
  for (const RuleResult& rule : run.rules) {
    ordered_json one{{"id", rule.id},
                     {"verdict", name(rule.verdict)},
                     {"points", rule.points},
                     {"earned", rule.earned()},
                     {"hidden", rule.hidden}};
    if (verbosity != Verbosity::none)
      one.update(
          {{"wanted", rule.wanted}, {"seen", rule.seen}, {"why", rule.why}, {"note", rule.note}});
    rules.push_back(std::move(one));
  }
  json["rules"] = std::move(rules);
  if (verbosity != Verbosity::none && !run.because.empty()) json["because"] = run.because;
  return json;
}

RunRecord run_from_json(const ordered_json& json) {
  if (json.contains("version")) return record_from_json(json);
  RunRecord run;
  run.scenario = value<std::string>(json, "scenario");
  run.seed = value<std::uint64_t>(json, "seed");
  run.verdict = verdict_named(value<std::string>(json, "verdict"));
  run.because = value<std::string>(json, "because");
  for (const ordered_json& one : json.at("rules")) {
    RuleResult rule;
    rule.id = value<std::string>(one, "id");
    rule.verdict = verdict_named(value<std::string>(one, "verdict"));
    rule.points = value<unsigned>(one, "points");
    rule.hidden = value<bool>(one, "hidden");
    rule.wanted = value<std::string>(one, "wanted");
    rule.seen = value<std::string>(one, "seen");
    rule.why = value<std::string>(one, "why");
    rule.note = value<std::string>(one, "note");
    run.rules.push_back(std::move(rule));
  }
  return run;
}

}  // namespace

unsigned ExerciseGrade::earned() const {
  return std::accumulate(runs.begin(), runs.end(), 0u,
                         [](unsigned sum, const RunRecord& run) { return sum + run.earned(); });
}

Verdict SubmissionGrade::verdict() const {
  if (exercises.empty()) return Verdict::fail;
  Verdict worst = Verdict::pass;
  for (const ExerciseGrade& one : exercises) worst = worse(worst, one.verdict);
  return worst;
}
unsigned SubmissionGrade::earned() const {
  return std::accumulate(exercises.begin(), exercises.end(), 0u,
                         [](unsigned sum, const ExerciseGrade& one) { return sum + one.earned(); });
}
unsigned SubmissionGrade::of() const {
  return std::accumulate(exercises.begin(), exercises.end(), 0u,
                         [](unsigned sum, const ExerciseGrade& one) { return sum + one.of; });
}

std::vector<Line> lines_of(const ExerciseGrade& grade) {
  std::vector<Line> lines;
  for (const RunRecord& run : grade.runs)
    for (const RuleResult& rule : run.rules) lines.push_back({&run, &rule});
  return lines;
}

std::string evidence(const Line& line, Verbosity verbosity) {
  if (verbosity == Verbosity::none) return {};
  std::string text;
  const auto add = [&text](const char* label, const std::string& words) {
    if (!words.empty()) text.append(label).append(printable_lines(words)).append("\n");
  };
  const RuleResult& rule = *line.rule;
  add("note:   ", rule.note);
  if (rule.verdict == Verdict::pass) return text;
  if (rule.verdict == Verdict::inconclusive) add("inconclusive: ", line.run->because);
  add("wanted: ", rule.wanted);
  add("seen:   ", rule.seen);
  add("why:    ", rule.why);
  add("means:  ", rule.reason);
  add("repair: ", rule.repair);
  if (verbosity == Verbosity::full && !rule.ladder.empty()) text.append("\n").append(rule.ladder);
  return text;
}

std::string printable_lines(std::string_view text) {
  std::string safe;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    safe += tracer::printable(text.substr(at, end - at));
    if (end < text.size()) safe += '\n';
    at = end + 1;
  }
  return safe;
}

ordered_json to_json(const SubmissionGrade& grade, Verbosity verbosity) {
  ordered_json json{{"submission", grade.name},
                    {"verdict", name(grade.verdict())},
                    {"points", grade.of()},
                    {"earned", grade.earned()}};
  ordered_json exercises = ordered_json::array();
  for (const ExerciseGrade& one : grade.exercises) {
    ordered_json entry{{"lab", one.lab},   {"exercise", one.exercise},     {"task", one.task},
                       {"file", one.file}, {"verdict", name(one.verdict)}, {"because", one.because},
                       {"points", one.of}, {"earned", one.earned()}};
    if (verbosity == Verbosity::full && !one.compiler.empty()) entry["compiler"] = one.compiler;
    ordered_json runs = ordered_json::array();
    for (const RunRecord& run : one.runs)
      runs.push_back(verbosity == Verbosity::full ? to_json(run) : short_run(run, verbosity));
    entry["runs"] = std::move(runs);
    exercises.push_back(std::move(entry));
  }
  json["exercises"] = std::move(exercises);
  return json;
}

SubmissionGrade submission_from_json(const ordered_json& json) {
  try {
    SubmissionGrade grade;
    grade.name = json.at("submission").get<std::string>();
    for (const ordered_json& entry : json.at("exercises")) {
      ExerciseGrade one;
      one.lab = entry.at("lab").get<std::string>();
      one.exercise = entry.at("exercise").get<std::string>();
      one.task = value<unsigned>(entry, "task");
      one.file = value<std::string>(entry, "file");
      one.verdict = verdict_named(entry.at("verdict").get<std::string>());
      one.because = value<std::string>(entry, "because");
      one.compiler = value<std::string>(entry, "compiler");
      one.of = value<unsigned>(entry, "points");
      for (const ordered_json& run : entry.at("runs")) one.runs.push_back(run_from_json(run));
      grade.exercises.push_back(std::move(one));
    }
    return grade;
  } catch (const nlohmann::json::exception& error) {
    throw tracer::Failure(tracer::exit_code::failed,
                          std::string("this is no record of a submission: ") + error.what());
  }
}

}  // namespace grader
