// What the processes of one process namespace use, as its /proc tells.
#pragma once

#include <cstdint>

namespace testbed {

struct Usage {
  unsigned tasks = 0;  // processes and threads, without process 1
  std::uint64_t memory =
      0;  // bytes resident; what several share counts for each, unless that would matter
  std::uint64_t disk_free = 0;  // bytes left in /tmp and what shares its file system
};

/// Of the namespace that the caller is process 1 of; without a /proc of its own only the disk can be
/// told. More tasks than `tasks_matter` are not looked at: nobody can count as fast as some programs
/// fork. `memory_matters`: from so many bytes on, shared memory is shared out among those who share it,
/// which takes the kernel longer to find out.
Usage current_usage(unsigned tasks_matter, std::uint64_t memory_matters);

}  // namespace testbed
