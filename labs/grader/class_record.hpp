// What a class handed in, and what came of it: the record that every emitter is a view of.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "labs/grader/result.hpp"

namespace grader {

/// One exercise of one submission.
struct ExerciseGrade {
  std::string lab, exercise;
  unsigned task = 0;  // its number in the lab, from 1
  std::string file;   // that was handed in; empty: none was
  Verdict verdict = Verdict::inconclusive;
  std::string because;          // of one that was never run: "not handed in", "it does not compile"
  std::string compiler;         // what the compiler said, if anything
  unsigned of = 0;              // points to be had, also where nothing ran
  std::vector<RunRecord> runs;  // a scenario each

  unsigned earned() const;
};

/// All that one learner handed in.
struct SubmissionGrade {
  std::string name;
  std::vector<ExerciseGrade> exercises;

  /// pass only if there is something, and all of it passed.
  Verdict verdict() const;
  unsigned earned() const;
  unsigned of() const;
};

/// How much of the evidence a report tells.
enum class Verbosity : std::uint8_t {
  none,  // which rules hold: the same file for the same work, whenever it is graded
  seen,  // and what was wanted and seen
  full,  // and the ladder, the steps, what the programs printed
};

/// A rule's result with its scenario; what the emitters list.
struct Line {
  const RunRecord* run;
  const RuleResult* rule;
};
std::vector<Line> lines_of(const ExerciseGrade& grade);
/// The evidence for whoever handed it in, in plain text that is printable; of what passed only its note.
std::string evidence(const Line& line, Verbosity verbosity);

/// Any text made printable, a line at a time: lines stay lines.
std::string printable_lines(std::string_view text);

/// As docs/grading.md has it. Evidence goes in as far as `verbosity` says.
nlohmann::ordered_json to_json(const SubmissionGrade& grade, Verbosity verbosity);
/// Throws tracer::Failure (1) if it is none.
SubmissionGrade submission_from_json(const nlohmann::ordered_json& json);

}  // namespace grader
