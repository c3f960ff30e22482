// What came of one run that was judged. Every report, on the terminal or in a file, is a view of it.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

namespace grader {

/// inconclusive: the machine, not the program, is why nothing can be said.
enum class Verdict : std::uint8_t { pass, fail, inconclusive };
const char* name(Verdict verdict);
/// fail before inconclusive before pass.
Verdict worse(Verdict a, Verdict b);
/// 0, 1, 2: exit codes of `check` and `grade`.
int exit_code(Verdict verdict);

/// One rule over one run, with its evidence.
struct RuleResult {
  std::string id;
  Verdict verdict = Verdict::inconclusive;
  unsigned points = 0;  // that it is worth
  bool hidden = false;
  std::string wanted;                  // "no RST from the server"
  std::string seen;                    // "RST in packet 7: it closed with 16384 bytes unread"
  std::vector<std::uint32_t> packets;  // the evidence, by number in the trace
  std::string ladder;  // the rows around it, 80 columns, UTF-8, no colour; may be empty
  std::string why;     // the lab's reason for the rule
  std::string reason;  // what the evidence means; may be empty
  std::string repair;  // what to change; may be empty
  std::string note;    // worth knowing whatever the verdict is; may be empty

  unsigned earned() const { return verdict == Verdict::pass ? points : 0; }
};

/// What happened, in order: handshake, question, answer, close, …
struct Step {
  std::string text;
  std::uint32_t packet = 0;  // 0: not a packet
};

/// How one program fared.
struct ProgramRecord {
  std::string host, command;
  bool under_test = false;
  std::optional<int> status, signal;  // neither: it was stopped when its peer was done
  bool stopped = false, timed_out = false;
  bool ignored_sigterm = false;  // asked to end it went on, and was killed
  std::string hangs_in;          // "accept": the system call, where it hung
  std::string limit;             // "more than 256 processes and threads": it was ended for that
  std::string sanitizer;         // the summary line, if one spoke
  std::string output;            // cut at a limit
};

/// One run of a scenario for an exercise, judged. Written even if something crashed.
struct RunRecord {
  static constexpr int version = 1;
  std::string wirelab;  // the program's version
  std::string lab, exercise, scenario;
  std::uint64_t seed = 1;
  std::string wire;        // the script
  std::string submission;  // what was tested: a file, a command, "reference"
  std::string started;     // RFC 3339, UTC
  double seconds = 0;
  Verdict verdict = Verdict::inconclusive;
  std::string because;  // of an inconclusive or failed run as a whole; else empty
  std::string command;  // that reproduces it
  std::string hint_command;
  std::string trace;  // file with the packets of this run; empty if not kept
  std::vector<Step> steps;
  std::vector<RuleResult> rules;
  std::vector<ProgramRecord> programs;

  unsigned points() const;
  unsigned earned() const;
};

/// The record as JSON (docs/grading.md, "The result record"), and back.
/// Throws tracer::Failure (1) if `json` is no such record.
nlohmann::ordered_json to_json(const RunRecord& record);
RunRecord record_from_json(const nlohmann::ordered_json& json);

}  // namespace grader
