// Exercises that are questions: answers in a file, compared with fields of the learner's own capture.
#pragma once

#include <filesystem>
#include <string>

#include "labs/grader/lab_file.hpp"
#include "labs/grader/result.hpp"
#include "labs/grader/trial.hpp"

namespace grader {

struct AnswerSheet {
  std::filesystem::path capture;
  bool fresh = false;  // the capture was made just now
  RunRecord record;    // a rule a question
};

/// Compares exercise/ANSWERS (or `file`, if not empty) with the capture kept for this exercise under `captures`;
/// makes it first if there is none. With `solution` the answers are taken from the capture itself, which shows
/// that each question has one. Throws tracer::Failure (1, 2) if there is no capture to be had or no answer file.
AnswerSheet check_answers(const LabFile& lab, const Exercise& exercise, const TrialSetting& setting,
                          const std::filesystem::path& captures, bool solution,
                          const std::filesystem::path& file = {});

/// The capture of an exercise with questions.
std::filesystem::path capture_of(const LabFile& lab, const Exercise& exercise,
                                 const std::filesystem::path& captures);

}  // namespace grader
