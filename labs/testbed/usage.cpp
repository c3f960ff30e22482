#include "labs/testbed/usage.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

#include "labs/support/fd.hpp"

namespace testbed {
namespace {

std::string content(const std::string& path) {
  const Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<char, 4096> buffer;
  const ssize_t got = file < 0 ? -1 : read(file, buffer.data(), buffer.size());
  return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : std::string();
}

/// proc(5): fields 20, num_threads, and 24, rss in pages; they are counted from behind the name.
void add_process(const std::string& stat, Usage& usage) {
  const std::size_t after_name = stat.rfind(')');
  if (after_name == std::string::npos) return;
  std::istringstream fields(stat.substr(after_name + 1));
  std::string skipped;
  for (int field = 3; field < 20; ++field) fields >> skipped;
  std::uint64_t threads = 0, pages = 0;
  fields >> threads >> skipped >> skipped >> skipped >> pages;
  usage.tasks += static_cast<unsigned>(threads);
  usage.memory += pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

/// Proportional set size, in bytes (proc(5), smaps_rollup).
std::uint64_t share_of(const std::string& process) {
  const std::string text = content("/proc/" + process + "/smaps_rollup");
  const std::size_t at = text.find("\nPss:");
  return at == std::string::npos ? 0 : std::strtoull(text.c_str() + at + 5, nullptr, 10) * 1024;
}

/// What processes have when shared memory is shared out. Finding out takes the locks that fork(2) needs,
/// so among many that fork it may take seconds; there a quarter of the plain sum must do.
std::uint64_t shared_out(const std::vector<std::string>& processes, std::uint64_t sum) {
  constexpr std::size_t few = 32;
  if (processes.size() > few) return sum / 4;
  std::uint64_t memory = 0;
  for (const std::string& one : processes) memory += share_of(one);
  return memory;
}

/// Not where a container keeps us from a /proc of our own.
bool own_proc() {
  std::array<char, 16> self{};
  return readlink("/proc/self", self.data(), self.size() - 1) > 0 &&
         std::to_string(getpid()) == self.data();
}

}  // namespace

Usage current_usage(unsigned tasks_matter, std::uint64_t memory_matters) {
  Usage usage;
  std::vector<std::string> processes;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(
      own_proc() ? opendir("/proc") : nullptr, [](DIR* one) { return one ? closedir(one) : 0; });
  while (const dirent* entry = folder ? readdir(folder.get()) : nullptr) {
    if (usage.tasks > tasks_matter) return usage;
    if (entry->d_name[0] < '1' || entry->d_name[0] > '9' || std::strcmp(entry->d_name, "1") == 0)
      continue;
    processes.emplace_back(entry->d_name);
    add_process(content("/proc/" + processes.back() + "/stat"), usage);
  }
  if (usage.memory > memory_matters && processes.size() > 1)
    usage.memory = shared_out(processes, usage.memory);
  struct statvfs disk {};
  if (statvfs("/tmp", &disk) == 0) usage.disk_free = disk.f_bavail * disk.f_bsize;
  return usage;
}

}  // namespace testbed
