#include "labs/cli/check.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>

#include "labs/grader/answers.hpp"
#include "labs/grader/attempt.hpp"
#include "labs/grader/command_name.hpp"
#include "labs/grader/notebook.hpp"
#include "labs/grader/report_text.hpp"
#include "tracer/bytes/failure.hpp"

namespace cli {
namespace {

using grader::RuleResult;
using grader::RunRecord;
using grader::Verdict;
using tracer::Role;

std::string quoted(const std::string& word) {
  if (word.find_first_not_of(
          "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:@%+,") ==
          std::string::npos &&
      !word.empty())
    return word;
  std::string text = "'";
  for (const char c : word) text += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return text + "'";
}

std::string reproducing(const CheckRequest& request, const std::string& lab,
                        const std::string& exercise, std::uint64_t seed) {
  std::string text =
      fmt::format("{} check {} {} --seed {}", grader::command_name(), lab, exercise, seed);
  if (request.solution) text += " --solution";
  if (!request.source.empty()) text += " --file " + quoted(request.source);
  if (request.server) text += " --server " + quoted(*request.server);
  if (request.client) text += " --client " + quoted(*request.client);
  return text;
}

/// The rules that failed, the one that says most first: that a reference waits in vain is only a consequence
/// of what another rule names.
std::vector<const RuleResult*> by_weight(const RunRecord& record) {
  std::vector<const RuleResult*> failed;
  for (const RuleResult& rule : record.rules)
    if (rule.verdict == Verdict::fail && !rule.hidden) failed.push_back(&rule);
  const bool peer_hangs = std::ranges::any_of(
      record.programs,
      [](const grader::ProgramRecord& one) { return one.timed_out && !one.under_test; });
  if (peer_hangs && failed.size() > 1 && failed.front()->id == grader::rule_that_programs_run)
    std::rotate(failed.begin(), failed.begin() + 1, failed.end());
  return failed;
}

/// One exercise, once or many times.
class Check {
 public:
  Check(const Paths& paths, const CheckRequest& request, const grader::LabFile& lab,
        const grader::Exercise& exercise, grader::Notebook& notebook)
      : paths_(paths),
        request_(request),
        lab_(lab),
        exercise_(exercise),
        notebook_(notebook),
        style_(request.style) {}

  Verdict run() {
    fmt::print("{}\n", style_.paint(fmt::format("{} {} {}", lab_.name, style_.ascii ? "-" : "·",
                                                exercise_.name),
                                    Role::heading));
    fmt::print("{}\n", grader::folded("task", exercise_.task, style_));
    if (!exercise_.answers.empty()) return note(questions());
    grader::Submission submission;
    if (!prepare(submission)) return note(Verdict::fail);
    Verdict worst = Verdict::pass;
    for (unsigned i = 0; i < request_.times; ++i) {
      const Verdict one = once(submission, i);
      ++counts_[static_cast<std::size_t>(one)];
      worst = worse(worst, one);
    }
    if (request_.times > 1)
      fmt::print("{} runs: {} passed, {} failed, {} inconclusive\n", request_.times, counts_[0],
                 counts_[1], counts_[2]);
    return note(worst);
  }

 private:
  bool prepare(grader::Submission& submission) {
    if (request_.server || request_.client) {
      submission.name = request_.server.value_or("") +
                        (request_.server && request_.client ? " | " : "") +
                        request_.client.value_or("");
      submission.server = request_.server;
      submission.client = request_.client;
      return true;
    }
    if (request_.solution) {
      submission = grader::from_reference(exercise_);
      return true;
    }
    const std::filesystem::path source = request_.source.empty()
                                             ? grader::learners_file(lab_, exercise_)
                                             : std::filesystem::path(request_.source);
    grader::Compiled compiled;
    submission = grader::from_source(
        lab_, exercise_, source, request_.source.empty() ? "exercise" : "file",
        {paths_.root, paths_.programs, paths_.state / "build"}, style_.color, compiled);
    if (!compiled.said.empty())
      fmt::print("{}{}", compiled.said,
                 compiled.said.ends_with('\n') ? "" : "\n");  // as the compiler said it
    if (!compiled.good)
      fmt::print("{}\n", style_.paint("it does not compile: see above", Role::lost));
    return compiled.good;
  }

  Verdict questions() {
    grader::AnswerSheet sheet = grader::check_answers(
        lab_, exercise_,
        {paths_.programs,
         reproducing(request_, lab_.name, exercise_.name, request_.seed.value_or(1)),
         request_.seed},
        paths_.state / "captures", request_.solution, request_.source);
    fmt::print("{}", grader::folded("capture",
                                    std::filesystem::proximate(sheet.capture).string() +
                                        (sheet.fresh ? " (made just now, and kept)" : ""),
                                    style_));
    fmt::print("{}\n", grader::folded("look",
                                      grader::command_name() + " trace -T bytes -r " +
                                          std::filesystem::proximate(sheet.capture).string(),
                                      style_));
    show(sheet.record, nullptr);
    return sheet.record.verdict;
  }

  Verdict once(const grader::Submission& submission, unsigned round) {
    grader::TrialSetting setting{paths_.programs, {}, request_.seed};
    if (request_.times > 1) setting.seed = request_.seed.value_or(1) + round;
    const auto heard = [&](RunRecord& record, const grader::Trace* trace) {
      record.command = reproducing(request_, lab_.name, exercise_.name, record.seed);
      if (request_.times == 1 || (record.verdict != Verdict::pass && !told_)) show(record, trace);
      if (record.verdict == Verdict::fail) remember(record);
    };
    return attempt(lab_, exercise_, submission, setting, heard).verdict;
  }

  /// The rules of a run; of the first failures, the story.
  void show(RunRecord& record, const grader::Trace* trace) {
    const unsigned run = notebook_.keep(record, trace);
    last_run_ = run;
    fmt::print("{}", grader::rule_lines(record, style_));
    for (const RuleResult* rule : by_weight(record)) {
      if (told_ && !request_.all) continue;
      fmt::print("\n{}", grader::failure_story(record, *rule, run, style_));
      told_ = true;
    }
    fmt::print("\n");
    std::fflush(stdout);
    if (record.verdict == Verdict::fail) remember(record);
  }

  void remember(const RunRecord& record) {
    if (!failing_.empty()) return;
    for (const RuleResult* rule : by_weight(record))
      if (failing_.empty()) failing_ = rule->id;
  }

  Verdict note(Verdict verdict) {
    if (!request_.solution) notebook_.update([&] { write_down(verdict); });
    fmt::print("{}: {}\n", exercise_.name,
               style_.paint(name(verdict), verdict == Verdict::pass   ? Role::good
                                           : verdict == Verdict::fail ? Role::lost
                                                                      : Role::warning));
    return verdict;
  }

  /// A file that is not the learner's own is no try of his.
  void write_down(Verdict verdict) {
    grader::Entry& entry = notebook_.entry(lab_.name, exercise_.name);
    if (last_run_) entry.run = last_run_;
    if (!request_.source.empty()) return;
    ++entry.tries;
    entry.failing = failing_;
    if (verdict == Verdict::pass && entry.done.empty())
      entry.done = fmt::format("{:%Y-%m-%d}", fmt::localtime(std::time(nullptr)));
  }

  const Paths& paths_;
  const CheckRequest& request_;
  const grader::LabFile& lab_;
  const grader::Exercise& exercise_;
  grader::Notebook& notebook_;
  const tracer::TextStyle& style_;
  unsigned counts_[3] = {0, 0, 0}, last_run_ = 0;
  bool told_ = false;
  std::string failing_;
};

}  // namespace

int check(const Paths& paths, const CheckRequest& request) {
  const grader::LabFile lab = grader::read_lab_file(grader::find_lab(paths.labs, request.lab));
  lab.exercise(request.exercise);  // says which there are, if there is none
  grader::Notebook notebook(paths.state);
  Verdict worst = Verdict::pass;
  for (const grader::Exercise& exercise : lab.exercises)
    if (request.exercise.empty() || exercise.name == request.exercise)
      worst = worse(worst, Check(paths, request, lab, exercise, notebook).run());
  return exit_code(worst);
}

}  // namespace cli
