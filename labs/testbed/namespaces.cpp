#include "labs/testbed/namespaces.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "labs/testbed/forbidden.hpp"
#include "tracer/bytes/failure.hpp"

namespace testbed {
namespace {

using tracer::Failure;

void write_file(const char* path, const std::string& text) {
  const Fd file(open(path, O_WRONLY | O_CLOEXEC));
  if (file < 0 || write(file, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw Failure(tracer::exit_code::not_permitted,
                  fmt::format("cannot set up a user namespace: {}: {}", path, std::strerror(errno)),
                  "wirelab doctor says what this system forbids, and the remedy");
}

}  // namespace

pid_t spawn_in_namespaces(const std::function<int()>& body) {
  const unsigned long flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET |
                              CLONE_NEWIPC | CLONE_NEWUTS | SIGCHLD;
  const auto child =
      static_cast<pid_t>(syscall(SYS_clone, flags, nullptr, nullptr, nullptr, nullptr));
  if (child < 0) return 0;
  if (child > 0) return child;
  prctl(PR_SET_PDEATHSIG,
        SIGKILL);  // if the parent died just before, the conductor sees its pipe close
  _exit(body());
}

std::vector<std::string> enter_namespaces(uid_t outer_user, gid_t outer_group, const char* hosts) {
  write_file("/proc/self/setgroups", "deny");
  write_file("/proc/self/uid_map", fmt::format("0 {} 1", outer_user));
  write_file("/proc/self/gid_map", fmt::format("0 {} 1", outer_group));
  if (mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    const Obstacle obstacle = user_namespace_obstacle(errno, true);
    throw Failure(tracer::exit_code::not_permitted,
                  "this system lets us make a user namespace but not use it: " + obstacle.cause,
                  obstacle.remedy);
  }
  std::vector<std::string> missing;
  if (!mount_hosts(hosts))
    missing.push_back(
        fmt::format("the names client and server do not resolve in this run (/etc/hosts: {})",
                    std::strerror(errno)));
  // Fails in containers that mask parts of /proc; the programs then see the outer one.
  if (mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) != 0)
    missing.push_back(fmt::format("this run has no /proc of its own ({})", std::strerror(errno)));
  return missing;
}

// By a bind mount over the real one. The file that is mounted lives in a tmpfs that is put over
// /proc just long enough to make it: nothing is written to any disk.
bool mount_hosts(const char* hosts) {
  if (access("/etc/hosts", F_OK) != 0) return false;
  if (mount("wirelab", "/proc", "tmpfs", 0, "size=64k") != 0) return false;
  bool done = false;
  int error = 0;
  {
    const Fd file(open("/proc/hosts", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    done = file >= 0 && write(file, hosts, std::strlen(hosts)) > 0;
    error = errno;
  }
  if (done && mount("/proc/hosts", "/etc/hosts", nullptr, MS_BIND, nullptr) != 0) {
    done = false;
    error = errno;
  }
  umount2("/proc", MNT_DETACH);
  errno = error;
  return done;
}

Fd current_network() {
  Fd network(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC));
  if (network < 0)
    throw Failure(tracer::exit_code::failed,
                  fmt::format("/proc/self/ns/net: {}", std::strerror(errno)));
  return network;
}

Fd new_network() {
  const Fd back = current_network();
  if (unshare(CLONE_NEWNET) != 0) {
    const Obstacle obstacle = namespace_obstacle("net", errno);
    throw Failure(tracer::exit_code::not_permitted,
                  "no network namespace to be had: " + obstacle.cause, obstacle.remedy);
  }
  Fd made = current_network();
  if (setns(back, CLONE_NEWNET) != 0)
    throw Failure(tracer::exit_code::failed, fmt::format("setns: {}", std::strerror(errno)));
  return made;
}

InNetwork::InNetwork(const Fd& network, const Fd& back) : back_(back) {
  if (setns(network, CLONE_NEWNET) != 0)
    throw Failure(tracer::exit_code::failed, fmt::format("setns: {}", std::strerror(errno)));
}
InNetwork::~InNetwork() { setns(back_, CLONE_NEWNET); }

}  // namespace testbed
