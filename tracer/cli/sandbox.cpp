#include "tracer/cli/sandbox.hpp"

#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef WITH_SECCOMP
#include <fcntl.h>
#include <seccomp.h>

#include <cerrno>
#include <utility>
#endif

namespace tracer {
namespace {

void drop_capabilities() {
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  // Straight to the kernel: libcap would be a dependency for one call.
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
  syscall(SYS_capset, &header, none);
}

#ifdef WITH_SECCOMP

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED
#endif
#endif

// By name, because not every kernel or processor has each of them; libseccomp knows which.
constexpr const char* forbidden[] = {
    // files: whatever makes, changes or removes one (open is below: reading stays)
    "creat", "mknod", "mknodat", "mkdir", "mkdirat", "rmdir", "unlink", "unlinkat", "rename",
    "renameat", "renameat2", "link", "linkat", "symlink", "symlinkat", "truncate", "truncate64",
    "chmod", "fchmod", "fchmodat", "chown", "chown32", "lchown", "lchown32", "fchown", "fchown32",
    "fchownat", "utime", "utimes", "utimensat", "futimesat", "setxattr", "lsetxattr", "fsetxattr",
    "removexattr", "lremovexattr", "fremovexattr", "name_to_handle_at", "open_by_handle_at",
    "memfd_create", "memfd_secret", "swapon", "swapoff", "quotactl", "acct",
    // sockets: those that are open go on
    "socket", "socketpair", "connect", "bind", "listen", "socketcall",
    // programs and other processes
    "execve", "execveat", "fork", "vfork", "process_vm_readv", "process_vm_writev", "pidfd_open",
    "pidfd_getfd", "pidfd_send_signal", "kcmp", "process_madvise",
    // privileges, namespaces, mounts
    "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setgroups", "setfsuid",
    "setfsgid", "unshare", "setns", "mount", "umount", "umount2", "pivot_root", "chroot",
    "mount_setattr", "move_mount", "open_tree", "fsopen", "fsconfig", "fsmount", "fspick",
    "sethostname", "setdomainname",
    // the kernel itself; io_uring opens files and sockets past this filter
    "io_uring_setup", "io_uring_enter", "io_uring_register", "bpf", "perf_event_open",
    "userfaultfd", "keyctl", "add_key", "request_key", "init_module", "finit_module",
    "delete_module", "kexec_load", "kexec_file_load", "reboot", "syslog", "settimeofday",
    "clock_settime", "clock_adjtime", "adjtimex", "personality", "modify_ldt", "iopl", "ioperm",
    "shmget", "msgget", "semget", "mq_open", "fanotify_init", "openat2",
#if !defined(__SANITIZE_ADDRESS__) && !defined(SANITIZED)
    "ptrace",  // the leak checker of sanitized builds needs it
#endif
};

/// Opening stays allowed only without any of the flags that write.
bool forbid_writing_open(scmp_filter_ctx filter) {
  bool good = true;
  for (const auto& [call, flags_at] :
       {std::pair(SCMP_SYS(open), 1u), std::pair(SCMP_SYS(openat), 2u)}) {
    // Not SCMP_CMP: it is C, which clang takes amiss.
    const auto forbid = [&, number = call, at = flags_at](int mask, int value) {
      const scmp_arg_cmp flags{at, SCMP_CMP_MASKED_EQ, static_cast<scmp_datum_t>(mask),
                               static_cast<scmp_datum_t>(value)};
      good = good && seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), number, 1, &flags) == 0;
    };
    for (const int mode : {O_WRONLY, O_RDWR, O_ACCMODE}) forbid(O_ACCMODE, mode);
    for (const int flag : {O_CREAT, O_TRUNC}) forbid(flag, flag);
  }
  return good;
}

void filter_calls() {
  const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
  if (!filter) return;
  seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1);  // threads that run already are included
  bool good = forbid_writing_open(filter);
  for (const char* name : forbidden) {
    const int call = seccomp_syscall_resolve_name(name);
    if (call == __NR_SCMP_ERROR || call == SCMP_SYS(open)) continue;
    // A call that this processor never had gives an error, and needs no rule.
    (void)seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0);
  }
  // A kernel without seccomp leaves us with what the capabilities' loss gives.
  if (good) (void)seccomp_load(filter);
  seccomp_release(filter);
}

#endif

}  // namespace

void enter_sandbox() {
  drop_capabilities();
#ifdef WITH_SECCOMP
  filter_calls();
#endif
}

bool sandbox_filters_calls() {
#ifdef WITH_SECCOMP
  return true;
#else
  return false;
#endif
}

}  // namespace tracer
