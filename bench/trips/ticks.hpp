// What ends a wait that takes too long.
#pragma once

#include <time.h>

#include <chrono>

namespace bench {

/// While it lives, a signal (SIGALRM) comes every `interval` and ends the system call that this
/// process then waits in, with EINTR. Whoever reads looks at the clock and may go on waiting. Forked
/// processes do not inherit it (timer_create(2)). Throws TripError.
///
/// SO_RCVTIMEO would do without a signal, but for that the kernel sets a timer and takes it back at
/// every message: 1 % of a round trip over loopback.
class Ticks {
 public:
  explicit Ticks(std::chrono::nanoseconds interval);
  ~Ticks();
  Ticks(const Ticks&) = delete;
  Ticks& operator=(const Ticks&) = delete;

 private:
  timer_t timer_ = {};
};

}  // namespace bench
