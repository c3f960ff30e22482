#include "labs/testbed/capabilities.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/if_packet.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>

#include "labs/testbed/forbidden.hpp"
#include "labs/testbed/messages.hpp"
#include "labs/testbed/namespaces.hpp"
#include "labs/testbed/netlink.hpp"
#include "tracer/bytes/failure.hpp"
#include "tracer/capture/live.hpp"

namespace testbed {
namespace {

enum Probe : std::uint8_t {
  users,
  networks,
  veth,
  capture,
  ignore_outgoing,
  own_hosts,
  own_proc,
  ipv6,
  reno,
  probes
};

constexpr std::array<const char*, probes> names{
    "user namespaces",        "network namespaces", "veth pairs",    "packet capture in a host",
    "PACKET_IGNORE_OUTGOING", "private /etc/hosts", "private /proc", "IPv6",
    "congestion control reno"};

/// What the probing process says about one thing; `text` is why it failed.
struct Finding {
  Probe probe;
  std::uint8_t there = 0, made = 0;
  std::int32_t error = 0;
  std::array<char, 160> text{};
};

class Reporter {
 public:
  explicit Reporter(int pipe) : pipe_(pipe) {}

  /// Passes `good` on; takes errno with it where it is false.
  bool say(Probe probe, bool good, const std::string& why = {}, bool made = false) const {
    Finding finding{probe, good, made, good ? 0 : errno, {}};
    why.copy(finding.text.data(), finding.text.size() - 1);
    return write(pipe_, &finding, sizeof finding) == sizeof finding && good;
  }
  template <class Attempt>
  bool attempt(Probe probe, Attempt what) const {
    try {
      what();
      return say(probe, true);
    } catch (const tracer::Failure& failure) {
      return say(probe, false, failure.what());
    }
  }

 private:
  int pipe_;
};

constexpr std::array<std::byte, 6> mac(unsigned last) {
  return {std::byte{2}, {}, {}, {}, {}, static_cast<std::byte>(last)};
}

bool write_text(const char* path, std::string_view text) {
  const Fd file(open(path, O_WRONLY | O_CLOEXEC));
  return file >= 0 && write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

bool can_ignore_outgoing() {
  const Fd link(socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0));
  const int on = 1;
  return link >= 0 && setsockopt(link, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof on) == 0;
}

/// A new process namespace with a /proc of its own, which only a process inside can mount.
bool can_mount_proc() {
  if (unshare(CLONE_NEWPID) != 0) return false;
  const pid_t child = fork();
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    _exit(mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr) == 0 ? 0
                                                                                         : errno);
  }
  int status = 0;
  if (child < 0 || waitpid(child, &status, 0) != child) return false;
  errno = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
  return status == 0;
}

/// Goes the way of a run, step by step.
void probe_inside(const Reporter& reporter, unsigned user, unsigned group) {
  if (unshare(CLONE_NEWUSER) != 0) {
    reporter.say(users, false);
    return;
  }
  const bool mapped = write_text("/proc/self/setgroups", "deny") &&
                      write_text("/proc/self/uid_map", fmt::format("0 {} 1", user)) &&
                      write_text("/proc/self/gid_map", fmt::format("0 {} 1", group));
  if (!mapped || unshare(CLONE_NEWNS) != 0 ||
      mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    reporter.say(users, false, {}, true);
    return;
  }
  reporter.say(users, true);
  if (!reporter.say(networks, unshare(CLONE_NEWNET) == 0)) return;

  reporter.attempt(veth, [] {
    const Fd peer = new_network();
    Netlink().add_veth("probe", mac(1), "eth0", mac(2), peer);
    switch_off_offloads("probe");
  });
  reporter.attempt(capture, [] {
    Netlink().set_up("lo");
    tracer::open_live({.interface = "lo", .filter = {}, .promiscuous = false, .blocking = false});
  });
  reporter.say(ignore_outgoing, can_ignore_outgoing());
  reporter.attempt(ipv6, [] {
    std::array<std::byte, 16> address{std::byte{0xfd}};
    address[15] = std::byte{1};
    Netlink().add_address("lo", address, 64);
  });
  reporter.say(reno, write_text("/proc/sys/net/ipv4/tcp_congestion_control", "reno"));
  reporter.say(own_hosts, mount_hosts("127.0.0.1 localhost\n"));
  reporter.say(own_proc, can_mount_proc());
}

std::string remedy_for(const Finding& finding) {
  switch (finding.probe) {
    case users: return user_namespace_obstacle(finding.error, finding.made != 0).remedy;
    case networks: return namespace_obstacle("net", finding.error).remedy;
    case veth: return "sudo modprobe veth";
    case capture:
      return "sudo modprobe af_packet; in a container: docker run --security-opt "
             "seccomp=unconfined";
    case ignore_outgoing: return "start Linux 4.20 or later";
    case own_hosts:
      return access("/etc/hosts", F_OK) != 0
                 ? "sudo touch /etc/hosts"
                 : "in a container: docker run --security-opt apparmor=unconfined";
    case own_proc:
      if (finding.error == ENOSPC || finding.error == EUSERS)
        return namespace_obstacle("pid", finding.error).remedy;
      return "in a container: docker run --security-opt systempaths=unconfined (podman: "
             "unmask=ALL)";
    case ipv6:
      return "sudo sysctl net.ipv6.conf.all.disable_ipv6=0; or start the kernel without "
             "ipv6.disable=1";
    case reno:
      return "in a container: docker run --security-opt systempaths=unconfined (podman: "
             "unmask=ALL)";
    case probes: break;
  }
  return {};
}

std::string detail_of(const Finding& finding) {
  utsname system{};
  uname(&system);
  const std::string why = finding.text[0] ? finding.text.data() : std::strerror(finding.error);
  switch (finding.probe) {
    case users: return user_namespace_obstacle(finding.error, finding.made != 0).cause;
    case networks: return namespace_obstacle("net", finding.error).cause;
    case ignore_outgoing: return fmt::format("{} (this is Linux {})", why, system.release);
    case own_hosts: return why + "; the names client and server do not resolve";
    case own_proc:
      return why + "; programs see the outer /proc, and runs are a little slower to end";
    case ipv6: return why + "; labs over IPv6 cannot run";
    case reno: return why + "; runs have the system's own congestion control";
    default: return why;
  }
}

/// Outside the hosts: what the fallback without namespaces would have to capture from.
Capability loopback_capture() {
  Capability found{"capture on loopback", false, "", false, {}};
  try {
    tracer::open_live({.interface = "lo", .filter = {}, .promiscuous = false, .blocking = false});
    found.there = true;
  } catch (const tracer::Failure& failure) {
    std::array<char, 4096> program{};
    const ssize_t got = readlink("/proc/self/exe", program.data(), program.size() - 1);
    found.detail = fmt::format("{} (only the fallback needs it)", failure.what());
    found.remedy =
        fmt::format("sudo setcap cap_net_raw=ep {}", got > 0 ? program.data() : "PATH-TO-WIRELAB");
  }
  return found;
}

}  // namespace

std::vector<Capability> probe_capabilities() {
  std::vector<Capability> found;
  for (std::size_t i = 0; i < probes; ++i)
    found.push_back(
        {names[i], false, "not tried: something above is missing", i <= ignore_outgoing, {}});

  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    throw tracer::Failure(tracer::exit_code::failed, fmt::format("pipe: {}", std::strerror(errno)));
  const Fd read_end(ends[0]);
  Fd write_end(ends[1]);
  const unsigned user = geteuid(), group = getegid();
  const pid_t child = fork();
  if (child < 0)
    throw tracer::Failure(tracer::exit_code::failed, fmt::format("fork: {}", std::strerror(errno)));
  if (child == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    probe_inside(Reporter(write_end), user, group);
    _exit(0);
  }
  write_end = Fd();
  for (Finding finding{}; read(read_end, &finding, sizeof finding) == sizeof finding;) {
    if (finding.probe >= probes) continue;
    Capability& one = found[finding.probe];
    one.there = finding.there != 0;
    one.detail = one.there ? "" : detail_of(finding);
    one.remedy = one.there ? "" : remedy_for(finding);
  }
  while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  found.push_back(loopback_capture());
  return found;
}

}  // namespace testbed
