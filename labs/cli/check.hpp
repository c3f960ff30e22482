#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "labs/cli/paths.hpp"
#include "tracer/render/text.hpp"

namespace cli {

/// What `wirelab check` was asked for.
struct CheckRequest {
  std::string lab, exercise;
  bool solution = false;                      // the reference instead of the learner's program
  std::string source;                         // --file: another source than exercise/STEM.*
  std::optional<std::string> server, client;  // commands under test
  std::optional<std::uint64_t> seed;
  unsigned times = 1;
  bool all = false;  // tell the story of every failure, not of the first
  tracer::TextStyle style;
};

/// Builds, runs and judges an exercise, or all of a lab's. Results go to standard output. Returns 0 pass,
/// 1 fail, 2 inconclusive; throws tracer::Failure.
int check(const Paths& paths, const CheckRequest& request);

}  // namespace cli
