// Grades in the formats of others. Each is a view of SubmissionGrade; docs/grading.md says what goes where.
#pragma once

#include <string>
#include <vector>

#include "labs/grader/class_record.hpp"

namespace grader {

struct Emitter {
  const char* name;
  const char* extension;
  bool one_file;  // for all submissions; else a file each
  std::string (*write)(const std::vector<SubmissionGrade>& grades, Verbosity verbosity);
};
/// gradescope, junit, exercism, classroom50, json. Throws tracer::Failure (2) for another.
const Emitter& emitter(const std::string& name);
std::vector<std::string> emitter_names();

/// Gradescope's results.json (Autograder Specifications). REQUIRES: one submission.
std::string emit_gradescope(const std::vector<SubmissionGrade>& grades, Verbosity verbosity);
/// JUnit XML as Jenkins' xunit plug-in has it in junit-10.xsd: a suite an exercise of a submission.
std::string emit_junit(const std::vector<SubmissionGrade>& grades, Verbosity verbosity);
/// exercism's results.json, version 3 of the test runner interface. REQUIRES: one submission.
std::string emit_exercism(const std::vector<SubmissionGrade>& grades, Verbosity verbosity);
/// Classroom 50's result.json, classroom50/result/v1. Who and what is taken from the environment that its
/// runner gives. REQUIRES: one submission.
std::string emit_classroom50(const std::vector<SubmissionGrade>& grades, Verbosity verbosity);
/// Our own, wirelab/grades/v1: what `grade --merge` reads.
std::string emit_json(const std::vector<SubmissionGrade>& grades, Verbosity verbosity);

/// How a rule is called in a report that learners read: a hidden one by number only.
std::string public_name(const ExerciseGrade& grade, const Line& line, unsigned hidden_so_far);

}  // namespace grader
