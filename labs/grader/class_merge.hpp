#pragma once

#include <filesystem>
#include <vector>

#include "labs/grader/class_record.hpp"

namespace grader {

/// The submissions of several files that `grade --emit json` wrote, by name. One that is in two files is taken
/// once if both say the same. Throws tracer::Failure (1) if they differ, or a file is none of grades.
std::vector<SubmissionGrade> merge_grades(const std::vector<std::filesystem::path>& files);

}  // namespace grader
