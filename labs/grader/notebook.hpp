// What a learner has done in this clone: one text file, and the runs it speaks of beside it.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "labs/grader/result.hpp"
#include "labs/grader/trace.hpp"

namespace grader {

/// An exercise in the learner's notebook.
struct Entry {
  unsigned tries = 0;
  std::string done;                       // date of the first pass; empty: not yet
  std::string failing;                    // rule that failed last
  unsigned run = 0;                       // the last one that was kept
  std::map<std::string, unsigned> hints;  // shown so far, by rule
};

/// The file, in words that can be read and edited:
///
///     runs=17
///     01-sockets/client tries=4 run=17 failing=fin-first hint:fin-first=2
class Notebook {
 public:
  static constexpr unsigned most_runs = 60;  // kept; older ones are deleted

  /// Reads FOLDER/progress if it is there. Lines that it does not understand are kept as they are.
  explicit Notebook(std::filesystem::path folder);

  /// Reads the file once more, lets `change` change what stands in it, and writes it; no other command
  /// does so meanwhile (flock(2)), and none can undo what another has written. References that entry()
  /// gave before are void. Throws tracer::Failure (1) if the folder cannot be written to, and what
  /// `change` throws; then nothing has changed.
  void update(const std::function<void()>& change);

  Entry& entry(const std::string& lab, const std::string& exercise) {
    return entries_[lab + "/" + exercise];
  }
  const std::map<std::string, Entry>& entries() const { return entries_; }

  /// Keeps a run, with its packets if there are any, and gives it a number that no other has. Sets
  /// record.trace. Fails as update() does.
  unsigned keep(RunRecord& record, const Trace* trace);
  /// Throws tracer::Failure (2) if there is no such run. 0 is the latest.
  RunRecord run(unsigned number) const;
  unsigned latest() const { return runs_; }
  const std::filesystem::path& folder() const { return folder_; }

 private:
  void read();
  void write() const;
  std::filesystem::path run_file(unsigned number, const char* extension) const;

  std::filesystem::path folder_;
  unsigned runs_ = 0;
  std::map<std::string, Entry> entries_;
  std::string rest_;  // lines that are not ours
};

}  // namespace grader
