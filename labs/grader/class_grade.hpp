// A class, graded: many at a time, each by a process of its own, and every result safe as soon as it is there.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "labs/grader/class_journal.hpp"
#include "labs/grader/class_work.hpp"

namespace grader {

struct ClassSetting {
  WorkPlaces places;  // `work` is used for all, and is empty afterwards
  unsigned jobs = 2;
  std::optional<std::uint64_t> seed;
  /// Hears of each submission when the last of its exercises is graded, or was found in the journal.
  std::function<void(const SubmissionGrade&, std::size_t done, std::size_t all)> heard;
};

/// Grades what the journal does not hold yet, and returns all of it in the order of the plan. A process that
/// dies or stands still makes its one piece of work inconclusive. Throws tracer::Failure (130) when
/// interrupted: the journal holds what was done.
std::vector<SubmissionGrade> grade_class(const ClassPlan& plan, Journal& journal,
                                         const ClassSetting& setting);

}  // namespace grader
