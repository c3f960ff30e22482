#include "labs/grader/course.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "labs/grader/lab_file.hpp"
#include "tracer/bytes/failure.hpp"

namespace grader {
namespace {

namespace fs = std::filesystem;
using tracer::Failure;

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool is_executable(const fs::path& path) {
  return (fs::status(path).permissions() & fs::perms::owner_exec) != fs::perms::none;
}

void add_file(ExportedTree& tree, const fs::path& root, const fs::path& file) {
  tree[fs::relative(file, root)] = {content(file), is_executable(file)};
}

void add_folder(ExportedTree& tree, const fs::path& root, const std::string& folder) {
  if (!fs::exists(root / folder)) return;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder))
    if (entry.is_regular_file()) add_file(tree, root, entry.path());
}

std::string without_lines(const std::string& text, const std::set<std::string>& lines) {
  std::istringstream in(text);
  std::string out;
  for (std::string line; std::getline(in, line);)
    if (!lines.contains(line)) out += line + "\n";
  return out;
}

/// All that builds: without tests, benchmarks and manual pages, which nobody who is graded needs.
ExportedTree machinery(const fs::path& root) {
  ExportedTree tree;
  for (const char* file : {"wirelab", "meson.build", "meson_options.txt", "LICENSE",
                           "labs/meson.build", "docs/grading.md", "docs/json-schema.md"})
    if (fs::exists(root / file)) add_file(tree, root, root / file);
  for (const char* folder :
       {"tracer", "labs/support", "labs/testbed", "labs/grader", "labs/peers", "labs/cli"})
    add_folder(tree, root, folder);
  tree["meson.build"].content = without_lines(
      tree["meson.build"].content, {"subdir('bench')", "subdir('docs')", "subdir('tests')"});
  return tree;
}

/// Names of files beside them that sources include, also through each other.
std::set<std::string> included(const fs::path& folder, std::vector<fs::path> sources) {
  std::set<std::string> names;
  for (std::size_t i = 0; i < sources.size(); ++i) {
    std::istringstream text(content(sources[i]));
    for (std::string line; std::getline(text, line);) {
      const std::size_t open = line.find('"');
      if (!line.starts_with("#include") || open == std::string::npos) continue;
      const std::string name =
          fs::path(line.substr(open + 1, line.find('"', open + 1) - open - 1)).filename();
      if (fs::exists(folder / name) && names.insert(name).second) sources.push_back(folder / name);
    }
  }
  return names;
}

void add_lab(ExportedTree& tree, const ExportSource& source, const fs::path& folder) {
  const LabFile lab = read_lab_file(folder);
  const std::string base = "labs/" + lab.name + "/";
  std::set<std::string> stems;
  for (const Exercise& exercise : lab.exercises)
    if (!exercise.program.empty()) stems.insert(exercise.program);

  std::vector<fs::path> shown;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".cpp" && !stems.contains(entry.path().stem()))
      shown.push_back(entry.path());
  if (fs::exists(folder / "exercise"))
    for (const auto& entry : fs::directory_iterator(folder / "exercise"))
      shown.push_back(entry.path());
  const std::set<std::string> headers = included(folder, shown);

  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    const fs::path inside = fs::relative(entry.path(), folder);
    const bool on_top = !inside.has_parent_path();
    if (*inside.begin() == "wrong" ||
        (on_top && inside.extension() == ".cpp" && stems.contains(inside.stem())))
      continue;
    if (on_top && inside.extension() == ".hpp" && !stems.empty() && !headers.contains(inside))
      continue;
    tree[base + inside.string()] = {content(entry.path()), is_executable(entry.path())};
  }
  tree[base + "lab.toml"].content = public_lab_file(tree[base + "lab.toml"].content);
  if (stems.empty()) return;
  tree[base + "meson.build"].content =
      public_build_file(tree[base + "meson.build"].content, {stems.begin(), stems.end()});
  for (const std::string& stem : stems) {
    const fs::path built = source.programs / lab.name / stem;
    if (!fs::exists(built))
      throw Failure(tracer::exit_code::failed, built.string() + " is not built",
                    "ninja -C build programs");
    tree[base + "programs/" + stem] = {content(built), true};
  }
}

constexpr const char* course_readme = R"(# Network programming on the wire

    ./wirelab list                    the labs and their exercises
    ./wirelab check 01-sockets        build your exercise, run it between two hosts, judge its packets
    ./wirelab hint 01-sockets         one more hint for what failed last
    ./wirelab watch 01-sockets        check whenever you save

Your work is in `labs/*/exercise/`; each lab's README.md says what it is about. The first `./wirelab` installs what
is missing and builds, which takes a few minutes. `docs/grading.md` says how work is judged. The programs in
`labs/*/programs/` are the other ends of your exercises; grading runs yours where these cannot be reached.
)";

constexpr const char* setup_script = R"(#!/usr/bin/env bash
# Gradescope runs this once, when the image is made: installs what is missing, and builds.
set -euo pipefail
cd "${AUTOGRADER:-/autograder}/source"
chmod +x wirelab
./wirelab list >/dev/null
)";

constexpr const char* run_script = R"(#!/usr/bin/env bash
# Gradescope runs this for each submission. Whatever happens there are results.
set -u
base=${{AUTOGRADER:-/autograder}}
mkdir -p "$base/results"
rm -f "$base/results/results.json"
work=$(mktemp -d)
"$base/source/wirelab" grade {} "$base/submission" --emit gradescope --journal "$work/journal" -o "$base/results/results.json"
status=$?
rm -rf "$work"
if [ ! -s "$base/results/results.json" ]; then
  printf '{{"score": 0, "output": "The grader ended with status %d before there was a result. This is not your fault: tell your teacher.", "visibility": "visible", "stdout_visibility": "hidden"}}\n' "$status" >"$base/results/results.json"
fi
exit 0
)";

}  // namespace

std::string public_lab_file(const std::string& lab_toml) {
  std::string kept, block;
  bool hidden = false;
  const auto finish = [&] {
    if (!hidden) kept += block;
    block.clear();
  };
  std::istringstream in(lab_toml);
  for (std::string line; std::getline(in, line);) {
    std::string plain = line;
    std::erase_if(plain, [](char c) { return c == ' ' || c == '\t'; });
    if (plain.starts_with("[[") ||
        (plain.starts_with("[") && plain.ends_with("]"))) {  // a table's head
      finish();
      hidden = plain.starts_with("[[exercise.wrong]]");
    }
    if (plain.starts_with("hidden=true")) hidden = true;
    block += line + "\n";
  }
  finish();
  return kept;
}

std::string public_build_file(std::string build, const std::vector<std::string>& programs) {
  for (const std::string& program : programs) {
    const std::string word = "'" + program + "'";
    if (const std::size_t call = build.find("executable(" + word); call != std::string::npos) {
      std::size_t end = build.find('(', call) + 1;
      for (int depth = 1; depth > 0 && end < build.size(); ++end)
        depth += build[end] == '(' ? 1 : build[end] == ')' ? -1 : 0;
      const std::size_t start = build.rfind('\n', call) + 1;
      build.erase(start, end - start);
      continue;
    }
    const std::size_t at = build.find(word);
    if (at == std::string::npos)
      throw Failure(tracer::exit_code::usage,
                    fmt::format("the lab's meson.build does not speak of {}", word),
                    "programs are listed in a foreach, or have an executable() each");
    std::size_t end = at + word.size();
    const std::size_t comma = build.find_first_not_of(" \n", end);
    if (comma != std::string::npos && build[comma] == ',') {
      end = std::min(build.find_first_not_of(" \n", comma + 1), build.size());
      build.erase(at, end - at);
    } else {
      const std::size_t before = build.find_last_not_of(" \n", at - 1);
      const std::size_t start = build[before] == ',' ? before : at;
      build.erase(start, end - start);
    }
  }
  std::string list;
  for (const std::string& program : programs) list += (list.empty() ? "'" : ", '") + program + "'";
  return build + fmt::format(
                     "\n# The other ends of the exercises: their sources are what the exercises "
                     "ask for.\nforeach program : [{}]\n"
                     "  configure_file(input: 'programs' / program, output: program, copy: "
                     "true)\nendforeach\n",
                     list);
}

ExportedTree course_tree(const ExportSource& source) {
  ExportedTree tree = machinery(source.root);
  for (const fs::path& folder : find_labs(source.root / "labs")) add_lab(tree, source, folder);
  tree["README.md"] = {course_readme, false};
  tree[".gitignore"] = {"/build/\n/.wirelab/\n", false};
  return tree;
}

ExportedTree autograder_tree(const ExportSource& source, const std::string& lab,
                             const std::vector<std::string>& exercises) {
  ExportedTree tree = machinery(source.root);
  for (const fs::path& folder : find_labs(source.root / "labs"))
    add_folder(tree, source.root, fs::relative(folder, source.root));
  std::string words;
  if (!lab.empty()) {
    const LabFile chosen = read_lab_file(find_lab(source.root / "labs", lab));
    words = "--lab " + chosen.name;
    for (const std::string& exercise : exercises)
      words += " --exercise " + chosen.exercise(exercise).name;
  }
  tree["setup.sh"] = {setup_script, true};
  tree["run_autograder"] = {fmt::format(run_script, words), true};
  return tree;
}

}  // namespace grader
