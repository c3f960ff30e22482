#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace grader {

/// A source file to make a program of.
struct CompileJob {
  std::filesystem::path source;  // STEM.cpp
  std::filesystem::path root;    // of the tree: labs/support/… is included from there
  std::filesystem::path folder;  // where the program goes, called `name`; made if it is not there
  std::string name;
  std::vector<std::string> libraries;
  bool color = false;  // in what the compiler says
};

/// The compiler and its words for this source, without -o and libraries. Throws tracer::Failure (1) if there is
/// no compiler.
std::vector<std::string> compile_command(const CompileJob& job);

struct Compiled {
  std::filesystem::path program;
  bool good = false;
  bool fresh = false;  // false: nothing had changed since it was made
  std::string said;    // by the compiler: errors, warnings
};

/// Compiles with AddressSanitizer and UndefinedBehaviorSanitizer, with $CXX or the system's compiler. Does
/// nothing if source, headers and command are those of the last time. Throws tracer::Failure (1, 2) if there
/// is no source or no compiler.
Compiled compile(const CompileJob& job);

/// Makes the next compile() of this source quicker, if its includes stay as they are: the compiler reads them
/// once and keeps what it made of them (GCC's precompiled headers). Best effort; for whoever waits anyway.
void precompile_includes(const CompileJob& job);

}  // namespace grader
