#include "labs/testbed/standstill.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>

#include "labs/support/fd.hpp"

namespace testbed {
namespace {

namespace fs = std::filesystem;

struct Call {
  long number = -1;
  std::array<std::uint64_t, 6> words{};
};

bool read_call(const fs::path& thread, Call& call) {
  std::ifstream file(thread / "syscall");
  if (!(file >> call.number)) return false;  // "running", or the thread is gone
  for (std::uint64_t& word : call.words) file >> std::hex >> word;
  return call.number >= 0;
}

char state_of(const fs::path& thread) {
  std::ifstream file(thread / "stat");
  std::string text;
  std::getline(file, text);
  const std::size_t after_name = text.rfind(')');
  return after_name == std::string::npos || after_name + 2 >= text.size() ? '?'
                                                                          : text[after_name + 2];
}

/// A socket may have a limit of its own, which only the socket knows.
bool socket_has_limit(pid_t process, std::uint64_t descriptor, int option) {
  const Fd pidfd(static_cast<int>(syscall(SYS_pidfd_open, process, 0)));
  if (pidfd < 0) return true;
  const Fd copy(static_cast<int>(
      syscall(SYS_pidfd_getfd, static_cast<int>(pidfd), static_cast<int>(descriptor), 0)));
  if (copy < 0) return true;
  timeval limit{};
  socklen_t size = sizeof limit;
  if (getsockopt(copy, SOL_SOCKET, option, &limit, &size) != 0) return errno != ENOTSOCK;
  return limit.tv_sec != 0 || limit.tv_usec != 0;
}

bool waits_for_ever(pid_t process, const Call& call) {
  const auto negative = [&](std::size_t word) {
    return static_cast<std::int32_t>(call.words[word]) < 0;
  };
  switch (call.number) {
    case SYS_read:
    case SYS_readv:
    case SYS_recvfrom:
    case SYS_recvmsg:
    case SYS_accept:
    case SYS_accept4: return !socket_has_limit(process, call.words[0], SO_RCVTIMEO);
    case SYS_write:
    case SYS_writev:
    case SYS_sendto:
    case SYS_sendmsg: return !socket_has_limit(process, call.words[0], SO_SNDTIMEO);
    case SYS_ppoll: return call.words[2] == 0;
    case SYS_pselect6: return call.words[4] == 0;
    case SYS_epoll_pwait: return negative(3);
    case SYS_futex: return call.words[3] == 0;
    case SYS_wait4:
    case SYS_waitid: return true;
    case SYS_rt_sigsuspend: return true;
#ifdef SYS_poll
    case SYS_poll: return negative(2);
    case SYS_select: return call.words[4] == 0;
    case SYS_epoll_wait: return negative(3);
    case SYS_pause: return true;
#endif
    default: return false;  // connect() gives up by itself; of others we know nothing
  }
}

}  // namespace

bool everyone_waits(std::initializer_list<pid_t> except) {
  std::error_code error;
  bool anybody = false;
  for (const auto& entry : fs::directory_iterator("/proc", error)) {
    const std::string name = entry.path().filename();
    pid_t process = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), process).ptr !=
        name.data() + name.size())
      continue;
    if (std::find(except.begin(), except.end(), process) != except.end()) continue;
    for (const auto& thread : fs::directory_iterator(entry.path() / "task", error)) {
      const char state = state_of(thread.path());
      if (state == 'Z' || state == 'X') continue;
      Call call;
      if (state != 'S' || !read_call(thread.path(), call) || !waits_for_ever(process, call))
        return false;
      anybody = true;
    }
  }
  return anybody;
}

bool starved(pid_t process, std::chrono::nanoseconds since_start) {
  std::ifstream file(fmt::format("/proc/{}/schedstat", process));
  std::int64_t ran = 0, waited = 0;
  if (!(file >> ran >> waited)) return false;
  return waited > since_start.count() / 2;
}

}  // namespace testbed
