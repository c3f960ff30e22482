#include "labs/testbed/program.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "labs/testbed/surroundings.hpp"
#include "tracer/bytes/failure.hpp"

namespace testbed {
namespace {

constexpr rlim_t most_processes = 4096;  // of this user, on kernels before 5.14 outside runs too

const char* call_name(long number) {
  switch (number) {
    case SYS_read: return "read";
    case SYS_write: return "write";
    case SYS_readv: return "readv";
    case SYS_writev: return "writev";
    case SYS_connect: return "connect";
    case SYS_accept: return "accept";
    case SYS_accept4: return "accept";
    case SYS_recvfrom: return "recv";
    case SYS_recvmsg: return "recvmsg";
    case SYS_sendto: return "send";
    case SYS_sendmsg: return "sendmsg";
    case SYS_futex: return "futex (a lock, or a thread to join)";
    case SYS_ppoll: return "poll";
    case SYS_pselect6: return "select";
    case SYS_epoll_pwait: return "epoll_wait";
    case SYS_clock_nanosleep: return "sleep";
    case SYS_nanosleep: return "sleep";
    case SYS_wait4: return "wait";
    case SYS_waitid: return "wait";
    case SYS_rt_sigsuspend: return "sigsuspend";
    case SYS_rt_sigtimedwait: return "sigwait";
#ifdef SYS_poll
    case SYS_poll: return "poll";
    case SYS_pause: return "pause";
    case SYS_select: return "select";
    case SYS_epoll_wait: return "epoll_wait";
#endif
    default: return nullptr;
  }
}

bool is_program(const std::string& word) {
  if (word.find('/') != std::string::npos) return access(word.c_str(), X_OK) == 0;
  const char* path = getenv("PATH");
  std::istringstream folders(path ? path : "/usr/bin:/bin");
  for (std::string folder; std::getline(folders, folder, ':');)
    if (access((folder + "/" + word).c_str(), X_OK) == 0) return true;
  return false;
}

/// One program and its words, nothing that only a shell can do (`exit` is no program): then the
/// shell need not stay as its parent, and the process that we watch and stop is the program itself.
bool is_simple(const std::string& command) {
  const std::string first = command.substr(0, command.find(' '));
  return command.find_first_of(";|&<>()\n`") == std::string::npos &&
         first.find('=') == std::string::npos && !first.empty() && is_program(first);
}

/// Follows the last child of the last child, since a shell only waits for what it started.
pid_t youngest(pid_t process) {
  for (int depth = 0; depth < 16; ++depth) {
    std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", process));
    pid_t last = 0;
    for (pid_t child; children >> child;) last = child;
    if (last == 0) break;
    process = last;
  }
  return process;
}

void prepare_descriptors(int output) {
  const int null = open("/dev/null", O_RDONLY);
  dup2(null, STDIN_FILENO);
  dup2(output, STDOUT_FILENO);
  dup2(output, STDERR_FILENO);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  for (const int number : {SIGINT, SIGTERM, SIGPIPE, SIGCHLD, SIGHUP}) ::signal(number, SIG_DFL);
}

void prepare_environment(const RunSpec& spec, Side side, std::uint16_t port) {
  const bool to_server = side == Side::client;
  setenv("WIRELAB_HOST", name(side), 1);
  setenv("WIRELAB_PEER",
         spec.ipv6 ? (to_server ? "fd00::2" : "fd00::1") : (to_server ? "10.0.0.2" : "10.0.0.1"),
         1);
  setenv("WIRELAB_PORT", std::to_string(port).c_str(), 1);
  setenv("PYTHONUNBUFFERED", "1", 0);
  for (const auto& [key, value] : spec.environment) setenv(key.c_str(), value.c_str(), 1);
  const std::string folders = path_of(spec, side);
  const char* path = getenv("PATH");
  if (!folders.empty())
    setenv("PATH", (folders + ":" + (path ? path : "/usr/bin:/bin")).c_str(), 1);
}

[[noreturn]] void become_command(std::string command, std::uint16_t port) {
  for (std::size_t at; (at = command.find("{port}")) != std::string::npos;)
    command.replace(at, 6, std::to_string(port));
  if (is_simple(command)) command.insert(0, "exec ");
  close_range(3, ~0u, 0);
  execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
  std::fprintf(stderr, "/bin/sh: %s\n", std::strerror(errno));
  _exit(127);
}

void limit_plain_program() {
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  rlimit processes{};  // so that a program that forks for ever does not take the machine with it
  if (getrlimit(RLIMIT_NPROC, &processes) == 0 && processes.rlim_cur > most_processes) {
    processes.rlim_cur = most_processes;
    setrlimit(RLIMIT_NPROC, &processes);
  }
}

std::pair<Fd, Fd> make_output() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    throw tracer::Failure(tracer::exit_code::failed, fmt::format("pipe: {}", std::strerror(errno)));
  fcntl(ends[0], F_SETPIPE_SZ,
        1 << 20);  // who writes without end shall meet its limit, not our pace
  return {Fd(ends[0]), Fd(ends[1])};
}

}  // namespace

Program::Program(const std::string& command, const RunSpec& spec, Side side, std::uint16_t port) {
  auto [read_end, write_end] = make_output();
  pid_ = fork();
  if (pid_ < 0)
    throw tracer::Failure(tracer::exit_code::failed, fmt::format("fork: {}", std::strerror(errno)));
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0);
    limit_plain_program();
    prepare_descriptors(write_end);
    prepare_environment(spec, side, port);
    become_command(command, port);
  }
  setpgid(pid_, pid_);  // also here, so that it is done when signal() is called
  output_ = std::move(read_end);
  fcntl(output_, F_SETFL, O_NONBLOCK);
}

Program::Program(const std::string& command, const RunSpec& spec, Side side, std::uint16_t port,
                 const Fd& network, uid_t user, gid_t group) {
  auto [read_end, write_end] = make_output();
  auto [reports, report] = make_output();
  const Surroundings around = surroundings_of(command, spec, side);
  WardenOrders orders{};
  orders.root = {around.folder, around.readable, spec.limits.disk, user == 0};
  orders.limits = spec.limits;
  orders.user = user;
  orders.group = group;
  orders.host = name(side);
  orders.network = network;
  orders.reports = report;
  orders.required = spec.strict;
  orders.become = [&, output = static_cast<int>(write_end)] {
    prepare_descriptors(output);
    keep_harmless_environment();
    prepare_environment(spec, side, port);
    if (chdir(around.start.c_str()) != 0 && chdir("/tmp") != 0) _exit(126);
    become_command(command, port);
  };
  pid_ = start_warden(orders);
  if (pid_ < 0)
    throw tracer::Failure(tracer::exit_code::not_permitted,
                          fmt::format("no namespaces for a program: {}", std::strerror(errno)),
                          "wirelab doctor says what this system forbids");
  output_ = std::move(read_end);
  reports_ = std::move(reports);
  contained_ = true;
  fcntl(output_, F_SETFL, O_NONBLOCK);
  fcntl(reports_, F_SETFL, O_NONBLOCK);
}

std::optional<WardenReport> Program::next_report() {
  WardenReport report;
  const ssize_t got = reports_ < 0 ? -1 : read(reports_, &report, sizeof report);
  if (got == 0) reports_ = Fd();  // the warden is gone
  if (got != sizeof report) return std::nullopt;
  report.text[sizeof report.text - 1] = 0;
  return report;
}

void Program::signal(int number) const { kill(contained_ ? pid_ : -pid_, number); }

/// The process that the run waits for: not the warden, and not the shell that waits for another.
pid_t Program::working() const {
  if (!contained_) return youngest(pid_);
  std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", pid_));
  pid_t program = 0;
  children >> program;  // the first; orphans that it adopted come after
  return program > 0 ? youngest(program) : pid_;
}

bool Program::can_look_inside() {
  std::array<char, 16> self{};
  return readlink("/proc/self", self.data(), self.size() - 1) > 0 &&
         std::to_string(getpid()) == self.data();
}

std::string Program::blocked_in() const {
  if (!can_look_inside()) return {};
  std::ifstream file(fmt::format("/proc/{}/syscall", working()));
  long number = -1;
  if (!(file >> number)) return {};
  const char* call = call_name(number);
  return call ? call : "";
}

bool Program::idle() const {
  if (!can_look_inside()) return true;
  std::ifstream file(fmt::format("/proc/{}/stat", working()));
  std::string text;
  std::getline(file, text);
  const std::size_t after_name = text.rfind(')');
  if (after_name == std::string::npos || after_name + 2 >= text.size())
    return true;  // cannot be told
  if (text[after_name + 2] != 'S') return false;
  return blocked_in() != "sleep";
}

}  // namespace testbed
