// One scenario, run and judged: the heart of check, grade, watch and dev check.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "labs/grader/lab_file.hpp"
#include "labs/grader/result.hpp"
#include "labs/grader/trace.hpp"

namespace grader {

/// What is tested: a program that takes the place of the lab's own, or commands.
struct Submission {
  std::string name;  // for the record: "exercise/client.cpp"
  std::filesystem::path
      folder{};  // holds a program called as the exercise's; searched first. May be empty
  std::optional<std::string> server{},
      client{};                         // commands instead of the scenario's; {port} as there
  std::vector<std::string> readable{};  // folders that its programs may read besides
  std::function<void(testbed::RunSpec&)>
      prepare{};  // has the last word: limits, isolation. May be empty
};

/// Where the programs of labs are found, and what is to be recorded.
struct TrialSetting {
  std::filesystem::path programs;     // folder with a folder a lab: "01-sockets/server"
  std::string command;                // that reproduces the run, for the record
  std::optional<std::uint64_t> seed;  // instead of the scenario's
};

/// Is the exercise's program the one that this host runs?
bool under_test(const Exercise& exercise, const Scenario& scenario, const Submission& submission,
                Side side);

/// Runs the scenario and judges its rules. Never throws for what a program does; what keeps the run
/// from happening makes it inconclusive. SIGINT throws tracer::Failure (130). `trace`, if given, gets
/// what was seen; null stays if there was nothing.
RunRecord run_trial(const LabFile& lab, const Exercise& exercise, const Scenario& scenario,
                    const Submission& submission, const TrialSetting& setting,
                    std::shared_ptr<const Trace>* trace = nullptr);

/// Judges what a run left, without running anything.
void judge_run(const Exercise& exercise, const Scenario& scenario, const Trace& trace,
               RunRecord& record);

/// The spec of a run of this scenario.
testbed::RunSpec spec_of(const LabFile& lab, const Scenario& scenario, const Submission& submission,
                         const TrialSetting& setting);

/// Writes both ends of the run as pcapng. Throws tracer::Failure.
void write_trace(const std::filesystem::path& file, const Trace& trace);

}  // namespace grader
