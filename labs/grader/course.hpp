// What leaves this tree: the repository that a class gets, and the autograder that grades it.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace grader {

/// Files by path in the new tree.
struct ExportedFile {
  std::string content;
  bool executable = false;
};
using ExportedTree = std::map<std::string, ExportedFile>;

struct ExportSource {
  std::filesystem::path root;      // of this tree
  std::filesystem::path programs;  // built: the exercises' references
};

/// Starters, READMEs, the tracer and the grader; no source of a reference, no wrong solution, no hidden rule.
/// References come as built programs, for each is the other end of some exercise. Throws tracer::Failure (1)
/// if one is not built, (2) if a lab's build file cannot be understood.
ExportedTree course_tree(const ExportSource& source);

/// For Gradescope: setup.sh, run_autograder and all that grading needs, references too. `lab` and `exercises` may
/// be empty: then the submission tells.
ExportedTree autograder_tree(const ExportSource& source, const std::string& lab,
                             const std::vector<std::string>& exercises);

/// lab.toml without the rules and wrong solutions that learners shall not see.
std::string public_lab_file(const std::string& lab_toml);
/// A lab's meson.build in which these programs are copied from programs/ and not built.
std::string public_build_file(std::string build, const std::vector<std::string>& programs);

}  // namespace grader
