// A lab, checked itself: starters must fail, references pass, wrong solutions fail by the rule that
// is named.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include "labs/grader/attempt.hpp"
#include "labs/grader/lab_file.hpp"

namespace grader {

/// One program of one exercise, to be tried over several seeds.
struct LabJob {
  enum class Kind : unsigned char { starter, reference, wrong } kind = Kind::starter;
  std::size_t exercise = 0, wrong = 0;  // indices in the lab

  std::string name(const LabFile& lab) const;  // "server: wrong/server_unread.cpp"
};

std::vector<LabJob> jobs_of(const LabFile& lab);

struct LabFinding {
  std::vector<std::string>
      problems;               // what is not as it must be, a line each; empty if all is well
  unsigned inconclusive = 0;  // runs that had to be made once more
};

/// Tries it with the seeds 1 to `seeds`. A run that is inconclusive is tried twice more. Builds and
/// captures go under places.builds.
LabFinding carry_out(const LabFile& lab, const LabJob& job, unsigned seeds, const Places& places);

/// Rules that grade an exercise and that no wrong solution is said to fail: "scenario: rule".
std::vector<std::string> rules_without_wrong_solution(const LabFile& lab);

}  // namespace grader
