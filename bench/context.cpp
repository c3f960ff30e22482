#include "bench/context.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <sys/utsname.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace bench {
namespace {

std::string first_line(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string cpu_model() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);)
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  return "unknown";
}

std::string governor() {
  const std::string found = first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor");
  return found.empty() ? "unknown (no cpufreq here)" : found;
}

int cores() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  return sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
}

double load() {
  double average = 0;
  return getloadavg(&average, 1) == 1 ? average : 0;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> machine_context(const std::string& wire) {
  utsname system{};
  uname(&system);
  return {{"kernel", fmt::format("{} {} {}", system.sysname, system.release, system.machine)},
          {"cpu", cpu_model()},
          {"cores", fmt::format("{}", cores())},
          {"governor", governor()},
          {"load", fmt::format("{:.2f}", load())},
          {"wire", wire}};
}

std::vector<std::string> machine_cautions() {
  std::vector<std::string> cautions;
  if (load() > 0.5 * cores())
    cautions.push_back(
        fmt::format("this machine is busy (load {:.1f} on {} cores): try again when it is quiet",
                    load(), cores()));
  if (governor() == "powersave")
    cautions.emplace_back("the CPU governor is powersave: clock speeds change while we measure");
  return cautions;
}

void stay_on_one_processor() {
  cpu_set_t ours, one;
  CPU_ZERO(&ours);
  CPU_ZERO(&one);
  sched_getaffinity(0, sizeof ours, &ours);
  std::size_t last = 0;
  for (std::size_t i = 0; i < CPU_SETSIZE; ++i)
    if (CPU_ISSET(i, &ours)) last = i;
  CPU_SET(last, &one);
  if (sched_setaffinity(0, sizeof one, &one) != 0) std::perror("sched_setaffinity");
}

}  // namespace bench
