// One piece of handed-in work: copied, built, run and judged where it can harm nobody.
#pragma once

#include <filesystem>
#include <optional>

#include "labs/grader/class_plan.hpp"
#include "labs/grader/class_record.hpp"

namespace grader {

struct WorkPlaces {
  std::filesystem::path root;      // of the tree: labs/support/… is included from there
  std::filesystem::path programs;  // the labs' own, built
  std::filesystem::path work;      // where copies and builds go; the caller removes it
};

/// A grade for work that cannot be run, with the points that it could have had.
ExerciseGrade without_run(const LabFile& lab, const Task& task, Verdict verdict,
                          const std::string& because);

/// Compiles in a host of its own, with nothing to read but the submission and the system's headers; runs
/// and judges each scenario, contained (testbed::Place). Never throws for what the work does; SIGINT and
/// SIGTERM throw tracer::Failure (130).
ExerciseGrade grade_work(const LabFile& lab, const Task& task, const HandedIn& by,
                         const WorkPlaces& places, std::optional<std::uint64_t> seed);

}  // namespace grader
