#include "labs/cli/paths.hpp"

#include <fmt/format.h>

#include <cstdlib>

#include "tracer/bytes/failure.hpp"

namespace cli {

namespace fs = std::filesystem;

namespace {

/// Other folders than the usual: $WIRELAB_LABS, $WIRELAB_PROGRAMS, $WIRELAB_STATE.
Paths chosen(Paths paths) {
  const auto choose = [](const char* variable, fs::path& path) {
    if (const char* value = std::getenv(variable); value && *value) path = value;
  };
  choose("WIRELAB_LABS", paths.labs);
  choose("WIRELAB_PROGRAMS", paths.programs);
  choose("WIRELAB_STATE", paths.state);
  return paths;
}

/// Copies the files of a folder that may be read-only, so that they can be edited.
void copy_to_edit(const fs::path& from, const fs::path& to) {
  fs::create_directory(to);
  for (const auto& entry : fs::directory_iterator(from)) {
    const fs::path copy = to / entry.path().filename();
    if (!entry.is_regular_file() || fs::exists(copy)) continue;
    fs::copy_file(entry, copy);
    fs::permissions(copy, fs::perms::owner_write, fs::perm_options::add);
  }
}

}  // namespace

Paths Paths::find() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  const fs::path build = self.parent_path().parent_path();  // …/build/labs/wirelab
  if (fs::exists(build / "build.ninja")) {
    const fs::path root = build.parent_path();
    const fs::path labs = fs::exists(root / "labs" / "01-sockets")
                              ? root / "labs"
                              : fs::path(WIRELAB_SOURCE) / "labs";
    return chosen({labs.parent_path(),
                   labs,
                   build / "labs",
                   build / "tracer" / "tracer",
                   build / "bench" / "wirelab-bench",
                   fs::proximate(build / "demo", error),
                   labs.parent_path() / ".wirelab",
                   {}});
  }
  const fs::path prefix = self.parent_path().parent_path();  // PREFIX/bin/wirelab
  const char* home = std::getenv("HOME");
  const fs::path data = prefix / WIRELAB_DATA, programs = prefix / WIRELAB_LIBEXEC,
                 user = home && *home ? home : ".";
  return chosen({data, data / "labs", programs / "labs", prefix / "bin/tracer",
                 programs / "wirelab-bench", "wirelab-demo", user / ".local/state/wirelab",
                 user / "wirelab"});
}

void Paths::use_own_labs() {
  if (own_labs.empty() || std::getenv("WIRELAB_LABS")) return;
  try {
    const bool fresh = !fs::exists(own_labs);
    for (const auto& lab : fs::directory_iterator(labs)) {
      if (!fs::exists(lab.path() / "lab.toml")) continue;
      const fs::path own = own_labs / lab.path().filename();
      fs::create_directories(own);
      for (const auto& entry : fs::directory_iterator(lab)) {
        const fs::path to = own / entry.path().filename();
        if (fs::exists(fs::symlink_status(to))) continue;
        if (entry.path().filename() == "exercise")
          copy_to_edit(entry, to);
        else
          fs::create_symlink(entry, to);
      }
    }
    if (fresh)
      fmt::print(stderr,
                 "wirelab: your own labs are in {}; the exercises there are yours to edit\n",
                 own_labs.string());
  } catch (const fs::filesystem_error& error) {
    throw tracer::Failure(tracer::exit_code::not_permitted,
                          fmt::format("{}: {}", own_labs.string(), error.code().message()),
                          "exercises are kept in the home folder: is HOME set, and yours?");
  }
  labs = own_labs;
}

}  // namespace cli
