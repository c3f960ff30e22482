#include "labs/grader/class_work.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "labs/grader/answers.hpp"
#include "labs/grader/attempt.hpp"
#include "labs/grader/class_build.hpp"
#include "tracer/bytes/failure.hpp"

namespace grader {
namespace {

namespace fs = std::filesystem;

constexpr std::uintmax_t most_bytes = std::uintmax_t{32} << 20;  // of a submission

/// Regular files only: a link may lead anywhere, and a pipe nowhere.
bool copy_files(const fs::path& from, const fs::path& to) {
  std::uintmax_t bytes = 0;
  fs::create_directories(to);
  for (fs::recursive_directory_iterator entry(from, fs::directory_options::skip_permission_denied),
       end;
       entry != end; ++entry) {
    const fs::path target = to / fs::relative(entry->path(), from);
    if (entry->is_symlink()) continue;
    if (entry->is_directory()) {
      fs::create_directories(target);
    } else if (entry->is_regular_file()) {
      if ((bytes += entry->file_size()) > most_bytes) return false;
      fs::copy_file(entry->path(), target, fs::copy_options::overwrite_existing);
    }
  }
  return true;
}

/// A program in another language gets a starter of the exercise's name.
void write_starter(const fs::path& starter, const fs::path& file) {
  const std::string kind = file.extension();
  const char* interpreter = kind == ".py" ? "python3 " : kind == ".sh" ? "sh " : "";
  fs::create_directories(starter.parent_path());
  std::string quoted;
  for (const char c : file.string()) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  std::ofstream(starter) << "#!/bin/sh\nexec " << interpreter << "'" << quoted << "' \"$@\"\n";
  chmod(starter.c_str(), 0755);
  if (!*interpreter) chmod(file.c_str(), 0755);
}

/// Programs of the lab that stand beside the one under test in its command; of these alone the
/// submission may have copies, for among the others are the solutions.
void copy_companions(const std::string& command, const std::string& own, const fs::path& programs,
                     const fs::path& to) {
  std::istringstream words(command);
  for (std::string word; words >> word;)
    if (word != own && word.find('/') == std::string::npos && fs::is_regular_file(programs / word))
      fs::copy_file(programs / word, to / word, fs::copy_options::overwrite_existing);
}

/// What is tested sees its own folder and the peers; the other host's program sees the lab's.
void contain(testbed::RunSpec& spec, const LabFile& lab, const Exercise& exercise,
             const Scenario& scenario, const Submission& submission, const fs::path& files,
             const WorkPlaces& places) {
  const std::string peers = places.programs / "peers", programs = places.programs / lab.name;
  for (const testbed::Side side : {testbed::Side::client, testbed::Side::server}) {
    testbed::Place& place = spec.places[static_cast<std::size_t>(side)];
    place = {};
    if (under_test(exercise, scenario, submission, side)) {
      copy_companions(side == testbed::Side::server ? spec.server : spec.client, exercise.program,
                      programs, submission.folder);
      place.folder = files;
      place.path = submission.folder.string() + ":" + peers;
    } else {
      place.folder = programs;
      place.path = programs + ":" + peers;
    }
  }
  spec.strict = true;
}

unsigned points_of(const LabFile& lab, const Exercise& exercise) {
  unsigned sum = 0;
  if (!exercise.questions.empty()) {
    for (const Question& one : exercise.questions) sum += one.points;
    return sum;
  }
  for (const std::string& name : exercise.scenarios)
    for (const Rule& rule : lab.scenario(name).rules) sum += rule.points;
  return sum;
}

Verdict verdict_of(const std::vector<RunRecord>& runs) {
  if (runs.empty()) return Verdict::inconclusive;
  Verdict worst = Verdict::pass;
  for (const RunRecord& run : runs)
    worst = run.rules.empty() ? worse(worst, Verdict::inconclusive) : worse(worst, run.verdict);
  return worst;
}

}  // namespace

ExerciseGrade without_run(const LabFile& lab, const Task& task, Verdict verdict,
                          const std::string& because) {
  const Exercise& exercise = lab.exercises.at(task.exercise);
  return {lab.name,
          exercise.name,
          static_cast<unsigned>(task.exercise + 1),
          task.file.filename(),
          verdict,
          because,
          {},
          points_of(lab, exercise),
          {}};
}

ExerciseGrade grade_work(const LabFile& lab, const Task& task, const HandedIn& by,
                         const WorkPlaces& places, std::optional<std::uint64_t> seed) {
  const Exercise& exercise = lab.exercises.at(task.exercise);
  if (task.file.empty()) return without_run(lab, task, Verdict::fail, "not handed in");
  ExerciseGrade grade = without_run(lab, task, Verdict::inconclusive, {});
  TrialSetting setting;
  setting.programs = places.programs;
  setting.seed = seed;
  setting.command =
      fmt::format("wirelab grade {} --exercise {} {}", lab.name, exercise.name, by.name);
  if (!exercise.answers.empty()) {
    grade.runs.push_back(
        check_answers(lab, exercise, setting, places.work / "captures", false, task.file).record);
    grade.verdict = verdict_of(grade.runs);
    return grade;
  }

  const fs::path files = places.work / "files", bin = places.work / "bin";
  if (!copy_files(by.folder, files))
    return without_run(lab, task, Verdict::fail, "it is larger than 32 MiB");
  const fs::path file = files / fs::relative(task.file, by.folder);
  if (file.extension() == ".cpp") {
    const Built built = build_contained({file, files, places.root, bin / exercise.program,
                                         places.work.parent_path() / "cache", exercise.libraries});
    grade.compiler = built.said;
    if (!built.good) {
      grade.verdict = built.decided ? Verdict::fail : Verdict::inconclusive;
      grade.because = built.decided ? "it does not compile" : "it could not be compiled here";
      return grade;
    }
  } else {
    write_starter(bin / exercise.program, file);
  }
  Submission submission;
  submission.name = by.name + "/" + fs::relative(task.file, by.folder).string();
  submission.folder = bin;
  for (const std::string& name : exercise.scenarios) {
    const Scenario& scenario = lab.scenario(name);
    submission.prepare = [&](testbed::RunSpec& spec) {
      contain(spec, lab, exercise, scenario, submission, files, places);
    };
    grade.runs.push_back(run_trial(lab, exercise, scenario, submission, setting));
  }
  grade.verdict = verdict_of(grade.runs);
  return grade;
}

}  // namespace grader
