// Programs that wait for each other for ever, told from programs that are slow: proc(5).
#pragma once

#include <sys/types.h>

#include <chrono>
#include <initializer_list>

namespace testbed {

/// Does every thread of this process namespace, apart from those of the processes in `except`, sit in a
/// system call that only another program can end? False if any has work to do, sleeps, or has set
/// itself a limit (poll with a timeout, SO_RCVTIMEO), and where that cannot be told.
bool everyone_waits(std::initializer_list<pid_t> except);

/// Did `process` spend most of `since_start` ready to run, but without a processor?
bool starved(pid_t process, std::chrono::nanoseconds since_start);

}  // namespace testbed
