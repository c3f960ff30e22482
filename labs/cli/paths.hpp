#pragma once

#include <filesystem>

namespace cli {

/// Where things are: next to the running program in a build tree, or where it was installed. The
/// environment may say otherwise: WIRELAB_LABS, WIRELAB_PROGRAMS and WIRELAB_STATE are folders.
struct Paths {
  std::filesystem::path root;      // of the tree; labs/support/… is included from there
  std::filesystem::path labs;      // sources: lab.toml, READMEs
  std::filesystem::path programs;  // built lab programs, a folder a lab
  std::filesystem::path tracer;    // the tracer program
  std::filesystem::path bench;     // the benchmark program

  std::filesystem::path demo;  // where the demo leaves its captures

  std::filesystem::path state;  // what a learner has done: progress, runs, builds

  std::filesystem::path
      own_labs;  // where an installed wirelab, whose labs nobody may edit, gives a learner theirs; else empty

  static Paths find();

  /// Makes `labs` a folder where the learner may edit: in an installed tree own_labs, each lab with links to what
  /// was installed and exercises of its own. What is there already stays. Throws tracer::Failure (4).
  void use_own_labs();
};

}  // namespace cli
