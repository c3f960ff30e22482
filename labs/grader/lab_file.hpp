// lab.toml: what a lab runs, what it demands, what is to be done in it. docs/grading.md is its manual.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "labs/grader/rule.hpp"

namespace grader {

/// A way to run a lab: its programs, the wire between them, and what is to be seen.
struct Scenario {
  std::string name, about;
  std::string server, client;  // shell commands; empty: none
  std::string wire;            // a wire script
  std::uint64_t seed = 1;
  std::vector<std::string> fails;  // hosts whose program ends with a failure: that is the point
  std::vector<Rule> rules;
  unsigned time_limit = 30;  // seconds; whoever stands still is ended sooner
};

/// Id of the rule that every scenario has: the program under test neither crashes nor hangs nor ends
/// with a failure, unless the scenario says that it `fails` or has a rule about its exit.
inline constexpr const char* rule_that_programs_run = "runs";

/// A plausible solution that is wrong, and the rules that must say so.
struct WrongSolution {
  std::string file;                // in the lab's folder
  std::vector<std::string> fails;  // ids of rules: each must say so
  std::vector<std::string> also;   // ids of rules that may fail with it
  std::string about;
};

/// Something to find out in a capture of one's own: a field of the first frame that a filter selects.
struct Question {
  enum class Part : std::uint8_t { value, offset, length };
  std::string id, ask, why;
  std::string filter;       // which frame
  unsigned nth = 1;         // of those that it selects
  std::string field;        // Wireshark's name
  Part part = Part::value;  // what it says; or in which byte of the frame it begins; or its bytes
  unsigned points = 1;
  std::vector<std::string> hints;
};

/// Something to do in a lab: a program to write, or questions to answer about a capture.
struct Exercise {
  std::string name, task;
  std::string program;                 // STEM: exercise/STEM.cpp to STEM.cpp; empty: questions
  std::vector<std::string> scenarios;  // whose rules grade it; questions: the one that is captured
  std::vector<std::string> libraries;  // that the program is linked with, besides the C++ library
  std::vector<WrongSolution> wrong;
  std::string answers;  // of questions: a file in exercise/
  std::vector<Question> questions;
};

/// Something that people believe, and what decides it on the reader's own machine.
struct Myth {
  std::string claim, scenario;
  bool holds = false;              // verdict = "true" or "false"
  std::vector<std::string> shows;  // ids of rules of that scenario; all of them hold in a run
};

/// A lab as its lab.toml describes it.
struct LabFile {
  std::string name;  // of its folder: 01-sockets
  std::string title;
  std::uint16_t port = 7000;
  std::vector<Scenario> scenarios;  // at least one; the first is the default
  std::vector<Exercise> exercises;
  std::vector<Myth> myths;
  std::filesystem::path folder;

  /// By name, or the first if `name` is empty. Throws tracer::Failure (2) that lists the names.
  const Scenario& scenario(const std::string& name) const;
  const Exercise& exercise(const std::string& name) const;
};

/// Throws tracer::Failure (2) with line, column and the line itself where the file is wrong.
LabFile read_lab_file(const std::filesystem::path& folder);

/// The labs under `folder`, by number. Folders without a lab.toml are none.
std::vector<std::filesystem::path> find_labs(const std::filesystem::path& folder);

/// "01-sockets", "01" or "sockets". Throws tracer::Failure (2) with the nearest names.
std::filesystem::path find_lab(const std::filesystem::path& folder, const std::string& name);

}  // namespace grader
