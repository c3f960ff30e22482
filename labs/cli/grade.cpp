#include "labs/cli/grade.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "labs/grader/class_grade.hpp"
#include "labs/grader/class_merge.hpp"
#include "labs/grader/emit.hpp"
#include "labs/grader/fingerprint.hpp"
#include "tracer/bytes/failure.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;
using grader::SubmissionGrade;
using grader::Verbosity;
using grader::Verdict;
using tracer::Failure;

/// "2/4" as numbers.
std::pair<unsigned, unsigned> shard_of(const std::string& text) {
  unsigned which = 0, of = 0;
  const char* end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, which);
  if (first.ec == std::errc() && first.ptr != end && *first.ptr == '/') {
    const auto second = std::from_chars(first.ptr + 1, end, of);
    if (second.ec == std::errc() && second.ptr == end && which >= 1 && which <= of)
      return {which, of};
  }
  throw Failure(tracer::exit_code::usage, fmt::format("'{}' is no shard", text),
                "--shard 2/4 is the second of four");
}

grader::ClassRequest class_request(const Paths& paths, const GradeRequest& request) {
  grader::ClassRequest wanted{paths.labs, request.lab, request.exercises, {}};
  std::vector<std::string> words = request.what;
  // The first word is a folder if there is one of that name, unless it is a lab's own.
  if (wanted.lab.empty() && !words.empty() &&
      (!fs::is_directory(words[0]) || fs::exists(fs::path(words[0]) / "lab.toml"))) {
    wanted.lab =
        fs::is_directory(words[0]) ? fs::canonical(words[0]).filename().string() : words[0];
    words.erase(words.begin());
  }
  for (const std::string& word : words) wanted.folders.emplace_back(word);
  if (wanted.folders.empty()) {
    if (wanted.lab.empty())
      throw Failure(tracer::exit_code::usage, "grade what?",
                    "wirelab grade LAB FOLDER…; without a folder, your own exercises of that lab");
    wanted.folders.push_back(grader::find_lab(paths.labs, wanted.lab) / "exercise");
  }
  return wanted;
}

Verbosity verbosity_of(const GradeRequest& request, std::size_t submissions) {
  if (request.verbosity.empty()) return submissions == 1 ? Verbosity::full : Verbosity::none;
  return request.verbosity == "full"   ? Verbosity::full
         : request.verbosity == "seen" ? Verbosity::seen
                                       : Verbosity::none;
}

void write_file(const fs::path& file, const std::string& text) {
  // Whole or not at all: nobody shall take half a file of grades for the class.
  const fs::path building = file.string() + ".part";
  std::ofstream out(building, std::ios::binary);
  out << text;
  out.close();
  std::error_code error;
  if (out) fs::rename(building, file, error);
  if (!out || error)
    throw Failure(tracer::exit_code::failed, fmt::format("{}: cannot be written", file.string()),
                  "the results are safe in the journal: run it again with another -o");
}

bool is_folder(const std::string& out) { return out.ends_with('/') || fs::is_directory(out); }

void write_results(const GradeRequest& request, const std::vector<SubmissionGrade>& grades) {
  const grader::Emitter& emitter = grader::emitter(request.format);
  const Verbosity verbosity = verbosity_of(request, grades.size());
  const bool separate = is_folder(request.out);
  if (!emitter.one_file && !separate && grades.size() != 1)
    throw Failure(
        tracer::exit_code::usage,
        fmt::format("{} has a file a submission, and there are {}", request.format, grades.size()),
        "-o FOLDER/ takes them all");
  if (!separate) {
    const std::string text = emitter.write(grades, verbosity);
    if (request.out == "-")
      fmt::print("{}", text);
    else
      write_file(request.out, text);
    return;
  }
  fs::create_directories(request.out);
  for (const SubmissionGrade& one : grades) {
    std::string name = one.name;
    std::ranges::replace(name, '/', '_');
    write_file(fs::path(request.out) / (name + "." + emitter.extension),
               emitter.write({one}, verbosity));
  }
}

/// Everything that must be the same for a journal to be taken up again.
std::string about(const grader::ClassPlan& plan, const GradeRequest& request) {
  grader::Fingerprint rules;
  for (const grader::LabFile& lab : plan.labs) {
    std::ifstream file(lab.folder / "lab.toml", std::ios::binary);
    rules.add(lab.name);
    rules.add(std::string(std::istreambuf_iterator<char>(file), {}));
  }
  return fmt::format("wirelab {}, shard {}, seed {}, labs {}", WIRELAB_VERSION,
                     request.shard.empty() ? "1/1" : request.shard,
                     request.seed ? std::to_string(*request.seed) : "as in the labs", rules.text());
}

fs::path journal_of(const GradeRequest& request) {
  if (!request.journal.empty()) return request.journal;
  if (request.out == "-")
    return fs::temp_directory_path() / fmt::format("wirelab-grade-{}", getpid());
  std::string beside = request.out;
  while (beside.size() > 1 && beside.ends_with('/')) beside.pop_back();
  return beside + ".journal";
}

int conclude(const std::vector<SubmissionGrade>& grades) {
  std::size_t counts[3] = {0, 0, 0};
  Verdict worst = grades.empty() ? Verdict::fail : Verdict::pass;
  for (const SubmissionGrade& one : grades) {
    ++counts[static_cast<std::size_t>(one.verdict())];
    worst = worse(worst, one.verdict());
  }
  fmt::print(stderr, "wirelab: {} submissions: {} pass, {} fail, {} inconclusive\n", grades.size(),
             counts[0], counts[1], counts[2]);
  return exit_code(worst);
}

int merge(const GradeRequest& request) {
  std::vector<fs::path> files(request.what.begin(), request.what.end());
  const std::vector<SubmissionGrade> grades = grader::merge_grades(files);
  write_results(request, grades);
  return conclude(grades);
}

}  // namespace

CLI::App* add_grade(CLI::App& app, GradeRequest& request) {
  auto* grade = app.add_subcommand(
      "grade", "grade submissions: grade LAB FOLDER…; LAB alone grades your own exercises");
  grade->add_option("WHAT", request.what,
                    "a lab, then folders of submissions; with --merge, files of grades");
  grade->add_option("--lab", request.lab, "the lab, where folders do not tell")->type_name("LAB");
  grade
      ->add_option("--exercise", request.exercises, "demand these; else all that anybody handed in")
      ->type_name("NAME")
      ->allow_extra_args(false);
  grade
      ->add_option("--emit", request.format,
                   fmt::format("{}", fmt::join(grader::emitter_names(), ", ")))
      ->check(CLI::IsMember(grader::emitter_names()));
  grade->add_option("-o", request.out, "where results go; a folder takes a file a submission")
      ->type_name("FILE");
  grade
      ->add_option("--verbosity", request.verbosity,
                   "full, seen or none; full for one submission, none for a class")
      ->check(CLI::IsMember({"full", "seen", "none"}));
  grade
      ->add_option("--jobs", request.jobs,
                   "so many at a time; as many as there are processors if not given")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  grade->add_option("--seed", request.seed, "instead of the scenarios' own")->type_name("N");
  grade->add_option("--shard", request.shard, "the I-th of N parts of the class")->type_name("I/N");
  grade
      ->add_option("--journal", request.journal,
                   "where results are kept until all are there; FILE.journal if not given")
      ->type_name("FILE");
  grade->add_flag("--merge", request.merge, "join files that shards wrote with --emit json");
  return grade;
}

int grade(const Paths& paths, const GradeRequest& request) {
  grader::emitter(request.format);
  if (request.merge) return merge(request);
  grader::ClassPlan plan = grader::plan_class(class_request(paths, request));
  if (!request.shard.empty()) {
    const auto [which, of] = shard_of(request.shard);
    grader::keep_shard(plan, which, of);
  }
  if (!grader::emitter(request.format).one_file && plan.all.size() != 1 && !is_folder(request.out))
    throw Failure(tracer::exit_code::usage,
                  fmt::format("{} has a file a submission, and there are {}", request.format,
                              plan.all.size()),
                  "-o FOLDER/ takes them all");
  const fs::path file = journal_of(request);
  grader::Journal journal(file, about(plan, request));
  if (journal.found() > 0)
    fmt::print(stderr, "wirelab: going on where an earlier grading stopped ({})\n", file.string());
  grader::ClassSetting setting;
  setting.places = {paths.root, paths.programs, fs::absolute(file).string() + ".work"};
  setting.jobs =
      request.jobs > 0 ? request.jobs : std::max(1u, std::thread::hardware_concurrency());
  setting.seed = request.seed;
  setting.heard = [](const SubmissionGrade& one, std::size_t done, std::size_t all) {
    fmt::print(stderr, "{:>{}}/{}  {:<13} {:>3} of {:<3} {}\n", done, std::to_string(all).size(),
               all, name(one.verdict()), one.earned(), one.of(), tracer::printable(one.name));
  };
  const std::vector<SubmissionGrade> grades = grade_class(plan, journal, setting);
  write_results(request, grades);
  journal.finish();
  return conclude(grades);
}

}  // namespace cli
