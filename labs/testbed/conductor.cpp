#include "labs/testbed/conductor.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>

#include "labs/testbed/ending.hpp"
#include "labs/testbed/host.hpp"
#include "labs/testbed/messages.hpp"
#include "labs/testbed/namespaces.hpp"
#include "labs/testbed/observer.hpp"
#include "labs/testbed/standstill.hpp"
#include "labs/testbed/wire_process.hpp"
#include "tracer/bytes/failure.hpp"

namespace testbed {
namespace {

using tracer::Failure;
using namespace std::chrono_literals;

constexpr auto between_looks = 100ms;

class Conductor {
 public:
  Conductor(const RunSpec& spec, int control, int report, int wire_report)
      : spec_(spec), wire_report_(wire_report), run_(spec, control, report) {}

  void set_up(unsigned outer_user, unsigned outer_group) {
    user_ = outer_user;
    group_ = outer_group;
    setsid();  // a terminal's ^C is for the process in front, which tells us what it wants
    for (const auto& missing : enter_namespaces(outer_user, outer_group, hosts_file(spec_)))
      run_.note(missing);
    run_.listen_for_children();
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGINT, SIG_IGN);

    home_ = current_network();
    lay_cables(run_.hosts);
    for (Host& host : run_.hosts)
      set_up_host(host, spec_, home_, [this](const std::string& text) { run_.note(text); });
    start_wire();
    for (Host& host : run_.hosts) start_capture(host, home_);
    prove_capture();
    run_.tell(MessageType::ready, tracer::Bytes{});
  }

  int run() {
    started_ = SteadyClock::now();
    deadline_ = started_ + spec_.time_limit;
    if (!spec_.server.empty()) start(Side::server);
    if (!spec_.server.empty() && !spec_.client.empty()) await_server();
    if (!spec_.client.empty() && !run_.stop_wanted) start(Side::client);
    while (run_.anyone_running() && !done_with_programs()) run_.step(next_timeout());
    stop_programs(run_, SteadyClock::now() - started_);
    settle(run_, 3s);
    finish(run_);
    return 0;
  }

 private:
  void start_wire() {
    run_.gauge = static_cast<WireGauge*>(mmap(nullptr, sizeof(WireGauge), PROT_READ | PROT_WRITE,
                                              MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    if (run_.gauge == MAP_FAILED) throw Failure(tracer::exit_code::failed, "no shared memory");
    new (run_.gauge) WireGauge;
    WireRules rules(spec_.wire, spec_.seed, spec_.compile);
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
      throw Failure(tracer::exit_code::failed, "socketpair failed");
    run_.wire_control = Fd(ends[0]);
    const Fd wire_end(ends[1]);
    run_.wire = fork();
    if (run_.wire < 0)
      throw Failure(tracer::exit_code::failed, fmt::format("fork: {}", std::strerror(errno)));
    if (run_.wire > 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NAME, "wirelab-wire");
    for (const int number : {SIGINT, SIGTERM}) ::signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    run_.wire_control = Fd();
    _exit(run_wire(
        {{wire_ends[0], wire_ends[1]}, wire_end, wire_report_, run_.gauge, &rules, spec_.compile}));
  }

  /// Nothing may run before both captures are seen to work.
  void prove_capture() {
    const auto limit = SteadyClock::now() + 10s;
    auto next = SteadyClock::now();
    while (run_.counts.sentinels[0] == 0 || run_.counts.sentinels[1] == 0) {
      // Until the kernel has noticed, some time after both its ends are up, that a link has a carrier, it drops
      // what is sent there and says nothing.
      if (SteadyClock::now() >= next) {
        run_.command_wire(wire_command::sentinel);
        next = SteadyClock::now() + 50ms;
      }
      if (run_.wire_failed)
        throw Failure(tracer::exit_code::failed, "the wire died before the run began",
                      "run it again");
      if (SteadyClock::now() > limit)
        throw Failure(tracer::exit_code::failed,
                      "the wire does not carry frames: the capture saw none in 10 s",
                      "wirelab doctor says what this system lacks");
      run_.step(5ms);
    }
  }

  void start(Side side) {
    Host& one = run_.hosts[static_cast<std::size_t>(side)];
    one.program.emplace(side == Side::server ? spec_.server : spec_.client, spec_, side, port_,
                        one.network, user_, group_);
    one.running = true;
  }

  /// The client may start when the server can be reached: it listens, or has a UDP socket.
  void await_server() {
    const auto limit = SteadyClock::now() + 5s;
    while (!run_.stop_wanted) {
      const SocketCounts counts = run_.server().sockets->count(spec_.port);
      if (counts.listening > 0 || counts.udp > 0) {
        if (counts.port != 0) port_ = counts.port;
        return;
      }
      if (!run_.server().running) {
        if (WIFEXITED(run_.server().status) && WEXITSTATUS(run_.server().status) == 0) return;
        run_.stop_wanted = true;  // it failed: what its client would see says nothing
        return;
      }
      // A slow machine may take long to start it, and then it does not wait but works.
      const auto late = SteadyClock::now() - limit;
      if (late > 15s || (late > 0s && run_.server().program->idle())) {
        run_.note("the server opened no port in good time; the client starts anyway");
        return;
      }
      run_.step(1ms);
    }
  }

  SteadyClock::duration next_timeout() const {
    // With one program left the question is when the other may be stopped: look often.
    return run_.hosts[0].running && (run_.hosts[1].running || spec_.server.empty()) ? 20ms : 4ms;
  }

  bool done_with_programs() {
    if (run_.stop_wanted) return true;
    // A server whose client is gone may wait for ever: for the next one.
    const bool somebody_expects = run_.client().running || spec_.client.empty();
    if (SteadyClock::now() > deadline_ || (somebody_expects && stands_still())) {
      // A server that still waits for its client is not the one that hangs.
      run_.client().timed_out = run_.client().running;
      run_.server().timed_out = run_.server().running && !run_.client().running;
      return true;
    }
    // A server that serves for ever has done its work when its client is gone, all connections
    // are closed, nothing is under way, and it waits for the next one.
    if (run_.client().running || !run_.server().running || spec_.client.empty()) {
      idle_checks_ = 0;
      return false;
    }
    const bool quiet = run_.gauge->waiting == 0 && run_.gauge->received == received_ &&
                       run_.server().sockets->count().open == 0 && run_.server().program->idle();
    received_ = run_.gauge->received;
    idle_checks_ = quiet ? idle_checks_ + 1 : 0;
    if (!client_gone_) client_gone_ = SteadyClock::now();
    return idle_checks_ >= (Program::can_look_inside() ? 8 : 64) ||
           SteadyClock::now() - *client_gone_ > 3s + 4 * run_.longest_delay();
  }

  /// Do the programs wait for each other, and nothing that is under way will end that?
  bool stands_still() {
    const auto now = SteadyClock::now();
    if (spec_.standstill_limit.count() == 0 || now < next_look_ || !Program::can_look_inside())
      return false;
    next_look_ = now + between_looks;
    for (const Host& one :
         run_.hosts)  // a warden that has not started its program yet has much to do
      if (one.running && one.program->working() == one.program->pid()) {
        still_looks_ = 0;
        return false;
      }
    const bool still = run_.gauge->waiting == 0 && run_.gauge->received == seen_moving_ &&
                       !run_.unsettled() &&
                       everyone_waits({getpid(), run_.wire,
                                       run_.client().program ? run_.client().program->pid() : -1,
                                       run_.server().program ? run_.server().program->pid() : -1});
    seen_moving_ = run_.gauge->received;
    // On a machine that gives us no time two looks may lie far apart: much may have happened between them.
    if (!still) still_looks_ = 0;
    if (still && still_looks_++ == 0) still_since_ = now;
    return still && still_looks_ > spec_.standstill_limit / between_looks / 2 &&
           now - still_since_ > spec_.standstill_limit;
  }

  const RunSpec& spec_;
  int wire_report_;
  Observer run_;
  Fd home_;
  int idle_checks_ = 0;
  std::uint64_t received_ = 0;
  std::optional<SteadyClock::time_point> client_gone_;
  SteadyClock::time_point started_{}, deadline_{}, next_look_{}, still_since_{};
  int still_looks_ = 0;  // one after the other
  std::uint64_t seen_moving_ = 0;
  unsigned user_ = 0, group_ = 0;
  std::uint16_t port_ = spec_.port;  // where the server is really to be found
};

}  // namespace

int conduct(const RunSpec& spec, unsigned outer_user, unsigned outer_group, int control, int report,
            int wire_report) {
  try {
    Conductor conductor(spec, control, report, wire_report);
    conductor.set_up(outer_user, outer_group);
    return conductor.run();
  } catch (const Failure& failure) {
    const std::int32_t code = failure.code;
    send_message(report, MessageType::failure, code,
                 tracer::as_bytes(std::string(failure.what()) + '\0' + failure.hint));
    return 1;
  }
}

}  // namespace testbed
