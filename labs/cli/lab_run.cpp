#include "labs/cli/lab_run.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "labs/cli/figure.hpp"
#include "labs/cli/lab_report.hpp"
#include "labs/support/fd.hpp"
#include "labs/testbed/loopback.hpp"
#include "tracer/bytes/failure.hpp"
#include "tracer/capture/pcapng_writer.hpp"
#include "tracer/cli/annotate.hpp"
#include "tracer/cli/output.hpp"
#include "tracer/fields/frame_filter.hpp"
#include "tracer/render/terminal_ladder.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;
using testbed::RunResult;
using testbed::Side;
using tracer::Failure;

/// Remarks go where they do not mix with data.
void say(const std::string& text) { fmt::print(stderr, "{}\n", text); }

/// One host's frames alone, for tools that know one interface.
void write_host(const fs::path& path, const RunResult& result, std::uint32_t vantage) {
  tracer::PcapngWriter writer(path, "wirelab " WIRELAB_VERSION);
  writer.add_interface(host_interfaces()[vantage]);
  for (tracer::Frame frame : result.frames) {
    if (frame.vantage != vantage) continue;
    frame.vantage = 0;
    writer.write(frame);
  }
  writer.flush();
}

void write_wire_log(const fs::path& path, const RunResult& result) {
  std::ofstream file(path);
  for (const testbed::WireEvent& event : result.wire) {
    nlohmann::ordered_json line{{"packet", event.id},
                                {"from", name(event.from)},
                                {"time_ns", event.received.time_since_epoch().count()},
                                {"length", event.length},
                                {"fate", event.dropped           ? "lost"
                                         : event.corrupted       ? "corrupted"
                                         : event.sent.size() > 1 ? "duplicated"
                                                                 : "arrived"}};
    if (!event.cause.empty()) line["rule"] = event.cause;
    if (event.corrupted) line["changed_byte"] = event.corrupt_at;
    if (event.held) line["held"] = true;
    auto& sent = line["sent_ns"] = nlohmann::ordered_json::array();
    for (const auto time : event.sent) sent.push_back(time.time_since_epoch().count());
    file << line.dump() << '\n';
  }
  if (!file.flush())
    throw Failure(tracer::exit_code::failed, path.string() + ": cannot be written",
                  "make room on the disk, or choose another --out");
}

void write_record(const fs::path& path, const RunRequest& request, const grader::LabFile& lab,
                  const testbed::RunSpec& spec, const std::string& wire, const RunResult& result) {
  nlohmann::ordered_json record{{"version", 1},
                                {"wirelab", WIRELAB_VERSION},
                                {"lab", lab.name},
                                {"scenario", lab.scenario(request.scenario).name},
                                {"server", spec.server},
                                {"client", spec.client},
                                {"wire", wire},
                                {"seed", spec.seed},
                                {"congestion", spec.congestion},
                                {"complete", result.complete}};
  if (!result.complete) record["incomplete_because"] = result.incomplete_because;
  for (const Side side : {Side::client, Side::server}) {
    const auto& program = result.programs[static_cast<std::size_t>(side)];
    if (!program.ran) continue;
    auto& one = record["programs"][name(side)];
    one["exit"] = WIFEXITED(program.status) ? nlohmann::json(WEXITSTATUS(program.status))
                                            : nlohmann::json(nullptr);
    if (WIFSIGNALED(program.status)) one["signal"] = WTERMSIG(program.status);
    one["stopped_by_wirelab"] = program.stopped;
    one["timed_out"] = program.timed_out;
    one["output"] = program.output;
  }
  for (const std::string& note : result.notes) record["notes"].push_back(note);
  std::ofstream file(path);
  file << record.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  if (!file.flush())
    throw Failure(tracer::exit_code::failed, path.string() + ": cannot be written",
                  "make room on the disk, or choose another --out");
}

/// How a program fared, in one line with the way out; empty if it did what it should.
std::string complaint(const testbed::ProgramResult& program, Side side, const std::string& command,
                      bool may_fail) {
  if (!program.ran) return {};
  const std::string who = fmt::format("the {}'s program ({})", name(side), command);
  const int status = program.status;
  if (!program.limit.empty()) return fmt::format("{} was stopped: {}", who, program.limit);
  if (program.timed_out)
    return fmt::format(
        "{} was still running at the time limit{}\nhint: --time-limit SECONDS gives it more", who,
        program.detail.empty() ? "" : ": it hangs in " + program.detail);
  if (program.stopped || may_fail) return {};
  if (WIFSIGNALED(status))
    return fmt::format("{} died of signal {} ({})", who, WTERMSIG(status),
                       strsignal(WTERMSIG(status)));
  if (WEXITSTATUS(status) == 127)
    return fmt::format(
        "{} cannot be started: no such command\nhint: give the full path, or a command that `sh` "
        "finds",
        who);
  if (WEXITSTATUS(status) == 126)
    return fmt::format(
        "{} cannot be started: not executable\nhint: chmod +x, or name its interpreter", who);
  if (WEXITSTATUS(status) != 0)
    return fmt::format("{} ended with status {}", who, WEXITSTATUS(status));
  return {};
}

void show_output(const RunResult& result, const RunRequest& request) {
  for (const Side side : {Side::server, Side::client}) {
    const auto& program = result.programs[static_cast<std::size_t>(side)];
    const std::string lane = fmt::format("{:>6} {} ", name(side), request.style.ascii ? "|" : "│");
    for (std::size_t at = 0; at < program.output.size();) {
      const std::size_t end = std::min(program.output.find('\n', at), program.output.size());
      say(lane + tracer::printable(std::string_view(program.output).substr(at, end - at),
                                   request.style.ascii));
      at = end + 1;
    }
    if (program.dropped_output > 0)
      say(fmt::format(
          "wirelab: the {} printed {} bytes more than the {} that are kept; does it loop?",
          name(side), program.dropped_output, program.output.size()));
  }
}

/// Another format than the ladder: the tracer draws it from what was written.
int hand_to_tracer(const Paths& paths, const RunRequest& request, const std::string& file) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    std::vector<const char*> words{"tracer", "-q", "-r", file.c_str()};
    if (!request.format.empty()) words.insert(words.end(), {"-T", request.format.c_str()});
    if (!request.drawing.empty()) words.insert(words.end(), {"-o", request.drawing.c_str()});
    words.push_back(nullptr);
    execv(paths.tracer.c_str(), const_cast<char**>(words.data()));
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : tracer::exit_code::failed;
}

void write_report(const RunRequest& request, const tracer::MadeReport& made) {
  if (!made.remark.empty()) say("wirelab: " + made.remark);
  tracer::Output out(request.report);
  out.text = made.html;
  out.flush();
}

/// Between two hosts; where the system forbids those, on plain loopback, unless the user asked for a
/// wire that loopback has not.
RunResult run_where_possible(testbed::RunSpec& spec, bool wire_may_go, bool& two_ended) {
  try {
    return testbed::run(spec);
  } catch (const Failure& failure) {
    if (failure.code != tracer::exit_code::not_permitted || !wire_may_go) throw;
    say(fmt::format("wirelab: {}", failure.what()));
    if (!failure.hint.empty()) say("hint: " + failure.hint);
    say("wirelab: running on plain loopback instead: one machine, one clock, and no rules for the "
        "wire");
  }
  two_ended = false;
  spec.wire.clear();
  return testbed::run_on_loopback(spec);
}

}  // namespace

testbed::RunSpec run_spec(const Paths& paths, const RunRequest& request,
                          const grader::LabFile& lab) {
  const grader::Scenario& scenario = lab.scenario(request.scenario);
  testbed::RunSpec spec;
  spec.server = request.server.value_or(scenario.server);
  spec.client = request.client.value_or(scenario.client);
  spec.wire = testbed::parse_wire_script(request.wire.value_or(scenario.wire));
  spec.seed = request.seed;
  const std::string seed = std::to_string(spec.seed);
  for (std::string* command : {&spec.server, &spec.client})
    for (std::size_t at; (at = command->find("{seed}")) != std::string::npos;)
      command->replace(at, 6, seed);
  spec.port = lab.port;
  spec.ipv6 = request.ipv6;
  spec.congestion = request.congestion;
  spec.time_limit = request.time_limit;
  spec.path = (paths.programs / lab.name).string() + ":" + (paths.programs / "peers").string();
  spec.environment = {{"WIRELAB_LAB", lab.folder},
                      {"WIRELAB_BUILT", paths.programs / lab.name},
                      {"WIRELAB_SEED", seed}};
  for (testbed::Place& place : spec.places)
    place.readable.push_back(paths.labs);  // a site to serve, say
  spec.compile = [](const std::string& filter) {
    return testbed::FramePredicate(tracer::FrameFilter(filter));
  };
  return spec;
}

int run_lab(const Paths& paths, const RunRequest& request) {
  const grader::LabFile lab = grader::read_lab_file(grader::find_lab(paths.labs, request.lab));
  const grader::Scenario& scenario = lab.scenario(request.scenario);
  const std::string wire = request.wire.value_or(scenario.wire);
  testbed::RunSpec spec = run_spec(paths, request, lab);
  if (!request.out.empty()) {
    std::error_code error;
    fs::create_directories(request.out, error);
    if (error)
      throw Failure(tracer::exit_code::not_permitted, request.out + ": " + error.message(),
                    "choose a folder that you may write to");
  }

  bool two_ended = true;
  RunResult result = run_where_possible(spec, request.wire.value_or("").empty(), two_ended);
  show_output(result, request);
  for (const std::string& note : result.notes) say("wirelab: " + note);
  const DrawnRun run = draw_run(result, two_ended);
  const auto& [passages, drawn] = run;

  std::string trace_file;
  if (!request.out.empty()) {
    const fs::path folder = request.out;
    trace_file = folder / "trace.pcapng";
    tracer::write_annotated(trace_file, result.frames, passages, drawn, host_interfaces(),
                            "wirelab " WIRELAB_VERSION);
    write_host(folder / "client.pcapng", result, 0);
    write_host(folder / "server.pcapng", result, 1);
    write_wire_log(folder / "wire.ndjson", result);
    write_record(folder / "run.json", request, lab, spec, wire, result);
  }
  if (!request.figure.empty()) {
    const FigureRun shown{lab.name, scenario.name, request.wire ? "" : scenario.about,
                          wire,     spec.seed,     spec.ipv6};
    say("wirelab: figure in " + write_figure(request.figure, lab, shown, drawn));
  }
  int code = tracer::exit_code::done;
  if (!request.report.empty())
    write_report(request, lab_report(request, lab, spec, wire, result, run));
  if (!request.report.empty() && request.format.empty()) {
    if (request.report != "-") say("wirelab: the report is in " + request.report);
  } else if (!request.drawing.empty() || (!request.format.empty() && request.format != "ladder")) {
    const Fd memory(trace_file.empty() ? memfd_create("trace", 0) : -1);  // kept nowhere else
    if (trace_file.empty()) {
      trace_file = fmt::format("/proc/self/fd/{}", static_cast<int>(memory));
      tracer::write_annotated(trace_file, result.frames, passages, drawn, host_interfaces(),
                              "wirelab " WIRELAB_VERSION);
    }
    code = hand_to_tracer(paths, request, trace_file);
    if (code == tracer::exit_code::done && !request.drawing.empty() && request.drawing != "-")
      say("wirelab: drawn to " + request.drawing);
  } else {
    for (const tracer::Ladder& one : drawn) {
      if (drawn.size() > 1) fmt::print("{}", tracer::ladder_title(one, request.style));
      fmt::print("{}{}", tracer::terminal_ladder(one, request.style),
                 tracer::ladder_footer(one, request.style));
    }
    if (drawn.empty() && two_ended) say("wirelab: nothing crossed the wire");
  }
  const bool random = std::ranges::any_of(spec.wire, [](const testbed::WireRule& rule) {
    return rule.action.kind == testbed::Action::Kind::loss ||
           rule.action.kind == testbed::Action::Kind::jitter;
  });
  if (random)
    say(fmt::format("wirelab: seed {}; --seed {} gives the same luck again", spec.seed, spec.seed));
  for (std::size_t i = 0; i < result.applied.size(); ++i) {
    using Kind = testbed::Action::Kind;
    const Kind kind = spec.wire[i].action.kind;
    if (result.applied[i] == 0 && !result.wire.empty() && kind != Kind::rate &&
        kind != Kind::queue && kind != Kind::loss && kind != Kind::jitter)
      say(fmt::format("wirelab: no packet matched the rule: {}", spec.wire[i].text));
  }
  if (!result.complete && two_ended)
    say("wirelab: inconclusive: " + result.incomplete_because + "; what is shown may lack packets");
  if (!request.out.empty())
    say(fmt::format("wirelab: captures, wire log and record are in {}", request.out));
  if (result.interrupted) return tracer::exit_code::interrupted;
  for (const Side side : {Side::server, Side::client}) {
    const bool may_fail = std::ranges::count(scenario.fails, std::string(name(side))) > 0;
    const std::string why = complaint(result.programs[static_cast<std::size_t>(side)], side,
                                      side == Side::server ? spec.server : spec.client, may_fail);
    if (why.empty()) continue;
    say("wirelab: " + why);
    code = tracer::exit_code::failed;
  }
  return code;
}

}  // namespace cli
