// The files that a contained program sees: mount_namespaces(7), pivot_root(2).
//
//     /usr /bin /lib… /etc /opt   the system's, read-only
//     its own folder              what was there, and what it writes; writes are gone after the run
//     further folders             read-only: the lab's build
//     /tmp /dev/shm               empty and its own
//     /dev                        null, zero, full, random, urandom
//     /proc                       of its own processes, read-only
//     everything else             is not there: homes, /run, /var, /sys
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace testbed {

struct RootPlan {
  std::string folder;  // its own; absolute. Empty: none
  std::vector<std::string>
      readable;               // files and folders, absolute; those that do not exist are left out
  std::uint64_t disk = 0;     // bytes for /tmp, /dev/shm and its own folder together
  bool hide_private = false;  // cover what in /etc only root may read: for programs that are root
};

/// Gives the calling process, which must have a mount namespace of its own and be root in the user
/// namespace that owns it, such a root. Returns what is less than it should be, a line each.
/// Throws tracer::Failure (4) if the system forbids it; the old root is then still there.
std::vector<std::string> enter_private_root(const RootPlan& plan);

/// Is `path` in a folder that every contained program sees?
bool in_system_folder(const std::string& path);

}  // namespace testbed
