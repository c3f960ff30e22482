#include "labs/testbed/warden.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>

#include "labs/testbed/confine.hpp"
#include "labs/testbed/usage.hpp"
#include "tracer/bytes/failure.hpp"

namespace testbed {
namespace {

constexpr timespec between_looks{0, 10'000'000};
constexpr unsigned mebibyte_bits = 20;
constexpr std::uint64_t prompt =
    100'000;  // nanoseconds: one that watches hundreds must get its turn among them
constexpr unsigned numbers_kept_by_the_kernel = 300;  // not used again after the first round

/// Asks for turns of this length, 0 for the usual: who has short ones gets the next one early (EEVDF).
/// sched_setattr(2) takes it from anybody since Linux 6.12; before, it changes nothing.
void take_turns_of(std::uint64_t nanoseconds) {
  struct {
    std::uint32_t size = 48, policy = SCHED_OTHER;
    std::uint64_t flags = 0;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime = 0, deadline = 0, period = 0;
  } attributes;
  attributes.nice = getpriority(PRIO_PROCESS, 0);
  attributes.runtime = nanoseconds;
  syscall(SYS_sched_setattr, 0, &attributes, 0);
}

class Warden {
 public:
  explicit Warden(const WardenOrders& orders) : orders_(orders) {}

  [[noreturn]] void run() {
    block_signals();
    take_turns_of(prompt);
    sethostname(orders_.host.c_str(), orders_.host.size());
    const Fd proc(
        open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));  // writable, unlike the one to come
    limit_process_numbers(proc);
    contained_ = make_root();
    if (!contained_ && orders_.required) _exit(1);
    program_ = fork();
    if (program_ == 0) start_program(proc);
    if (program_ < 0) {
      report(WardenReport::refused, fmt::format("fork: {}", std::strerror(errno)));
      _exit(1);
    }
    leave_to_program();
    while (true) {
      take_signal();
      if (contained_) watch();  // first: a program may end because it met a limit of the kernel's
      reap();
    }
  }

 private:
  void block_signals() {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    sigemptyset(&signals_);
    for (const int one : {SIGTERM, SIGCHLD}) sigaddset(&signals_, one);
    sigprocmask(SIG_SETMASK, &signals_, nullptr);
  }

  /// The kernel does not count root's processes (RLIMIT_NPROC, setrlimit(2)), but since Linux 6.14 a
  /// process namespace has a highest number of its own; before, this would be the machine's.
  void limit_process_numbers(const Fd& proc) const {
    utsname system{};
    int version = 0, patch = 0;
    if (uname(&system) != 0 || std::sscanf(system.release, "%d.%d", &version, &patch) != 2) return;
    if (version < 6 || (version == 6 && patch < 14)) return;
    const Fd highest(openat(proc, "sys/kernel/pid_max", O_WRONLY | O_CLOEXEC));
    const std::string text =
        std::to_string(numbers_kept_by_the_kernel + 4 * orders_.limits.processes);
    if (highest >= 0 && write(highest, text.data(), text.size()) < 0)
      return;  // the watch alone, then
  }

  bool make_root() {
    try {
      for (const std::string& less : enter_private_root(orders_.root))
        report(WardenReport::note, less);
      return true;
    } catch (const tracer::Failure& failure) {
      report(orders_.required ? WardenReport::refused : WardenReport::note, failure.what());
      return false;
    }
  }

  [[noreturn]] void start_program(const Fd& proc) {
    setsid();
    take_turns_of(0);
    if (setns(orders_.network, CLONE_NEWNET) != 0) refuse("the host's network");
    if (!give_up_privileges(orders_.user, orders_.group, proc)) refuse("privileges");
    set_kernel_limits(orders_.limits);
    orders_.become();
    _exit(127);
  }

  [[noreturn]] void refuse(const char* what) {
    report(WardenReport::refused, fmt::format("{}: {}", what, std::strerror(errno)));
    _exit(126);
  }

  /// Its output ends when its last process does, and not when we do.
  void leave_to_program() {
    const auto reports = static_cast<unsigned>(orders_.reports);
    if (reports > 0) close_range(0, reports - 1, 0);
    close_range(reports + 1, ~0u, 0);
  }

  void take_signal() {
    if (sigtimedwait(&signals_, nullptr, &between_looks) == SIGTERM) kill(-1, SIGTERM);
  }

  /// A few at a time: the dead count until then, so whoever meets the kernel's limit on processes,
  /// which is a quarter above ours, and dies of it at once, is still seen by the next look.
  void reap() {
    const unsigned most = limit_broken_ ? UINT_MAX : orders_.limits.processes / 8 + 1;
    int status = 0;
    pid_t one = 0;
    for (unsigned i = 0; i < most && (one = waitpid(-1, &status, WNOHANG)) > 0; ++i) {
      if (one != program_) continue;
      if (contained_) watch();  // once more: much can happen between two looks
      report(WardenReport::ended, cause_of(status), status);
    }
    if (one < 0 && errno == ECHILD) _exit(0);
  }

  /// The kernel's own limit on one file's size is the only one that ends a program.
  std::string cause_of(int status) const {
    if (!contained_ || !WIFSIGNALED(status) || WTERMSIG(status) != SIGXFSZ) return {};
    return fmt::format("a file of more than {} MiB", orders_.limits.disk >> mebibyte_bits);
  }

  void watch() {
    if (limit_broken_) {
      kill(-1, SIGKILL);  // one that forks for ever may have had another while we went through them
      return;
    }
    const Limits& limits = orders_.limits;
    const Usage usage = current_usage(limits.processes, limits.memory);
    if (usage.tasks > limits.processes)
      end_all(fmt::format("more than {} processes and threads", limits.processes));
    else if (usage.memory > limits.memory)
      end_all(fmt::format("more than {} MiB of memory", limits.memory >> mebibyte_bits));
    else if (usage.disk_free == 0)
      end_all(fmt::format("more than {} MiB written to its folder and /tmp",
                          limits.disk >> mebibyte_bits));
  }

  void end_all(const std::string& limit) {
    limit_broken_ = true;
    report(WardenReport::limit, limit);
    kill(-1, SIGKILL);
  }

  void report(WardenReport::Kind kind, const std::string& text, int status = 0) {
    WardenReport one{kind, status, {}};
    text.copy(one.text, sizeof one.text - 1);
    if (write(orders_.reports, &one, sizeof one) != sizeof one) _exit(1);
  }

  const WardenOrders& orders_;
  sigset_t signals_{};
  pid_t program_ = -1;
  bool contained_ = false, limit_broken_ = false;
};

}  // namespace

pid_t start_warden(const WardenOrders& orders) {
  const unsigned long flags = CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS | SIGCHLD;
  const auto child =
      static_cast<pid_t>(syscall(SYS_clone, flags, nullptr, nullptr, nullptr, nullptr));
  if (child == 0) Warden(orders).run();
  return child;
}

}  // namespace testbed
