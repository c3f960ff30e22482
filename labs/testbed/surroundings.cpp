#include "labs/testbed/surroundings.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string_view>

namespace testbed {
namespace {

namespace fs = std::filesystem;

std::string normal(const fs::path& path) {
  std::string text = fs::absolute(path).lexically_normal();
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

/// Folders in which everybody's things lie: never shown as a whole.
bool is_common(const std::string& folder) {
  constexpr std::array<std::string_view, 9> common{"/",    "/tmp", "/var/tmp", "/var", "/home",
                                                   "/run", "/dev", "/dev/shm", "/proc"};
  return std::ranges::find(common, folder) != common.end();
}

/// A file that the command names, with what lies beside it: a script has modules, a program its data.
void add_named(const std::string& word, std::vector<std::string>& readable) {
  std::error_code error;
  if (word.find('/') == std::string::npos && !fs::is_regular_file(word, error)) return;
  if (!fs::exists(word, error)) return;
  const std::string path = normal(word), parent = fs::path(path).parent_path();
  const char* home = std::getenv("HOME");
  if (fs::is_directory(path, error)) {
    if (!is_common(path) && (!home || path != home)) readable.push_back(path);
  } else if (fs::is_regular_file(path, error)) {
    readable.push_back(is_common(parent) || (home && parent == home) ? path : parent);
  }
}

}  // namespace

std::string path_of(const RunSpec& spec, Side side) {
  return spec.places[static_cast<std::size_t>(side)].path.value_or(spec.path);
}

Surroundings surroundings_of(const std::string& command, const RunSpec& spec, Side side) {
  const Place& place = spec.places[static_cast<std::size_t>(side)];
  std::error_code error;
  Surroundings around;
  around.start = normal(place.folder.empty() ? fs::current_path(error) : fs::path(place.folder));
  if (!is_common(around.start)) around.folder = around.start;
  for (const std::string& one : place.readable) around.readable.push_back(normal(one));
  std::istringstream folders(path_of(spec, side));
  for (std::string one; std::getline(folders, one, ':');)
    if (!one.empty()) around.readable.push_back(normal(one));
  if (!place.folder.empty()) return around;
  std::string words = command;
  std::ranges::replace_if(
      words,
      [](char c) { return std::string_view("'\";|&<>()=").find(c) != std::string_view::npos; },
      ' ');
  std::istringstream split(words);
  for (std::string word; split >> word;) add_named(word, around.readable);
  return around;
}

void keep_harmless_environment() {
  constexpr std::array<std::string_view, 12> names{"PATH", "LANG",    "LANGUAGE",  "TERM",
                                                   "TZ",   "COLUMNS", "LINES",     "NO_COLOR",
                                                   "USER", "LOGNAME", "JAVA_HOME", "GOROOT"};
  constexpr std::array<std::string_view, 7> beginnings{"LC_",   "ASAN_", "UBSAN_", "LSAN_",
                                                       "TSAN_", "MSAN_", "PYTHON"};
  std::vector<std::pair<std::string, std::string>> kept;
  for (char** one = environ; one && *one; ++one) {
    const std::string_view text = *one;
    const std::string_view name = text.substr(0, text.find('='));
    const bool harmless = std::ranges::find(names, name) != names.end() ||
                          std::ranges::any_of(beginnings, [&](std::string_view start) {
                            return name.starts_with(start);
                          });
    if (harmless && name.size() < text.size())
      kept.emplace_back(name, text.substr(name.size() + 1));
  }
  clearenv();
  for (const auto& [name, value] : kept) setenv(name.c_str(), value.c_str(), 1);
  setenv("HOME", "/tmp", 1);
}

}  // namespace testbed
