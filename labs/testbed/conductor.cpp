#include "labs/testbed/conductor.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <fcntl.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <set>

#include "labs/testbed/messages.hpp"
#include "labs/testbed/namespaces.hpp"
#include "labs/testbed/netlink.hpp"
#include "labs/testbed/program.hpp"
#include "labs/testbed/socket_ends.hpp"
#include "labs/testbed/sockets.hpp"
#include "labs/testbed/standstill.hpp"
#include "labs/testbed/wire_process.hpp"
#include "tracer/bytes/failure.hpp"
#include "tracer/capture/live.hpp"
#include "tracer/wire/address.hpp"

namespace testbed {
namespace {

using tracer::Failure;
using tracer::IpAddress;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

/// A name has one address, so that a run is the same everywhere: resolvers differ in which family
/// they prefer. With IPv6 asked for, both names have both, as on a dual-stack host.
constexpr const char* hosts_ipv4 =
    "127.0.0.1 localhost\n::1 localhost\n"
    "10.0.0.1 client\n10.0.0.2 server\nfd00::1 client6\nfd00::2 server6\n";
constexpr const char* hosts_dual =
    "127.0.0.1 localhost\n::1 localhost\n"
    "fd00::1 client client6\nfd00::2 server server6\n10.0.0.1 client\n10.0.0.2 server\n";

constexpr std::array<const char*, 2> ipv4_addresses{"10.0.0.1", "10.0.0.2"};
constexpr std::array<const char*, 2> ipv6_addresses{"fd00::1", "fd00::2"};

using Mac = std::array<std::byte, 6>;
/// Locally administered (IEEE 802 §8.4), the same in every run: hosts end in 01 and 02, the wire's
/// ends in 11 and 12.
constexpr Mac mac(unsigned last) {
  return {std::byte{0x02}, {}, {}, {}, {}, static_cast<std::byte>(last)};
}

void write_setting(const std::string& path, const std::string& value) {
  const Fd file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file >= 0 && write(file, value.data(), value.size()) < 0) return;  // the default stays
}

/// One host as the conductor sees it.
struct Host {
  explicit Host(Side which) : side(which) {}
  Side side;
  Fd network;
  std::unique_ptr<tracer::LiveSource> capture;
  std::optional<SocketWatch> sockets;
  std::optional<SocketEnds> socket_ends;
  std::optional<Program> program;
  bool running = false, stopped = false, timed_out = false, ignored_sigterm = false, starved = false;
  std::string limit;  // that it broke
  std::int64_t stopped_at = 0;  // nanoseconds since 1970
  std::size_t printed = 0;
  std::uint64_t dropped_output = 0;
};

class Conductor {
 public:
  Conductor(const RunSpec& spec, int control, int report, int wire_report)
      : spec_(spec), control_(control), report_(report), wire_report_(wire_report) {}

  void set_up(unsigned outer_user, unsigned outer_group) {
    user_ = outer_user;
    group_ = outer_group;
    setsid();  // a terminal's ^C is for the process in front, which tells us what it wants
    for (const auto& missing : enter_namespaces(outer_user, outer_group, spec_.ipv6 ? hosts_dual : hosts_ipv4)) note(missing);
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    sigprocmask(SIG_BLOCK, &mask, nullptr);
    children_ = Fd(signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK));
    ::signal(SIGPIPE, SIG_IGN);
    ::signal(SIGINT, SIG_IGN);

    home_ = current_network();
    for (Host& host : hosts_) host.network = new_network();
    const char* wire_ends[2] = {"to-client", "to-server"};
    {
      Netlink netlink;
      for (std::size_t i = 0; i < 2; ++i)
        netlink.add_veth(wire_ends[i], mac(0x11 + static_cast<unsigned>(i)), "eth0", mac(1 + static_cast<unsigned>(i)), hosts_[i].network);
      for (const char* end : wire_ends) {
        switch_off_offloads(end);
        // The wire's own ends have no business with IPv6.
        write_setting(fmt::format("/proc/sys/net/ipv6/conf/{}/disable_ipv6", end), "1");
        netlink.set_up(end);
      }
    }
    for (Host& host : hosts_) set_up_host(host);
    start_wire(wire_ends);
    for (Host& host : hosts_) start_capture(host);
    prove_capture();
    send_message(report_, MessageType::ready, tracer::Bytes{});
  }

  int run() {
    started_ = SteadyClock::now();
    deadline_ = started_ + spec_.time_limit;
    if (!spec_.server.empty()) start(Side::server);
    if (!spec_.server.empty() && !spec_.client.empty()) await_server();
    if (!spec_.client.empty() && !stopping_) start(Side::client);
    while (anyone_running() && !done_with_programs()) step(next_timeout());
    stop_programs();
    settle(3s);
    return finish();
  }

 private:
  Host& host(Side side) { return hosts_[static_cast<std::size_t>(side)]; }
  Host& client() { return hosts_[0]; }
  Host& server() { return hosts_[1]; }

  void set_up_host(Host& host) {
    const auto me = static_cast<std::size_t>(host.side), peer = 1 - me;
    const InNetwork here(host.network, home_);
    for (const char* setting : {"accept_ra", "router_solicitations", "dad_transmits", "accept_dad"})
      for (const char* which : {"default", "eth0"})
        write_setting(fmt::format("/proc/sys/net/ipv6/conf/{}/{}", which, setting), "0");
    write_setting("/proc/sys/net/ipv4/tcp_congestion_control", spec_.congestion);
    write_setting("/proc/sys/net/ipv4/ping_group_range", "0 0");
    write_setting("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");  // programs have no capabilities
    if (host.side == Side::client) check_congestion();

    Netlink netlink;
    switch_off_offloads("eth0");
    netlink.set_up("lo");
    netlink.set_up("eth0");
    const auto octets = [](const char* text) { return *IpAddress::parse(text); };
    const auto peer_mac = mac(1 + static_cast<unsigned>(peer));
    netlink.add_address("eth0", octets(ipv4_addresses[me]).octets(), 24);
    netlink.add_neighbour("eth0", octets(ipv4_addresses[peer]).octets(), peer_mac);
    netlink.add_default_route("eth0");
    try {
      netlink.add_address("eth0", octets(ipv6_addresses[me]).octets(), 64);
      netlink.add_neighbour("eth0", octets(ipv6_addresses[peer]).octets(), peer_mac);
    } catch (const Failure& failure) {
      if (spec_.ipv6) throw;
      if (host.side == Side::client) note(std::string("no IPv6 in this run: ") + failure.what());
    }
    host.sockets.emplace();
    host.socket_ends.emplace();
  }

  void check_congestion() {
    std::array<char, 64> now{};
    const Fd file(open("/proc/sys/net/ipv4/tcp_congestion_control", O_RDONLY | O_CLOEXEC));
    const ssize_t got = file < 0 ? -1 : read(file, now.data(), now.size() - 1);
    if (got > 0 && std::string_view(now.data(), static_cast<std::size_t>(got - 1)) == spec_.congestion) return;
    if (spec_.congestion == "reno") return note("congestion control is not reno in this run but the system's own");
    throw Failure(tracer::exit_code::failed, fmt::format("congestion control '{}' is not to be had here", spec_.congestion),
                  "sysctl net.ipv4.tcp_allowed_congestion_control lists those that are");
  }

  void start_wire(const char* const* wire_ends) {
    gauge_ = static_cast<WireGauge*>(mmap(nullptr, sizeof(WireGauge), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    if (gauge_ == MAP_FAILED) throw Failure(tracer::exit_code::failed, "no shared memory");
    new (gauge_) WireGauge;
    WireRules rules(spec_.wire, spec_.seed, spec_.compile);
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw Failure(tracer::exit_code::failed, "socketpair failed");
    wire_control_ = Fd(ends[0]);
    const Fd wire_end(ends[1]);
    wire_ = fork();
    if (wire_ < 0) throw Failure(tracer::exit_code::failed, fmt::format("fork: {}", std::strerror(errno)));
    if (wire_ > 0) return;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NAME, "wirelab-wire");
    for (const int number : {SIGINT, SIGTERM}) ::signal(number, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    wire_control_ = Fd();
    _exit(run_wire({{wire_ends[0], wire_ends[1]}, wire_end, wire_report_, gauge_, &rules, spec_.compile}));
  }

  void start_capture(Host& host) {
    const InNetwork here(host.network, home_);
    tracer::LiveOptions options;
    options.interface = "eth0";
    options.snaplen = 65'535;
    options.blocking = false;
    options.promiscuous = false;
    host.capture = tracer::open_live(options);
  }

  /// Nothing may run before both captures are seen to work.
  void prove_capture() {
    const auto limit = SteadyClock::now() + 10s;
    auto next = SteadyClock::now();
    while (counts_.sentinels[0] == 0 || counts_.sentinels[1] == 0) {
      // Until the kernel has noticed, some time after both its ends are up, that a link has a carrier, it drops
      // what is sent there and says nothing.
      if (SteadyClock::now() >= next) {
        command_wire(wire_command::sentinel);
        next = SteadyClock::now() + 50ms;
      }
      if (wire_failed_) throw Failure(tracer::exit_code::failed, "the wire died before the run began", "run it again");
      if (SteadyClock::now() > limit) throw Failure(tracer::exit_code::failed, "the wire does not carry frames: the capture saw none in 10 s", "wirelab doctor says what this system lacks");
      step(5ms);
    }
  }

  void command_wire(char letter) {
    if (wire_ > 0 && write(wire_control_, &letter, 1) != 1) fail_wire(0);
  }

  void start(Side side) {
    Host& one = host(side);
    one.program.emplace(side == Side::server ? spec_.server : spec_.client, spec_, side, port_, one.network, user_, group_);
    one.running = true;
  }

  /// The client may start when the server can be reached: it listens, or has a UDP socket.
  void await_server() {
    const auto limit = SteadyClock::now() + 5s;
    while (!stopping_) {
      const SocketCounts counts = server().sockets->count(spec_.port);
      if (counts.listening > 0 || counts.udp > 0) {
        if (counts.port != 0) port_ = counts.port;
        return;
      }
      if (!server().running) {
        if (WIFEXITED(server_status_) && WEXITSTATUS(server_status_) == 0) return;
        stopping_ = true;  // it failed: what its client would see says nothing
        return;
      }
      // A slow machine may take long to start it, and then it does not wait but works.
      const auto late = SteadyClock::now() - limit;
      if (late > 15s || (late > 0s && server().program->idle())) {
        note("the server opened no port in good time; the client starts anyway");
        return;
      }
      step(1ms);
    }
  }

  bool anyone_running() const { return hosts_[0].running || hosts_[1].running; }

  SteadyClock::duration next_timeout() const {
    // With one program left the question is when the other may be stopped: look often.
    return hosts_[0].running && (hosts_[1].running || spec_.server.empty()) ? 20ms : 4ms;
  }

  bool done_with_programs() {
    if (stopping_) return true;
    if (SteadyClock::now() > deadline_ || stands_still()) {
      // A server that still waits for its client is not the one that hangs.
      client().timed_out = client().running;
      server().timed_out = server().running && !client().running;
      return true;
    }
    // A server that serves for ever has done its work when its client is gone, all connections
    // are closed, nothing is under way, and it waits for the next one.
    if (client().running || !server().running || spec_.client.empty()) {
      idle_checks_ = 0;
      return false;
    }
    const bool quiet = gauge_->waiting == 0 && gauge_->received == received_ && server().sockets->count().open == 0 && server().program->idle();
    received_ = gauge_->received;
    idle_checks_ = quiet ? idle_checks_ + 1 : 0;
    if (!client_gone_) client_gone_ = SteadyClock::now();
    return idle_checks_ >= (Program::can_look_inside() ? 8 : 64) || SteadyClock::now() - *client_gone_ > 3s + 4 * longest_delay();
  }

  /// Do the programs wait for each other, and nothing that is under way will end that?
  bool stands_still() {
    const auto now = SteadyClock::now();
    if (spec_.standstill_limit.count() == 0 || now < next_look_ || !Program::can_look_inside()) return false;
    next_look_ = now + 100ms;
    for (const Host& one : hosts_)  // a warden that has not started its program yet has much to do
      if (one.running && one.program->working() == one.program->pid()) {
        still_since_.reset();
        return false;
      }
    const bool still = gauge_->waiting == 0 && gauge_->received == seen_moving_ &&
                       hosts_[0].sockets->count().unsettled + hosts_[1].sockets->count().unsettled == 0 && everyone_waits({getpid(), wire_, client().program ? client().program->pid() : -1, server().program ? server().program->pid() : -1});
    seen_moving_ = gauge_->received;
    if (!still) still_since_.reset();
    else if (!still_since_) still_since_ = now;
    return still && now - *still_since_ > spec_.standstill_limit;
  }

  SteadyClock::duration longest_delay() const {
    SteadyClock::duration longest{0};
    for (const WireRule& rule : spec_.wire) longest += std::chrono::duration_cast<SteadyClock::duration>(rule.action.time);
    return longest;
  }

  void stop_programs() {
    for (Host& one : hosts_) {
      if (!one.running) continue;
      one.stopped = true;
      one.stopped_at = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    }
    for (Host& one : hosts_)
      if (one.running) {
        if (client().timed_out || server().timed_out) blocked_in_[static_cast<std::size_t>(one.side)] = one.program->blocked_in();
        one.starved = starved(one.program->working(), SteadyClock::now() - started_);
        one.program->signal(SIGTERM);
      }
    const auto patience = SteadyClock::now() + 500ms;
    while (anyone_running() && SteadyClock::now() < patience) step(4ms);
    for (Host& one : hosts_)
      if (one.running) {
        one.ignored_sigterm = true;
        one.program->signal(SIGKILL);
      }
    while (anyone_running()) step(20ms);
    end_leftovers();
  }

  /// Whatever the programs left behind, daemons too: nobody may send while the last frames are
  /// counted. We are process 1 of this process namespace, so all of it is ours.
  void end_leftovers() {
    for (int round = 0; round < 50; ++round) {
      const pid_t newest = fork();
      if (newest == 0) _exit(0);
      bool found = false;
      // The namespace is new, so no number above the newest is in use; no /proc is needed.
      for (pid_t pid = 2; pid < newest; ++pid)
        if (pid != wire_ && kill(pid, round == 0 ? SIGTERM : SIGKILL) == 0) found = true;
      if (newest > 0) waitpid(newest, nullptr, 0);
      reap();
      if (!found) return;
      step(round == 0 ? 50ms : 2ms);
    }
  }

  /// Until the kernels have said all they have to say.
  void settle(SteadyClock::duration limit) {
    const auto end = SteadyClock::now() + limit + 4 * longest_delay();
    int quiet = 0;
    while (SteadyClock::now() < end && quiet < 3 && wire_ > 0) {
      const std::uint64_t before = gauge_->received;
      const bool unsettled = hosts_[0].sockets->count().unsettled + hosts_[1].sockets->count().unsettled > 0;
      step(2ms);
      quiet = !unsettled && gauge_->waiting == 0 && gauge_->received == before ? quiet + 1 : 0;
    }
  }

  int finish() {
    command_wire(wire_command::finish);
    const auto limit = SteadyClock::now() + 5s;
    while ((counts_.sentinels[0] < 2 || counts_.sentinels[1] < 2) && SteadyClock::now() < limit && !wire_failed_) step(2ms);
    for (Host& one : hosts_)
      counts_.dropped[static_cast<std::size_t>(one.side)] = one.capture->statistics().dropped;
    send_message(report_, MessageType::captures_done, counts_);
    return 0;
  }

  // One turn of the event loop.

  void step(SteadyClock::duration wait) {
    std::array<pollfd, 10> ready{};
    std::size_t used = 0;
    const auto watch = [&](int fd) {
      ready[used] = {fd, POLLIN, 0};
      return used++;
    };
    const std::size_t signals = watch(children_), control = watch(control_);
    std::array<std::size_t, 2> capture{}, output{}, ends{};
    for (std::size_t i = 0; i < 2; ++i) {
      capture[i] = watch(hosts_[i].capture ? hosts_[i].capture->descriptor() : -1);
      output[i] = watch(hosts_[i].program ? hosts_[i].program->output() : -1);
      watch(hosts_[i].program ? hosts_[i].program->reports() : -1);
      ends[i] = watch(hosts_[i].socket_ends ? hosts_[i].socket_ends->descriptor() : -1);
    }
    const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(wait);
    const timespec timeout{static_cast<time_t>(left.count() / 1'000'000'000), static_cast<long>(left.count() % 1'000'000'000)};
    ppoll(ready.data(), used, &timeout, nullptr);
    for (std::size_t i = 0; i < 2; ++i) {
      if (hosts_[i].capture) drain_capture(hosts_[i]);
      if (ready[output[i]].revents) drain_output(hosts_[i]);
      if (hosts_[i].program) hear_warden(hosts_[i]);
      if (ready[ends[i]].revents) drain_socket_ends(hosts_[i]);
    }
    if (ready[signals].revents) reap();
    if (ready[control].revents) obey();
  }

  void drain_capture(Host& one) {
    const std::size_t me = static_cast<std::size_t>(one.side);
    const Mac own = mac(1 + static_cast<unsigned>(me));
    tracer::Frame frame;
    for (int burst = 0; burst < 256 && one.capture->next(frame); ++burst) {
      if (is_last_sentinel(frame.bytes)) counts_.sentinels[me] = 2;
      else if (is_sentinel(frame.bytes) && counts_.sentinels[me] == 0) counts_.sentinels[me] = 1;
      if (is_housekeeping(frame.bytes)) continue;
      const bool outbound = frame.bytes.size() >= 12 && std::memcmp(frame.bytes.data() + 6, own.data(), own.size()) == 0;
      ++(outbound ? counts_.outbound : counts_.inbound)[me];
      const CapturedHead head{static_cast<std::uint8_t>(me), outbound, 0, frame.original_length, frame.time.time_since_epoch().count()};
      send_message(report_, MessageType::captured, head, frame.bytes);
    }
  }

  void drain_socket_ends(Host& one) {
    one.socket_ends->take([&](ClosedSocket closed) {
      closed.side = one.side;
      send_message(report_, MessageType::socket_closed, closed);
    });
  }

  void drain_output(Host& one) {
    std::array<std::byte, 16'384> buffer;
    for (int burst = 0; burst < 16; ++burst) {
      const ssize_t got = read(one.program->output(), buffer.data(), buffer.size());
      if (got < 0) return;
      if (got == 0) return one.program->close_output();
      const auto size = static_cast<std::size_t>(got);
      const std::size_t room = spec_.output_limit - std::min(spec_.output_limit, one.printed), kept = std::min(size, room);
      one.printed += kept;
      one.dropped_output += size - kept;
      if (kept > 0) send_message(report_, MessageType::output, static_cast<std::uint8_t>(one.side), tracer::Bytes(buffer).first(kept));
      if (one.dropped_output > spec_.limits.output && one.limit.empty()) {
        one.limit = fmt::format("more than {} MiB of output", (spec_.output_limit + spec_.limits.output) >> 20);
        one.program->signal(SIGKILL);
      }
    }
  }

  void hear_warden(Host& one) {
    while (const auto report = one.program->next_report()) {
      if (report->text[0] && (report->kind == WardenReport::limit || report->kind == WardenReport::ended)) one.limit = report->text;
      if (report->kind == WardenReport::ended && one.running) program_ended(one, report->status);
      if (report->kind == WardenReport::note && noted_.insert(report->text).second) note(report->text);
      if (report->kind == WardenReport::refused)
        throw Failure(tracer::exit_code::not_permitted, fmt::format("the {}'s program cannot be contained here: {}", name(one.side), report->text), "wirelab doctor says what this system forbids");
    }
  }

  void reap() {
    std::array<char, sizeof(signalfd_siginfo) * 8> drained;
    while (read(children_, drained.data(), drained.size()) > 0) {
    }
    int status = 0;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
      if (pid == wire_) {
        wire_ = -1;
        if (status != 0) fail_wire(status);
        continue;
      }
      for (Host& one : hosts_)
        if (one.program && one.program->pid() == pid) {
          hear_warden(one);  // its last words
          if (one.running) program_ended(one, status);
        }
    }
  }

  void program_ended(Host& one, int status) {
    one.running = false;
    drain_output(one);
    if (one.side == Side::server) server_status_ = status;
    const std::size_t me = static_cast<std::size_t>(one.side);
    const ProgramEnd end{static_cast<std::uint8_t>(one.side), one.stopped, one.timed_out, one.ignored_sigterm, status, static_cast<std::int64_t>(one.dropped_output), one.stopped_at, one.starved};
    send_message(report_, MessageType::program_ended, end, tracer::as_bytes(blocked_in_[me] + '\0' + one.limit));
  }

  void fail_wire(int status) {
    if (wire_failed_) return;
    wire_failed_ = stopping_ = true;
    note(WIFSIGNALED(status) ? fmt::format("the wire died of signal {}; the run ends here", WTERMSIG(status))
                             : std::string("the wire failed; the run ends here"));
  }

  void obey() {
    char letter = 0;
    const ssize_t got = read(control_, &letter, 1);
    if (got == 0) _exit(0);  // nobody is left to tell: the kernel ends the rest with us
    if (letter == conductor_command::stop) stopping_ = true;
    if (letter == conductor_command::inject) {
      std::uint32_t size = 0;
      std::array<char, 4096> script;
      if (read(control_, &size, sizeof size) != sizeof size || size > script.size()) return;
      if (read(control_, script.data(), size) != static_cast<ssize_t>(size)) return;
      std::string command(1, wire_command::inject);
      command.append(reinterpret_cast<const char*>(&size), sizeof size).append(script.data(), size);
      if (write(wire_control_, command.data(), command.size()) < 0) fail_wire(0);
    }
  }

  void note(const std::string& text) { send_message(report_, MessageType::note, tracer::as_bytes(text)); }

  const RunSpec& spec_;
  int control_, report_, wire_report_;
  Fd home_, children_, wire_control_;
  Host hosts_[2] = {Host(Side::client), Host(Side::server)};
  WireGauge* gauge_ = nullptr;
  pid_t wire_ = -1;
  bool wire_failed_ = false, stopping_ = false;
  int server_status_ = 0, idle_checks_ = 0;
  std::uint64_t received_ = 0;
  std::optional<SteadyClock::time_point> client_gone_;
  SteadyClock::time_point started_{}, deadline_{}, next_look_{};
  std::optional<SteadyClock::time_point> still_since_;
  std::uint64_t seen_moving_ = 0;
  CaptureCounts counts_{};
  std::string blocked_in_[2];
  std::set<std::string> noted_;  // what a warden said: both would say it
  unsigned user_ = 0, group_ = 0;
  std::uint16_t port_ = spec_.port;  // where the server is really to be found
};

}  // namespace

int conduct(const RunSpec& spec, unsigned outer_user, unsigned outer_group, int control, int report, int wire_report) {
  try {
    Conductor conductor(spec, control, report, wire_report);
    conductor.set_up(outer_user, outer_group);
    return conductor.run();
  } catch (const Failure& failure) {
    const std::int32_t code = failure.code;
    send_message(report, MessageType::failure, code, tracer::as_bytes(std::string(failure.what()) + '\0' + failure.hint));
    return 1;
  }
}

}  // namespace testbed
