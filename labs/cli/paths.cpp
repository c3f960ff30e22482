#include "labs/cli/paths.hpp"

#include <cstdlib>

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

}  // namespace

Paths Paths::find() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  const fs::path build = self.parent_path().parent_path();  // …/build/labs/wirelab
  if (fs::exists(build / "build.ninja")) {
    const fs::path root = build.parent_path();
    const fs::path labs = fs::exists(root / "labs" / "01-sockets") ? root / "labs" : fs::path(WIRELAB_SOURCE) / "labs";
    return chosen({labs.parent_path(), labs, build / "labs", build / "tracer" / "tracer", build / "bench" / "wirelab-bench", fs::proximate(build / "demo", error), labs.parent_path() / ".wirelab"});
  }
  const fs::path prefix = self.parent_path().parent_path();  // PREFIX/bin/wirelab
  const char* home = std::getenv("HOME");
  return chosen({prefix / "share/wirelab", prefix / "share/wirelab/labs", prefix / "libexec/wirelab/labs", prefix / "bin/tracer", prefix / "libexec/wirelab/wirelab-bench", "wirelab-demo", fs::path(home ? home : ".") / ".local/state/wirelab"});
}

}  // namespace cli
