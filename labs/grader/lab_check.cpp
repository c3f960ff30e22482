#include "labs/grader/lab_check.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "labs/grader/answers.hpp"
#include "tracer/bytes/failure.hpp"

namespace grader {
namespace {

namespace fs = std::filesystem;

constexpr int most_tries = 3;  // of a run that is inconclusive

/// What a job tries: a program, or a sheet of answers.
class Trying {
 public:
  Trying(const LabFile& lab, const LabJob& job, const Places& places)
      : lab_(lab), job_(job), exercise_(lab.exercises[job.exercise]), places_(places) {}

  LabFinding over(unsigned seeds) {
    if (!prepare()) return {{"does not compile:\n" + compiled_.said}, 0};
    // A starter need only fail, whatever the luck.
    for (unsigned seed = 1; seed <= (job_.kind == LabJob::Kind::starter ? 1 : seeds); ++seed) {
      std::vector<RunRecord> runs;
      for (int i = 0; i < most_tries; ++i) {
        runs = once(seed);
        if (std::ranges::none_of(
                runs, [](const RunRecord& run) { return run.verdict == Verdict::inconclusive; }))
          break;
        ++found_.inconclusive;
      }
      judge(seed, runs);
    }
    return found_;
  }

 private:
  bool prepare() {
    compiled_.good = true;
    if (!exercise_.answers.empty() || job_.kind == LabJob::Kind::reference) return true;
    const fs::path source = job_.kind == LabJob::Kind::starter
                                ? learners_file(lab_, exercise_)
                                : lab_.folder / exercise_.wrong[job_.wrong].file;
    submission_ =
        from_source(lab_, exercise_, source,
                    job_.kind == LabJob::Kind::starter ? "starter" : source.stem().string(),
                    places_, false, compiled_);
    return compiled_.good;
  }

  std::vector<RunRecord> once(unsigned seed) const {
    if (exercise_.answers.empty())
      return attempt(lab_, exercise_, submission_, {places_.programs, {}, seed}).runs;
    const fs::path file = job_.kind == LabJob::Kind::wrong
                              ? lab_.folder / exercise_.wrong[job_.wrong].file
                              : fs::path();
    const fs::path captures =
        places_.builds / lab_.name /
        fmt::format("captures-{}-{}-{}", static_cast<int>(job_.kind), job_.exercise, job_.wrong);
    std::error_code error;
    fs::remove_all(captures, error);  // each seed has a run of its own
    try {
      return {check_answers(lab_, exercise_, {places_.programs, {}, seed}, captures,
                            job_.kind == LabJob::Kind::reference, file)
                  .record};
    } catch (const tracer::Failure& failure) {
      if (failure.code != tracer::exit_code::failed) throw;
      RunRecord none;  // no capture: the machine, not the answers
      none.scenario = exercise_.scenarios.front();
      none.because = failure.what();
      return {none};
    }
  }

  void judge(unsigned seed, const std::vector<RunRecord>& runs) {
    Verdict verdict = Verdict::pass;
    std::set<std::string> failed;
    for (const RunRecord& run : runs) {
      verdict = worse(verdict, run.verdict);
      for (const RuleResult& rule : run.rules)
        if (rule.verdict == Verdict::fail) failed.insert(rule.id);
    }
    if (verdict == Verdict::inconclusive) {
      for (const RunRecord& run : runs)
        if (run.verdict == Verdict::inconclusive)
          problem(seed, fmt::format("inconclusive in {}, {} times: {}", run.scenario, most_tries,
                                    run.because));
      return;
    }
    switch (job_.kind) {
      case LabJob::Kind::starter:
        if (verdict == Verdict::pass)
          problem(seed, "the starter passes: there is nothing left to do");
        return;
      case LabJob::Kind::reference:
        for (const RunRecord& run : runs)
          for (const RuleResult& rule : run.rules)
            if (rule.verdict == Verdict::fail)
              problem(seed, fmt::format("{} fails by {}: {}", run.scenario, rule.id, rule.seen));
        return;
      case LabJob::Kind::wrong: break;
    }
    const WrongSolution& wrong = exercise_.wrong[job_.wrong];
    for (const std::string& one : wrong.fails)
      if (!failed.contains(one))
        problem(seed,
                fmt::format("does not fail by {}{}", one,
                            failed.empty() ? ", nor by any other rule"
                                           : fmt::format(", but by {}", fmt::join(failed, ", "))));
    std::vector<std::string> others;
    for (const std::string& one : failed)
      if (std::ranges::find(wrong.fails, one) == wrong.fails.end() &&
          std::ranges::find(wrong.also, one) == wrong.also.end())
        others.push_back(one);
    if (!others.empty())
      problem(seed,
              fmt::format("fails by {} too, which 'also' does not name", fmt::join(others, ", ")));
  }

  void problem(unsigned seed, const std::string& what) {
    std::string line = fmt::format("seed {}: {}", seed, what);
    constexpr std::size_t enough = 5;
    if (found_.problems.size() < enough) found_.problems.push_back(std::move(line));
  }

  const LabFile& lab_;
  const LabJob& job_;
  const Exercise& exercise_;
  const Places& places_;
  Submission submission_;
  Compiled compiled_;
  LabFinding found_;
};

}  // namespace

std::string LabJob::name(const LabFile& lab) const {
  const Exercise& one = lab.exercises[exercise];
  return fmt::format("{}: {}", one.name,
                     kind == Kind::starter ? "the starter fails"
                     : kind == Kind::reference
                         ? "the reference passes"
                         : fmt::format("{} fails by {}", one.wrong[wrong].file,
                                       fmt::join(one.wrong[wrong].fails, ", ")));
}

std::vector<LabJob> jobs_of(const LabFile& lab) {
  std::vector<LabJob> jobs;
  for (std::size_t i = 0; i < lab.exercises.size(); ++i) {
    jobs.push_back({LabJob::Kind::starter, i, 0});
    jobs.push_back({LabJob::Kind::reference, i, 0});
    for (std::size_t k = 0; k < lab.exercises[i].wrong.size(); ++k)
      jobs.push_back({LabJob::Kind::wrong, i, k});
  }
  return jobs;
}

LabFinding carry_out(const LabFile& lab, const LabJob& job, unsigned seeds, const Places& places) {
  try {
    return Trying(lab, job, places).over(seeds);
  } catch (const tracer::Failure& failure) {
    if (failure.code == tracer::exit_code::interrupted) throw;
    return {{failure.what() + (failure.hint.empty() ? std::string() : "; " + failure.hint)}, 0};
  }
}

std::vector<std::string> rules_without_wrong_solution(const LabFile& lab) {
  std::set<std::string> caught, all;  // "scenario: rule": a scenario may grade several exercises
  for (const Exercise& one : lab.exercises) {
    if (!one.answers.empty()) continue;  // a question's rule is that the answer is right
    for (const std::string& name : one.scenarios) {
      for (const Rule& rule : lab.scenario(name).rules) all.insert(name + ": " + rule.id);
      for (const WrongSolution& wrong : one.wrong)
        for (const std::string& rule : wrong.fails) caught.insert(name + ": " + rule);
    }
  }
  std::vector<std::string> missing;
  std::ranges::set_difference(all, caught, std::back_inserter(missing));
  return missing;
}

}  // namespace grader
