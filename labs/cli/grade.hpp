#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "labs/cli/paths.hpp"
#include "tracer/render/text.hpp"

namespace CLI {
class App;
}

namespace cli {

/// What `wirelab grade` was asked for.
struct GradeRequest {
  std::vector<std::string>
      what;         // [LAB] FOLDER…, or LAB alone: the clone's own exercises; with merge: files
  std::string lab;  // --lab
  std::vector<std::string> exercises;  // only these
  std::string format = "json";         // --emit
  std::string out = "-";               // -o
  std::string journal;                 // empty: beside `out`
  std::string verbosity;               // empty: full for one submission, none for a class
  std::string shard;                   // "2/4"
  bool merge = false;
  unsigned jobs = 0;  // 0: as many as there are processors
  std::optional<std::uint64_t> seed;
  tracer::TextStyle style;
};

/// The subcommand, with its options going into `request`.
CLI::App* add_grade(CLI::App& app, GradeRequest& request);

/// Grades, writes the results, and tells on standard error how it goes. Returns 0 if everything passed, 1 if
/// something failed, 2 if something is inconclusive; throws tracer::Failure.
int grade(const Paths& paths, const GradeRequest& request);

}  // namespace cli
