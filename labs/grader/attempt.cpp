#include "labs/grader/attempt.hpp"

#include <sys/stat.h>

#include <fstream>

#include "tracer/bytes/failure.hpp"

namespace grader {
namespace {

namespace fs = std::filesystem;

/// A program of another language gets a starter of its name, so that commands find it all the same.
Submission from_script(const Exercise& exercise, const fs::path& source, const fs::path& folder,
                       const char* interpreter) {
  fs::create_directories(folder);
  const fs::path starter = folder / exercise.program;
  std::string quoted;  // for the shell
  for (const char c : fs::absolute(source).string())
    quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  std::ofstream(starter) << "#!/bin/sh\nexec " << interpreter << " '" << quoted << "' \"$@\"\n";
  chmod(starter.c_str(), 0755);
  return {source.filename(), folder, {}, {}, {fs::absolute(source).parent_path().string()}, {}};
}

}  // namespace

fs::path learners_file(const LabFile& lab, const Exercise& exercise) {
  const fs::path folder = lab.folder / "exercise";
  for (const char* extension : {".cpp", ".py", ".sh"})
    if (fs::exists(folder / (exercise.program + extension)))
      return folder / (exercise.program + extension);
  throw tracer::Failure(
      tracer::exit_code::usage,
      (folder / (exercise.program + ".cpp")).string() + ": the starter is not there",
      "wirelab reset " + lab.name + " brings it back");
}

CompileJob compile_job(const LabFile& lab, const Exercise& exercise, const fs::path& source,
                       const std::string& label, const Places& places, bool color) {
  return {source,           places.root,        places.builds / lab.name / label,
          exercise.program, exercise.libraries, color};
}

Submission from_source(const LabFile& lab, const Exercise& exercise, const fs::path& source,
                       const std::string& label, const Places& places, bool color,
                       Compiled& compiled) {
  const fs::path folder = places.builds / lab.name / label;
  compiled = {};
  compiled.good = true;
  if (source.extension() == ".py") return from_script(exercise, source, folder, "python3");
  if (source.extension() == ".sh") return from_script(exercise, source, folder, "sh");
  compiled = compile(compile_job(lab, exercise, source, label, places, color));
  return {fs::proximate(source, lab.folder).string(), folder, {}, {}, {}, {}};
}

Submission from_reference(const Exercise&) { return {"the reference", {}, {}, {}, {}, {}}; }

AttemptResult attempt(const LabFile& lab, const Exercise& exercise, const Submission& submission,
                      const TrialSetting& setting,
                      const std::function<void(RunRecord&, const Trace*)>& heard) {
  AttemptResult result;
  for (const std::string& name : exercise.scenarios) {
    std::shared_ptr<const Trace> trace;
    RunRecord record = run_trial(lab, exercise, lab.scenario(name), submission, setting, &trace);
    if (heard) heard(record, trace.get());
    result.verdict = result.runs.empty() ? record.verdict : worse(result.verdict, record.verdict);
    result.points += record.earned();
    result.of += record.points();
    result.runs.push_back(std::move(record));
  }
  return result;
}

}  // namespace grader
