#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "labs/grader/class_record.hpp"
#include "labs/support/fd.hpp"

namespace grader {

/// What is graded so far, a line an exercise of a submission, on the disk before the next begins: an
/// interrupted run goes on where it was. A line that was cut short counts as not written.
class Journal {
 public:
  /// `about` says what is graded; a journal about something else is refused (tracer::Failure 2), as is
  /// one that another process is writing.
  Journal(std::filesystem::path file, const std::string& about);

  /// The grade of this piece of work, if it is there; `digest` is of the submission as it is now.
  const ExerciseGrade* find(const std::string& submission, const std::string& digest,
                            const std::string& lab, const std::string& exercise) const;
  /// Throws tracer::Failure (1) if it cannot be written.
  void add(const std::string& submission, const std::string& digest, const ExerciseGrade& grade);
  std::size_t found() const { return found_; }
  /// All is done: the file goes.
  void finish();

 private:
  std::filesystem::path file_;
  Fd descriptor_;
  std::map<std::string, ExerciseGrade> grades_;
  std::size_t found_ = 0;
};

}  // namespace grader
