// An exercise, tried: from a source file or a command to the verdicts of its scenarios.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "labs/grader/compile.hpp"
#include "labs/grader/lab_file.hpp"
#include "labs/grader/result.hpp"
#include "labs/grader/trial.hpp"

namespace grader {

/// Where things are in a clone.
struct Places {
  std::filesystem::path root;      // of the tree
  std::filesystem::path programs;  // built by meson, a folder a lab
  std::filesystem::path builds;    // where learners' programs are built
};

/// The learner's file of an exercise: exercise/STEM.cpp, or STEM.py or STEM.sh if that is there instead.
std::filesystem::path learners_file(const LabFile& lab, const Exercise& exercise);

/// How compile() is to make the exercise's program from a C++ source. `label` keeps builds of different sources apart.
CompileJob compile_job(const LabFile& lab, const Exercise& exercise,
                       const std::filesystem::path& source, const std::string& label,
                       const Places& places, bool color);
/// A submission from a source: compiled if it is C++, else run by its interpreter. `compiled.good` false means
/// that there is nothing to run. `label` keeps builds of different sources apart.
Submission from_source(const LabFile& lab, const Exercise& exercise,
                       const std::filesystem::path& source, const std::string& label,
                       const Places& places, bool color, Compiled& compiled);
/// The lab's own program, as it was built.
Submission from_reference(const Exercise& exercise);

struct AttemptResult {
  Verdict verdict = Verdict::inconclusive;
  std::vector<RunRecord> runs;  // a scenario each, in order
  unsigned points = 0, of = 0;
};

/// Runs the scenarios of an exercise one after the other. `heard`, if given, gets each record as it is there,
/// with what was seen (null if the run did not come to that).
AttemptResult attempt(const LabFile& lab, const Exercise& exercise, const Submission& submission,
                      const TrialSetting& setting,
                      const std::function<void(RunRecord&, const Trace*)>& heard = {});

}  // namespace grader
