#include "bench/servers/server.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

#include "bench/servers/programs.hpp"
#include "bench/trips/endpoint.hpp"

namespace bench {

namespace fs = std::filesystem;

namespace {

std::vector<int> allowed_cores() {
  cpu_set_t set;
  std::vector<int> cores;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return cores;
  for (int core = 0; core < CPU_SETSIZE; ++core)
    if (CPU_ISSET(core, &set)) cores.push_back(core);
  return cores;
}

void run_on(const std::vector<int>& cores) {
  cpu_set_t set;
  CPU_ZERO(&set);
  for (const int core : cores) CPU_SET(core, &set);
  if (!cores.empty()) sched_setaffinity(0, sizeof set, &set);  // if refused, it runs where it may
}

/// A port that is free now. Somebody may take it before the server does; then await() says so.
std::uint16_t free_port() { return address_of(await_at({}, {htonl(INADDR_LOOPBACK)})).sin_port; }

/// Becomes the server. Nothing here allocates: the strings were made before the fork.
[[noreturn]] void become(const std::vector<char*>& words, const std::vector<int>& cores,
                         pid_t parent) {
  prctl(PR_SET_PDEATHSIG, SIGTERM);  // nginx passes it on to its worker
  if (getppid() != parent) _exit(1);
  run_on(cores);
  rlimit descriptors{};  // of the usual thousand a crowd of idle connections would leave none
  if (getrlimit(RLIMIT_NOFILE, &descriptors) == 0) {
    descriptors.rlim_cur = descriptors.rlim_max;
    setrlimit(RLIMIT_NOFILE, &descriptors);
  }
  const int nothing = open("/dev/null", O_RDWR);
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nothing, fd);
  execv(words.front(), words.data());
  _exit(127);
}

std::uint64_t own_memory(pid_t process) {
  std::ifstream maps(fmt::format("/proc/{}/smaps_rollup", process));
  for (std::string line; std::getline(maps, line);)
    if (line.starts_with("Pss:")) return std::strtoull(line.c_str() + 4, nullptr, 10) * 1024;
  return 0;
}

}  // namespace

Scratch::Scratch() {
  std::error_code error;
  std::string pattern = (fs::temp_directory_path(error) / "wirelab-bench-XXXXXX").string();
  if (!mkdtemp(pattern.data())) throw TripError("no temporary folder can be made");
  path_ = pattern;
  fs::create_directory(path_ / "www", error);
  std::ofstream(path_ / "www" / "hello.txt") << "Hello, wire!\n";
}

Scratch::~Scratch() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

Server::Server(Model model, unsigned threads, const Scratch& scratch) {
  address_.sin_family = AF_INET;
  address_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address_.sin_port = free_port();
  std::vector<std::string> command =
      command_of(model, ntohs(address_.sin_port), threads, scratch.path());
  std::vector<char*> words;
  for (std::string& word : command) words.push_back(word.data());
  words.push_back(nullptr);
  std::vector<int> cores = allowed_cores();
  if (cores.size() > 1) cores.erase(cores.begin() + 1, cores.end());
  const pid_t parent = getpid();
  process_ = must(fork(), "fork");
  if (process_ == 0) become(words, cores, parent);
  await(model);
}

void Server::await(Model model) {
  for (int tries = 0; tries < 500; ++tries) {
    try {
      close(connect_to({}, address_));
      return;
    } catch (const TripError&) {
      if (waitpid(process_, nullptr, WNOHANG) == process_) break;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
  kill(process_, SIGKILL);
  throw TripError(fmt::format("the server ({}) does not start", name(model)));
}

Server::~Server() {
  kill(process_, SIGTERM);
  for (int tries = 0; tries < 200; ++tries) {
    if (waitpid(process_, nullptr, WNOHANG) != 0) return;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
}

std::uint64_t Server::resident() const {
  std::uint64_t sum = own_memory(process_);
  std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", process_));
  for (pid_t child; children >> child;) sum += own_memory(child);
  return sum;
}

AskingCore::AskingCore() : before_(allowed_cores()) {
  if (before_.size() > 1) run_on({before_.back()});
}

AskingCore::~AskingCore() { run_on(before_); }

}  // namespace bench
