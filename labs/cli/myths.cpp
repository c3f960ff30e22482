#include "labs/cli/myths.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "labs/grader/command_name.hpp"
#include "labs/grader/judge.hpp"
#include "labs/grader/lab_file.hpp"
#include "labs/grader/report_text.hpp"
#include "labs/grader/trial.hpp"
#include "tracer/bytes/failure.hpp"

namespace cli {
namespace {

using grader::Verdict;
using tracer::Role;

/// A word of `shows`: a rule of the scenario, or a filter that must select a packet.
grader::Rule rule_of(const grader::Scenario& scenario, const std::string& word) {
  for (const grader::Rule& rule : scenario.rules)
    if (rule.id == word) return rule;
  grader::Rule rule;
  rule.demand = grader::Count{{word, {}, {}}, {1, {}}};
  return rule;
}

class Deciding {
 public:
  Deciding(const Paths& paths, const grader::LabFile& lab, const tracer::TextStyle& style)
      : paths_(paths), lab_(lab), style_(style) {}

  Verdict decide(const grader::Myth& myth) {
    const grader::Scenario& scenario = lab_.scenario(myth.scenario);
    const auto& [record, trace] = run(scenario);
    fmt::print("{}", grader::folded("claim", myth.claim, style_));
    if (!trace || !trace->result().complete) {
      fmt::print("{}\n", grader::folded("verdict", "not decided: " + record.because, style_));
      return Verdict::inconclusive;
    }
    bool shown = true;
    std::string measured;
    for (const std::string& word : myth.shows) {
      const grader::Rule rule = rule_of(scenario, word);
      const grader::Finding finding = grader::judge(rule, *trace);
      shown = shown && finding.holds;
      measured += grader::folded(finding.holds ? "measured" : "missing",
                                 fmt::format("{}: {}", grader::wanted(rule), finding.seen), style_);
    }
    const char* word = myth.holds ? "true" : "false";
    fmt::print(
        "{}{}",
        grader::folded(
            "verdict",
            shown ? word : fmt::format("the lab says {}, but this run does not show it", word),
            style_),
        measured);
    fmt::print("{}\n", grader::folded("see",
                                      fmt::format("{} run {} --scenario {}", grader::command_name(),
                                                  lab_.name, myth.scenario),
                                      style_));
    std::fflush(stdout);
    return shown ? Verdict::pass : Verdict::fail;
  }

 private:
  using Run = std::pair<grader::RunRecord, std::shared_ptr<const grader::Trace>>;
  /// One run a scenario, whatever the number of myths that it decides.
  const Run& run(const grader::Scenario& scenario) {
    const auto [at, fresh] = runs_.try_emplace(scenario.name);
    if (fresh) {
      auto& [record, trace] = at->second;
      record = run_trial(lab_, {}, scenario, {}, {paths_.programs, {}, {}}, &trace);
    }
    return at->second;
  }

  const Paths& paths_;
  const grader::LabFile& lab_;
  const tracer::TextStyle& style_;
  std::map<std::string, Run> runs_;
};

}  // namespace

int myths(const Paths& paths, const std::string& name, const tracer::TextStyle& style) {
  Verdict worst = Verdict::pass;
  std::size_t count = 0;
  for (const auto& folder : name.empty() ? grader::find_labs(paths.labs)
                                         : std::vector{grader::find_lab(paths.labs, name)}) {
    const grader::LabFile lab = grader::read_lab_file(folder);
    if (lab.myths.empty()) continue;
    fmt::print("{}\n",
               style.paint(tracer::clipped(lab.name + "  " + lab.title, style.width, style.ascii),
                           Role::heading));
    Deciding deciding(paths, lab, style);
    for (const grader::Myth& myth : lab.myths) {
      worst = worse(worst, deciding.decide(myth));
      ++count;
    }
  }
  if (count == 0)
    throw tracer::Failure(tracer::exit_code::usage,
                          name.empty() ? "no lab has a myth" : name + " has no myth",
                          "wirelab list shows the labs");
  return exit_code(worst);
}

}  // namespace cli
