#include "labs/grader/class_plan.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "labs/grader/fingerprint.hpp"
#include "tracer/bytes/failure.hpp"

namespace grader {
namespace {

namespace fs = std::filesystem;
using tracer::Failure;

constexpr std::uintmax_t most_bytes = std::uintmax_t{32} << 20;  // that are read of a submission

/// Where in a submission an exercise may lie: alone, or as in a clone.
std::vector<fs::path> places(const fs::path& folder, const std::string& lab) {
  return {folder,
          folder / "exercise",
          folder / lab,
          folder / lab / "exercise",
          folder / "labs" / lab / "exercise",
          folder / "src"};
}

bool regular(const fs::path& path) {
  std::error_code error;
  return fs::is_regular_file(
      fs::symlink_status(path, error));  // a link might lead to somebody else's
}

fs::path file_for(const fs::path& folder, const LabFile& lab, const Exercise& exercise) {
  for (const fs::path& place : places(folder, lab.name)) {
    if (!exercise.answers.empty()) {
      if (regular(place / exercise.answers)) return place / exercise.answers;
      continue;
    }
    for (const char* extension : {".cpp", ".py", ".sh"})
      if (regular(place / (exercise.program + extension)))
        return place / (exercise.program + extension);
    if (regular(place / exercise.program) && access((place / exercise.program).c_str(), X_OK) == 0)
      return place / exercise.program;
  }
  return {};
}

bool holds_work(const fs::path& folder, const std::vector<LabFile>& labs) {
  return std::ranges::any_of(labs, [&](const LabFile& lab) {
    return std::ranges::any_of(lab.exercises, [&](const Exercise& exercise) {
      return !file_for(folder, lab, exercise).empty();
    });
  });
}

/// A folder of submissions stands for what is in it.
std::vector<fs::path> expand(const std::vector<fs::path>& folders,
                             const std::vector<LabFile>& labs) {
  std::vector<fs::path> all;
  for (const fs::path& given : folders) {
    std::error_code error;
    const fs::path folder = fs::canonical(given, error);
    if (error || !fs::is_directory(folder))
      throw Failure(tracer::exit_code::usage, given.string() + ": there is no such folder",
                    "give the folder of a submission, or of several");
    std::vector<fs::path> inner;
    if (!holds_work(folder, labs))
      for (const auto& entry : fs::directory_iterator(folder, error))
        if (entry.is_directory() && !entry.is_symlink() && holds_work(entry.path(), labs))
          inner.push_back(entry.path());
    if (inner.empty()) {
      all.push_back(folder);
      continue;
    }
    // Beside others' work, a folder without any is somebody who handed in nothing.
    inner.clear();
    for (const auto& entry : fs::directory_iterator(folder, error))
      if (entry.is_directory() && !entry.is_symlink() &&
          !entry.path().filename().string().starts_with('.'))
        inner.push_back(entry.path());
    all.insert(all.end(), inner.begin(), inner.end());
  }
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

/// The lab that folders are about: by a name in their paths, else the only one whose programs they hold.
std::vector<LabFile> find_labs_of(const ClassRequest& request) {
  if (!request.lab.empty()) return {read_lab_file(find_lab(request.labs, request.lab))};
  std::vector<LabFile> known, named, fitting;
  for (const fs::path& folder : find_labs(request.labs)) known.push_back(read_lab_file(folder));
  std::erase_if(known, [](const LabFile& lab) { return lab.exercises.empty(); });
  for (const LabFile& lab : known) {
    const bool is_named = std::ranges::any_of(request.folders, [&](const fs::path& given) {
      std::error_code error;
      const fs::path path = fs::canonical(given, error);
      return std::ranges::any_of(path, [&](const fs::path& part) { return part == lab.name; }) ||
             fs::exists(path / lab.name) || fs::exists(path / "labs" / lab.name / "exercise");
    });
    if (is_named) named.push_back(lab);
    const auto folders = expand(request.folders, {lab});
    if (std::ranges::any_of(folders,
                            [&](const fs::path& folder) { return holds_work(folder, {lab}); }))
      fitting.push_back(lab);
  }
  if (!named.empty()) return named;
  if (fitting.size() == 1) return fitting;
  std::vector<std::string> names;
  for (const LabFile& lab : fitting) names.push_back(lab.name);
  if (names.empty())
    throw Failure(tracer::exit_code::usage, "no folder holds work for any lab",
                  "wirelab grade LAB FOLDER… says which lab it is about");
  throw Failure(tracer::exit_code::usage,
                fmt::format("this may be work for {}", fmt::join(names, ", ")),
                "wirelab grade LAB FOLDER… says which");
}

std::string digest_of(const fs::path& folder) {
  Fingerprint fingerprint;
  std::set<fs::path> files;
  std::error_code error;
  for (fs::recursive_directory_iterator
           entry(folder, fs::directory_options::skip_permission_denied, error),
       end;
       !error && entry != end; entry.increment(error))
    if (regular(entry->path())) files.insert(entry->path());
  std::uintmax_t read = 0;
  for (const fs::path& file : files) {
    fingerprint.add(fs::relative(file, folder, error).string());
    const std::uintmax_t size = fs::file_size(file, error);
    fingerprint.add(std::to_string(size));
    if ((read += size) > most_bytes) continue;
    std::ifstream content(file, std::ios::binary);
    fingerprint.add(std::string(std::istreambuf_iterator<char>(content), {}));
  }
  return fingerprint.text();
}

/// The last part of the path, or as many as tell two apart.
void give_names(std::vector<HandedIn>& all) {
  const auto tail = [](const fs::path& path, std::size_t parts) {
    fs::path name = path.filename();
    for (fs::path up = path.parent_path(); --parts > 0 && up != up.root_path();
         up = up.parent_path())
      name = up.filename() / name;
    return name.string();
  };
  for (std::size_t parts = 1; parts < 32; ++parts) {
    std::map<std::string, unsigned> count;
    for (const HandedIn& one : all) ++count[tail(one.folder, parts)];
    for (HandedIn& one : all)
      if (one.name.empty() && count[tail(one.folder, parts)] == 1)
        one.name = tail(one.folder, parts);
  }
}

}  // namespace

ClassPlan plan_class(const ClassRequest& request) {
  ClassPlan plan;
  plan.labs = find_labs_of(request);
  for (const LabFile& lab : plan.labs)
    if (lab.exercises.empty())
      throw Failure(tracer::exit_code::usage, lab.name + " has no exercises");
  for (const fs::path& folder : expand(request.folders, plan.labs))
    plan.all.push_back({{}, folder, {}, digest_of(folder)});
  give_names(plan.all);
  std::ranges::sort(plan.all, {}, &HandedIn::name);
  const bool nobody = std::ranges::none_of(
      plan.all, [&](const HandedIn& one) { return holds_work(one.folder, plan.labs); });
  for (std::size_t i = 0; i < plan.labs.size(); ++i) {
    const LabFile& lab = plan.labs[i];
    for (std::size_t j = 0; j < lab.exercises.size(); ++j) {
      const Exercise& exercise = lab.exercises[j];
      std::vector<fs::path> files;
      for (const HandedIn& one : plan.all) files.push_back(file_for(one.folder, lab, exercise));
      const bool demanded =
          request.exercises.empty()
              ? nobody ||
                    std::ranges::any_of(files, [](const fs::path& file) { return !file.empty(); })
              : std::ranges::find(request.exercises, exercise.name) != request.exercises.end();
      for (std::size_t k = 0; demanded && k < plan.all.size(); ++k)
        plan.all[k].tasks.push_back({i, j, files[k]});
    }
  }
  for (const std::string& name : request.exercises)
    if (std::ranges::none_of(plan.labs, [&](const LabFile& lab) {
          return std::ranges::any_of(lab.exercises,
                                     [&](const Exercise& one) { return one.name == name; });
        }))
      plan.labs.front().exercise(name);  // says which there are
  return plan;
}

void keep_shard(ClassPlan& plan, unsigned which, unsigned of) {
  std::vector<HandedIn> kept;
  for (std::size_t i = which - 1; i < plan.all.size(); i += of)
    kept.push_back(std::move(plan.all[i]));
  plan.all = std::move(kept);
}

}  // namespace grader
