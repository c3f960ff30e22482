#include "labs/grader/trial.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <chrono>
#include <cstring>

#include "labs/grader/command_name.hpp"
#include "labs/grader/health.hpp"
#include "labs/grader/judge.hpp"
#include "labs/grader/story.hpp"
#include "labs/testbed/wire_script.hpp"
#include "tracer/bytes/failure.hpp"
#include "tracer/cli/annotate.hpp"
#include "tracer/fields/frame_filter.hpp"

namespace grader {
namespace {

using tracer::Failure;
using namespace std::chrono_literals;

std::string first_word(const std::string& command) { return command.substr(0, command.find(' ')); }

ProgramRecord program_record(const Trace& trace, Side side, const std::string& command,
                             bool tested) {
  const auto& program = trace.program(side);
  ProgramRecord record;
  record.host = testbed::name(side);
  record.command = command;
  record.under_test = tested;
  record.stopped = program.stopped && !program.timed_out;
  record.timed_out = program.timed_out;
  record.ignored_sigterm = program.ignored_sigterm;
  record.hangs_in = program.detail;
  record.limit = program.limit;
  record.sanitizer = sanitizer_summary(program.output);
  record.output = program.output;
  if (program.ran && !program.stopped) {
    if (WIFEXITED(program.status)) record.status = WEXITSTATUS(program.status);
    if (WIFSIGNALED(program.status)) record.signal = WTERMSIG(program.status);
  }
  return record;
}

RuleResult judge_rule(const Rule& rule, const Trace& trace, bool complete) {
  RuleResult result;
  result.id = rule.id;
  result.points = rule.points;
  result.hidden = rule.hidden;
  result.why = rule.why;
  result.wanted = wanted(rule);
  if (!complete) {
    result.seen = "the capture is not complete, so nothing is decided";
    return result;
  }
  const Finding finding = judge(rule, trace);
  result.verdict = finding.holds ? Verdict::pass : Verdict::fail;
  result.seen = finding.seen;
  result.packets = finding.packets;
  if (finding.holds) return result;
  result.reason = finding.reason;
  result.repair = finding.repair;
  result.ladder = excerpt(trace, finding.packets);
  return result;
}

}  // namespace

bool under_test(const Exercise& exercise, const Scenario& scenario, const Submission& submission,
                Side side) {
  const auto& command = side == Side::server ? submission.server : submission.client;
  if (command) return true;
  if (submission.server || submission.client || exercise.program.empty()) return false;
  return first_word(side == Side::server ? scenario.server : scenario.client) == exercise.program;
}

testbed::RunSpec spec_of(const LabFile& lab, const Scenario& scenario, const Submission& submission,
                         const TrialSetting& setting) {
  testbed::RunSpec spec;
  spec.server = submission.server.value_or(scenario.server);
  spec.client = submission.client.value_or(scenario.client);
  spec.wire = testbed::parse_wire_script(scenario.wire);
  spec.seed = setting.seed.value_or(scenario.seed);
  spec.port = lab.port;
  spec.compile = [](const std::string& filter) {
    return testbed::FramePredicate(tracer::FrameFilter(filter));
  };
  spec.path = (setting.programs / lab.name).string() + ":" + (setting.programs / "peers").string();
  if (!submission.folder.empty()) spec.path = submission.folder.string() + ":" + spec.path;
  spec.time_limit = std::chrono::seconds(scenario.time_limit);
  spec.standstill_limit = 3s;
  const std::string seed = std::to_string(spec.seed);
  for (std::string* command : {&spec.server, &spec.client})
    for (std::size_t at; (at = command->find("{seed}")) != std::string::npos;)
      command->replace(at, 6, seed);
  // Leaks are no business of the wire; whatever else a sanitizer finds ends the program.
  spec.environment = {
      {"WIRELAB_LAB", std::filesystem::canonical(lab.folder / "lab.toml").parent_path()},
      {"WIRELAB_BUILT", setting.programs / lab.name},
      {"WIRELAB_SEED", seed},
      {"ASAN_OPTIONS", "detect_leaks=0:color=never"},
      {"UBSAN_OPTIONS", "print_stacktrace=0:color=never"}};
  for (testbed::Place& place : spec.places)
    place.readable.insert(place.readable.end(), submission.readable.begin(),
                          submission.readable.end());
  if (submission.prepare) submission.prepare(spec);
  return spec;
}

void judge_run(const Exercise& exercise, const Scenario& scenario, const Trace& trace,
               RunRecord& record) {
  const bool complete = trace.result().complete;
  if (!complete) record.because = trace.result().incomplete_because;
  record.steps = steps_of(trace);
  record.rules.push_back(judge_health(exercise, scenario, trace, record));
  for (const Rule& rule : scenario.rules) record.rules.push_back(judge_rule(rule, trace, complete));
  record.verdict = scenario.rules.empty() ? Verdict::inconclusive : Verdict::pass;
  if (scenario.rules.empty()) record.because = "this scenario has no rule, so nothing was judged";
  for (const RuleResult& rule : record.rules) record.verdict = worse(record.verdict, rule.verdict);
  // Who had no time to run, or whose machine lost packets, is not to blame for what was not seen.
  if (record.rules.front().verdict == Verdict::inconclusive && complete) {
    record.because = record.rules.front().seen;
    record.verdict = Verdict::inconclusive;
    for (RuleResult& rule : record.rules)
      if (rule.verdict == Verdict::fail) rule.verdict = Verdict::inconclusive;
  }
}

RunRecord run_trial(const LabFile& lab, const Exercise& exercise, const Scenario& scenario,
                    const Submission& submission, const TrialSetting& setting,
                    std::shared_ptr<const Trace>* trace) {
  RunRecord record;
  record.wirelab = WIRELAB_VERSION;
  record.lab = lab.name;
  record.exercise = exercise.name;
  record.scenario = scenario.name;
  record.wire = scenario.wire;
  record.submission = submission.name;
  record.command = setting.command;
  record.hint_command = fmt::format("{} hint {} {}", command_name(), lab.name, exercise.name);
  record.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  const auto start = std::chrono::steady_clock::now();
  try {
    const testbed::RunSpec spec = spec_of(lab, scenario, submission, setting);
    record.seed = spec.seed;
    testbed::RunResult result = testbed::run(spec);
    if (result.interrupted) throw Failure(tracer::exit_code::interrupted, "interrupted");
    const auto seen = std::make_shared<const Trace>(std::move(result));
    for (const Side side : {Side::server, Side::client})
      if (const std::string& command = side == Side::server ? spec.server : spec.client;
          !command.empty())
        record.programs.push_back(
            program_record(*seen, side, command, under_test(exercise, scenario, submission, side)));
    judge_run(exercise, scenario, *seen, record);
    if (trace) *trace = seen;
  } catch (const Failure& failure) {
    if (failure.code == tracer::exit_code::interrupted) throw;
    record.verdict = Verdict::inconclusive;
    record.because = failure.what() + (failure.hint.empty() ? "" : "; " + failure.hint);
  }
  record.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return record;
}

void write_trace(const std::filesystem::path& file, const Trace& trace) {
  tracer::write_annotated(file, trace.result().frames, trace.passages(), trace.ladders(),
                          {{"client", tracer::LinkType::ethernet, 65'535},
                           {"server", tracer::LinkType::ethernet, 65'535}},
                          "wirelab " WIRELAB_VERSION);
}

}  // namespace grader
