// What process 1 of a run hears, and whom it tells: packets, output, wardens, ends, and the wire.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <set>
#include <string>

#include "labs/support/fd.hpp"
#include "labs/testbed/host.hpp"
#include "labs/testbed/messages.hpp"
#include "labs/testbed/wire_process.hpp"

namespace testbed {

using SteadyClock = std::chrono::steady_clock;

/// The event loop of a run and what it has gathered. Everything heard is reported to the front process
/// at once; what others decide by is kept here.
class Observer {
 public:
  /// `control` is where the front process commands, `report` where it listens.
  Observer(const RunSpec& run, int control, int report)
      : spec(run), control_(control), report_(report) {}

  /// SIGCHLD arrives here from now on, and not as a signal.
  void listen_for_children();
  /// One turn: waits at most so long for something to happen, then hears all that there is.
  void step(SteadyClock::duration wait);
  /// Waits for processes that have ended.
  void reap();
  void command_wire(char letter);
  void note(const std::string& text);
  /// Sends a message to the front process.
  template <typename... Parts>
  void tell(MessageType type, const Parts&... parts) {
    send_message(report_, type, parts...);
  }

  Host& client() { return hosts[0]; }
  Host& server() { return hosts[1]; }
  bool anyone_running() const { return hosts[0].running || hosts[1].running; }
  /// Has one of the kernels something to say yet?
  bool unsettled() {
    return hosts[0].sockets->count().unsettled + hosts[1].sockets->count().unsettled > 0;
  }
  /// Of all the wire's rules.
  SteadyClock::duration longest_delay() const;

  const RunSpec& spec;
  Host hosts[2] = {Host(Side::client), Host(Side::server)};
  Fd wire_control;
  WireGauge* gauge = nullptr;  // what the wire tells while it runs
  pid_t wire = -1;             // its process; -1: not running
  bool wire_failed = false, stop_wanted = false;
  CaptureCounts counts{};

 private:
  void drain_capture(Host& one);
  void drain_socket_ends(Host& one);
  void drain_output(Host& one);
  void hear_warden(Host& one);
  void program_ended(Host& one, int status);
  void fail_wire(int status);
  void obey();

  int control_, report_;
  Fd children_;
  std::set<std::string> noted_;  // what a warden said: both would say it
};

}  // namespace testbed
