#include "bench/trips/ticks.hpp"

#include <signal.h>

#include "bench/trips/endpoint.hpp"

namespace bench {

Ticks::Ticks(std::chrono::nanoseconds interval) {
  struct sigaction nothing = {};
  nothing.sa_handler = [](int) {};  // without SA_RESTART: a call that waits shall end
  must(sigaction(SIGALRM, &nothing, nullptr), "sigaction");
  sigevent signal = {};
  signal.sigev_notify = SIGEV_SIGNAL;
  signal.sigev_signo = SIGALRM;
  must(timer_create(CLOCK_MONOTONIC, &signal, &timer_), "timer_create");
  const timespec every{interval.count() / 1'000'000'000, interval.count() % 1'000'000'000};
  const itimerspec times{every, every};
  must(timer_settime(timer_, 0, &times, nullptr), "timer_settime");
}

// The handler stays: a last signal may be on its way.
Ticks::~Ticks() { timer_delete(timer_); }

}  // namespace bench
