#include "labs/testbed/confine.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <vector>

#include "labs/support/fd.hpp"

namespace testbed {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t own_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t own_architecture = AUDIT_ARCH_AARCH64;
#elif defined(__riscv)
constexpr std::uint32_t own_architecture = AUDIT_ARCH_RISCV64;
#elif defined(__i386__)
constexpr std::uint32_t own_architecture = AUDIT_ARCH_I386;
#else
constexpr std::uint32_t own_architecture = 0;  // no filter
#endif

// Memory that no process seems to own, doors into the kernel that no lab opens, and keys of the user.
constexpr std::array barred{
    SYS_memfd_create,   SYS_shmget,      SYS_msgget,          SYS_semget,
    SYS_io_uring_setup, SYS_bpf,         SYS_perf_event_open, SYS_userfaultfd,
    SYS_add_key,        SYS_request_key, SYS_keyctl,          SYS_setns,
    SYS_unshare,        SYS_mount,       SYS_fsopen,          SYS_open_tree,
};

bool bar_calls() {
  if (own_architecture == 0) return true;
  std::vector<sock_filter> program;
  const auto add = [&](unsigned code, std::uint32_t k, std::size_t if_true = 0,
                       std::size_t if_false = 0) {
    program.push_back({static_cast<std::uint16_t>(code), static_cast<std::uint8_t>(if_true),
                       static_cast<std::uint8_t>(if_false), k});
  };
  constexpr std::uint32_t refuse = SECCOMP_RET_ERRNO | ENOSYS;
  add(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch));
  add(BPF_JMP | BPF_JEQ | BPF_K, own_architecture, 1, 0);
  add(BPF_RET | BPF_K, refuse);  // calls by another ABI's numbers
  add(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr));
#if defined(__x86_64__)
  add(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, barred.size(), 0);  // x32
#endif
  for (std::size_t i = 0; i < barred.size(); ++i)
    add(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(barred[i]), barred.size() - 1 - i,
        i + 1 == barred.size() ? 1 : 0);
  add(BPF_RET | BPF_K, refuse);
  add(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
  const sock_fprog filter{static_cast<unsigned short>(program.size()), program.data()};
  return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

bool write_at(int folder, const char* path, const std::string& text) {
  const Fd file(openat(folder, path, O_WRONLY | O_CLOEXEC));
  return file >= 0 && write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
}

bool drop_capabilities() {
  for (unsigned long one = 0; prctl(PR_CAPBSET_READ, one) >= 0; ++one)
    if (prctl(PR_CAPBSET_DROP, one) != 0) return false;
  // Root, too, gets none back by starting a program.
  constexpr unsigned long locked = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
                                   SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED |
                                   SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;
  if (prctl(PR_SET_SECUREBITS, locked) != 0) return false;
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  const __user_cap_data_struct none[2]{};
  return syscall(SYS_capset, &header, none) == 0;
}

void limit(__rlimit_resource_t resource, rlim_t most) {
  rlimit now{};
  if (getrlimit(resource, &now) != 0) return;
  const rlim_t hard = std::min(now.rlim_max, most);
  now = {std::min(now.rlim_cur, hard), hard};
  setrlimit(resource, &now);
}

}  // namespace

void set_kernel_limits(const Limits& limits) {
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NPROC, limits.processes + limits.processes / 4);
  limit(RLIMIT_FSIZE, limits.disk);
  limit(RLIMIT_NOFILE, 4096);
  limit(RLIMIT_MSGQUEUE, 0);
  limit(RLIMIT_RTPRIO, 0);
}

bool give_up_privileges(uid_t user, gid_t group, int proc) {
  if (unshare(CLONE_NEWUSER) != 0) return false;
  write_at(proc, "self/setgroups", "deny");  // already so where an ordinary user runs this
  if (!write_at(proc, "self/uid_map", fmt::format("{} 0 1", user)) ||
      !write_at(proc, "self/gid_map", fmt::format("{} 0 1", group)))
    return false;
  write_at(proc, "sys/user/max_user_namespaces",
           "0");                                 // of this namespace; unshare() is barred too
  write_at(proc, "self/oom_score_adj", "1000");  // should memory run out: this one first
  return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && drop_capabilities() && bar_calls();
}

}  // namespace testbed
