#include "labs/testbed/loopback.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>

#include "labs/testbed/conductor.hpp"
#include "labs/testbed/front.hpp"
#include "labs/testbed/program.hpp"
#include "labs/testbed/sockets.hpp"
#include "tracer/capture/live.hpp"

namespace testbed {
namespace {

using tracer::Failure;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

bool in_use(const SocketWatch& sockets, std::uint16_t port) {
  return sockets.count(port).port == port;
}

/// Between the process in front and the programs: whatever loses its parent becomes this one's
/// child, so that it can end all of it, also when the process in front is gone.
class Keeper {
 public:
  Keeper(const RunSpec& spec, int control, int report)
      : spec_(spec), control_(control), report_(report) {}

  int run() {
    setsid();
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    ::signal(SIGPIPE, SIG_IGN);
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGCHLD);
    sigprocmask(SIG_BLOCK, &mask, nullptr);
    children_ = Fd(signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK));
    start_capture();
    send_message(report_, MessageType::ready, tracer::Bytes{});

    const auto deadline = SteadyClock::now() + spec_.time_limit;
    if (!spec_.server.empty()) start(Side::server, spec_.server);
    if (!spec_.server.empty() && !spec_.client.empty()) await_server();
    if (!spec_.client.empty() && !stopping_) start(Side::client, spec_.client);
    while (anyone_running() && !stopping_ && !server_is_done()) {
      if (SteadyClock::now() > deadline) {
        for (std::size_t i = 0; i < 2; ++i) timed_out_[i] = running_[i];
        break;
      }
      step(4ms);
    }
    stop_programs();
    for (int i = 0; i < 10; ++i) step(2ms);  // what the kernel still has to say
    CaptureCounts counts{};
    if (capture_) counts.dropped[0] = capture_->statistics().dropped;
    send_message(report_, MessageType::captures_done, counts);
    return 0;
  }

 private:
  void note(const std::string& text) {
    send_message(report_, MessageType::note, tracer::as_bytes(text));
  }

  void start_capture() {
    try {
      capture_ = tracer::open_live({.interface = "lo",
                                    .filter = fmt::format("port {}", spec_.port),
                                    .promiscuous = false,
                                    .blocking = false});
    } catch (const Failure& failure) {
      note(fmt::format("no trace of this run: {} ({})", failure.what(), failure.hint));
    }
  }

  void start(Side side, const std::string& command) {
    const auto i = static_cast<std::size_t>(side);
    programs_[i].emplace(command, spec_, side, spec_.port);
    running_[i] = true;
  }

  void await_server() {
    const auto limit = SteadyClock::now() + 5s;
    while (!stopping_ && !in_use(sockets_, spec_.port)) {
      if (!running_[1]) {
        stopping_ = server_status_ != 0;
        return;
      }
      if (SteadyClock::now() > limit)
        return note(fmt::format(
            "the server did not open port {} in good time; the client starts anyway", spec_.port));
      step(2ms);
    }
  }

  bool anyone_running() const { return running_[0] || running_[1]; }

  /// It serves for ever, its client is gone, and it waits for the next.
  bool server_is_done() {
    const bool waits = !spec_.client.empty() && !running_[0] && running_[1] && programs_[1]->idle();
    idle_checks_ = waits ? idle_checks_ + 1 : 0;
    return idle_checks_ >= 25;
  }

  void stop_programs() {
    for (std::size_t i = 0; i < 2; ++i) {
      if (!running_[i]) continue;
      stopped_[i] = true;
      if (timed_out_[i]) blocked_in_[i] = programs_[i]->blocked_in();
      programs_[i]->signal(SIGTERM);
    }
    for (const auto patience = SteadyClock::now() + 500ms;
         anyone_running() && SteadyClock::now() < patience;)
      step(4ms);
    end_family();
    while (anyone_running()) step(20ms);
  }

  void end_family() {
    for (int round = 0; round < 100; ++round) {
      std::vector<pid_t> family{getpid()};
      for (std::size_t i = 0; i < family.size(); ++i) {
        std::ifstream children(fmt::format("/proc/{0}/task/{0}/children", family[i]));
        for (pid_t child; children >> child;) family.push_back(child);
      }
      for (auto& program : programs_)
        if (program) program->signal(SIGKILL);
      for (std::size_t i = 1; i < family.size(); ++i) kill(family[i], SIGKILL);
      reap();
      if (family.size() == 1) return;
      usleep(1000);
    }
  }

  void step(SteadyClock::duration wait) {
    std::array<pollfd, 5> ready{{{children_, POLLIN, 0},
                                 {control_, POLLIN, 0},
                                 {capture_ ? capture_->descriptor() : -1, POLLIN, 0},
                                 {programs_[0] ? programs_[0]->output() : -1, POLLIN, 0},
                                 {programs_[1] ? programs_[1]->output() : -1, POLLIN, 0}}};
    poll(ready.data(), ready.size(),
         static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(wait).count()));
    tracer::Frame frame;
    for (int burst = 0; capture_ && burst < 256 && capture_->next(frame); ++burst) {
      const CapturedHead head{0, 0, 0, frame.original_length,
                              frame.time.time_since_epoch().count()};
      send_message(report_, MessageType::captured, head, frame.bytes);
    }
    for (std::size_t i = 0; i < 2; ++i)
      if (ready[3 + i].revents) drain(i);
    if (ready[0].revents) reap();
    char letter = 0;
    if (ready[1].revents) {
      if (read(control_, &letter, 1) != 1) {  // the process in front is gone
        end_family();
        _exit(0);
      }
      stopping_ = true;
    }
  }

  void drain(std::size_t i) {
    std::array<std::byte, 16'384> buffer;
    for (int burst = 0; burst < 16; ++burst) {
      const ssize_t got = read(programs_[i]->output(), buffer.data(), buffer.size());
      if (got < 0) return;
      if (got == 0) return programs_[i]->close_output();
      const auto size = static_cast<std::size_t>(got), room = spec_.output_limit - printed_[i],
                 kept = std::min(size, room);
      printed_[i] += kept;
      dropped_output_[i] += static_cast<std::int64_t>(size - kept);
      if (kept > 0)
        send_message(report_, MessageType::output, static_cast<std::uint8_t>(i),
                     tracer::Bytes(buffer).first(kept));
    }
  }

  void reap() {
    std::array<char, sizeof(signalfd_siginfo) * 8> drained;
    while (read(children_, drained.data(), drained.size()) > 0) {
    }
    int status = 0;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
      for (std::size_t i = 0; i < 2; ++i) {
        if (!programs_[i] || programs_[i]->pid() != pid) continue;
        running_[i] = false;
        drain(i);
        if (i == 1) server_status_ = status;
        const ProgramEnd end{static_cast<std::uint8_t>(i),
                             stopped_[i],
                             timed_out_[i],
                             false,
                             status,
                             dropped_output_[i],
                             0,
                             0};
        send_message(report_, MessageType::program_ended, end, tracer::as_bytes(blocked_in_[i]));
      }
  }

  const RunSpec& spec_;
  int control_, report_;
  Fd children_;
  SocketWatch sockets_;
  std::unique_ptr<tracer::LiveSource> capture_;
  std::optional<Program> programs_[2];  // all of these indexed by Side
  bool running_[2] = {}, stopped_[2] = {}, timed_out_[2] = {};
  std::size_t printed_[2] = {};
  std::int64_t dropped_output_[2] = {};
  std::string blocked_in_[2];
  bool stopping_ = false;
  int server_status_ = 0, idle_checks_ = 0;
};

}  // namespace

std::string with_address(const std::string& command, const std::string& address) {
  const auto any_of = [](char c, std::string_view set) {
    return set.find(c) != std::string_view::npos;
  };
  std::string result;
  bool at_command = true;  // the next word is a program's name
  for (std::size_t at = 0; at < command.size();) {
    const std::string_view rest = std::string_view(command).substr(at);
    const char before = at == 0 ? ' ' : command[at - 1];
    const bool starts =
        any_of(before, " \t\n'\"=@") || (at >= 2 && command.compare(at - 2, 2, "//") == 0);
    const bool named = rest.starts_with("server") || rest.starts_with("client");
    if (starts && named && !at_command && (rest.size() == 6 || any_of(rest[6], " \t\n'\":/;&|)"))) {
      result += address;
      at += 6;
      continue;
    }
    if (any_of(rest[0], ";&|("))
      at_command = true;
    else if (at_command && any_of(rest[0], " \t\n") && !any_of(before, " \t\n;&|("))
      at_command = false;
    result += rest[0];
    ++at;
  }
  return result;
}

RunResult run_on_loopback(const RunSpec& asked, const RunObserver& observer) {
  if (!asked.wire.empty())
    throw Failure(
        tracer::exit_code::not_permitted,
        fmt::format("the wire rule '{}' needs hosts of our own, and this system forbids them",
                    asked.wire[0].text),
        "wirelab doctor names the cause and the remedy; without rules the lab runs on loopback");
  RunSpec spec = asked;
  const std::string address = spec.ipv6 ? "::1" : "127.0.0.1";
  spec.server = with_address(spec.server, address);
  spec.client = with_address(spec.client, address);
  spec.environment.insert(spec.environment.begin(), {"WIRELAB_PEER", address});
  if (!spec.server.empty() && in_use(SocketWatch(), spec.port))
    throw Failure(tracer::exit_code::failed,
                  fmt::format("port {} is in use on this machine", spec.port),
                  "end the program that has it: ss -lntup shows it");

  RunResult result;
  result.notes.emplace_back(
      "hosts of our own are forbidden here, so this ran on loopback: one clock, no wire, frames "
      "without real checksums and larger than any wire's");
  Front front(spec, result, observer);
  const Interrupts interrupts;
  Pipe control = make_pipe(), report = make_pipe();
  const pid_t process = fork();
  if (process < 0)
    throw Failure(tracer::exit_code::failed, fmt::format("fork: {}", std::strerror(errno)));
  if (process == 0) {
    control.write = Fd();
    report.read = Fd();
    try {
      _exit(Keeper(spec, control.read, report.write).run());
    } catch (const Failure& failure) {
      const std::int32_t code = failure.code;
      send_message(report.write, MessageType::failure, code,
                   tracer::as_bytes(std::string(failure.what()) + '\0' + failure.hint));
      _exit(1);
    }
  }
  Child child(process);
  control.read = Fd();
  report.write = Fd();
  MessageReader reader;
  for (bool open = true; open;) {
    std::array<pollfd, 2> ready{{{report.read, POLLIN, 0}, {interrupts.descriptor(), POLLIN, 0}}};
    if (poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) break;
    if (ready[0].revents) open = reader.read_from(report.read);
    for (MessageReader::Message message; reader.next(message);) front.take(message);
    if (ready[1].revents && interrupts.take() != 0) {
      result.interrupted = true;
      const char stop = conductor_command::stop;
      if (write(control.write, &stop, 1) != 1) child.end();
    }
  }
  child.wait();
  front.conclude();
  result.complete = false;
  result.incomplete_because = "loopback has no wire whose count could prove the capture";
  if (front.dropped().value_or(0) > 0)
    result.notes.push_back(
        fmt::format("the capture lost {} frames for want of room", *front.dropped()));
  return result;
}

}  // namespace testbed
