#include "labs/testbed/ending.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "labs/testbed/standstill.hpp"

namespace testbed {
namespace {

using namespace std::chrono_literals;

/// Whatever the programs left behind, daemons too: nobody may send while the last frames are
/// counted. We are process 1 of this process namespace, so all of it is ours.
void end_leftovers(Observer& run) {
  for (int round = 0; round < 50; ++round) {
    const pid_t newest = fork();
    if (newest == 0) _exit(0);
    bool found = false;
    // The namespace is new, so no number above the newest is in use; no /proc is needed.
    for (pid_t pid = 2; pid < newest; ++pid)
      if (pid != run.wire && kill(pid, round == 0 ? SIGTERM : SIGKILL) == 0) found = true;
    if (newest > 0) waitpid(newest, nullptr, 0);
    run.reap();
    if (!found) return;
    run.step(round == 0 ? 50ms : 2ms);
  }
}

}  // namespace

void stop_programs(Observer& run, SteadyClock::duration ran_for) {
  for (Host& one : run.hosts) {
    if (!one.running) continue;
    one.stopped = true;
    one.stopped_at = std::chrono::duration_cast<std::chrono::nanoseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    // All are asked before any is ended: the end of one may wake the other.
    if (run.client().timed_out || run.server().timed_out)
      one.blocked_in = one.program->blocked_in();
    one.starved = starved(one.program->working(), ran_for) || starved(run.wire, ran_for);
  }
  for (Host& one : run.hosts)
    if (one.running) one.program->signal(SIGTERM);
  const auto patience = SteadyClock::now() + 500ms;
  while (run.anyone_running() && SteadyClock::now() < patience) run.step(4ms);
  for (Host& one : run.hosts)
    if (one.running) {
      one.ignored_sigterm = true;
      one.program->signal(SIGKILL);
    }
  while (run.anyone_running()) run.step(20ms);
  end_leftovers(run);
}

void settle(Observer& run, SteadyClock::duration limit) {
  const auto end = SteadyClock::now() + limit + 4 * run.longest_delay();
  int quiet = 0;
  while (SteadyClock::now() < end && quiet < 3 && run.wire > 0) {
    const std::uint64_t before = run.gauge->received;
    const bool unsettled = run.unsettled();
    run.step(2ms);
    quiet = !unsettled && run.gauge->waiting == 0 && run.gauge->received == before ? quiet + 1 : 0;
  }
}

void finish(Observer& run) {
  run.command_wire(wire_command::finish);
  const auto limit = SteadyClock::now() + 5s;
  while ((run.counts.sentinels[0] < 2 || run.counts.sentinels[1] < 2) &&
         SteadyClock::now() < limit && !run.wire_failed)
    run.step(2ms);
  for (Host& one : run.hosts)
    run.counts.dropped[static_cast<std::size_t>(one.side)] = one.capture->statistics().dropped;
  run.tell(MessageType::captures_done, run.counts);
}

}  // namespace testbed
