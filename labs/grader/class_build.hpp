#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace grader {

/// A C++ source that somebody handed in, to be compiled where it can read nothing of others.
struct BuildJob {
  std::filesystem::path source;   // in `folder`
  std::filesystem::path folder;   // of the submission
  std::filesystem::path root;     // of the tree: labs/support/… is included from there
  std::filesystem::path program;  // to be made
  std::filesystem::path cache;    // of programs made of the same sources before
  std::vector<std::string> libraries;
};

struct Built {
  bool good = false;
  bool decided = true;  // false: the machine is why there is no program
  std::string said;     // by the compiler, with paths as in the submission
};

/// Compiles as `wirelab check` does, with the sanitizers, but contained: no network, no file but those of the
/// submission and labs/support, with limits on time, memory and disk. Throws tracer::Failure (4) where that
/// cannot be had, (130) when interrupted.
Built build_contained(const BuildJob& job);

}  // namespace grader
