#include "labs/cli/lab_report.hpp"

#include <fmt/format.h>
#include <sys/utsname.h>
#include <sys/wait.h>

namespace cli {
namespace {

using testbed::Side;

tracer::Names host_names() {
  tracer::Names names;
  for (const auto& [address, name] : {std::pair{"10.0.0.1", "client"},
                                      {"fd00::1", "client"},
                                      {"10.0.0.2", "server"},
                                      {"fd00::2", "server"}})
    names.add({*tracer::IpAddress::parse(address), 0}, name);
  return names;
}

std::string how_it_ended(const testbed::ProgramResult& program) {
  if (!program.ran) return "did not run";
  if (program.timed_out) return "was still running at the time limit";
  if (program.stopped) return "was ended when its peer was done";
  if (WIFSIGNALED(program.status))
    return fmt::format("died of signal {}", WTERMSIG(program.status));
  return fmt::format("ended with status {}", WEXITSTATUS(program.status));
}

std::string system_text() {
  utsname system{};
  uname(&system);
  return fmt::format("{} {} {}", system.sysname, system.release, system.machine);
}

}  // namespace

const std::vector<tracer::Vantage>& host_interfaces() {
  static const std::vector<tracer::Vantage> both{{"client", tracer::LinkType::ethernet, 65'535},
                                                 {"server", tracer::LinkType::ethernet, 65'535}};
  return both;
}

DrawnRun draw_run(testbed::RunResult& result, bool two_ended, bool unfinished) {
  DrawnRun drawn;
  drawn.passages =
      two_ended ? tracer::two_ended(result.frames) : tracer::single_ended(result.frames);
  for (tracer::Passage& one : drawn.passages.list)
    if (unfinished && one.fate == tracer::Fate::lost && one.cause.empty())
      one.fate = tracer::Fate::unknown;
  drawn.ladders =
      tracer::ladders(result.frames, drawn.passages, two_ended ? host_names() : tracer::Names());
  return drawn;
}

tracer::MadeReport lab_report(const RunRequest& request, const grader::LabFile& lab,
                              const testbed::RunSpec& spec, const std::string& wire,
                              const testbed::RunResult& result, const DrawnRun& drawn) {
  using Tone = tracer::Verdict::Tone;
  const grader::Scenario& scenario = lab.scenario(request.scenario);
  tracer::ReportWords words;
  words.title = lab.title.empty() ? lab.name : fmt::format("{}: {}", lab.name, lab.title);
  words.application = "wirelab " WIRELAB_VERSION;
  if (!scenario.about.empty())
    words.verdicts.push_back({Tone::note, fmt::format("{}: {}", scenario.name, scenario.about)});
  if (drawn.passages.two_ended)
    words.verdicts.push_back(
        result.complete
            ? tracer::
                  Verdict{Tone::good,
                          "The capture is complete: it holds every frame that the wire carried."}
            : tracer::Verdict{Tone::bad,
                              "The capture is not complete: " + result.incomplete_because + "."});
  auto& facts = words.provenance;
  facts = {{"made by", words.application},
           {"lab", lab.name},
           {"scenario", scenario.name},
           {"wire", wire.empty() ? "nothing but a wire" : wire},
           {"seed", fmt::format("{}", spec.seed)}};
  for (const Side side : {Side::server, Side::client}) {
    const auto& program = result.programs[static_cast<std::size_t>(side)];
    facts.emplace_back(name(side),
                       fmt::format("{} ({})", side == Side::server ? spec.server : spec.client,
                                   how_it_ended(program)));
    if (!program.output.empty())
      facts.emplace_back(fmt::format("{} printed", name(side)), program.output.substr(0, 2000));
  }
  facts.emplace_back("congestion", spec.congestion);
  facts.emplace_back("system", system_text());
  facts.emplace_back(
      "again with", fmt::format("wirelab run {} --scenario {}{} --seed {}", lab.name, scenario.name,
                                request.wire ? fmt::format(" --wire '{}'", wire) : "", spec.seed));
  return tracer::make_report(result.frames, drawn.passages, drawn.ladders, host_interfaces(), words,
                             request.style);
}

}  // namespace cli
