#include "labs/testbed/observer.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "labs/testbed/conductor.hpp"
#include "tracer/bytes/failure.hpp"

namespace testbed {

using tracer::Failure;

void Observer::listen_for_children() {
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGCHLD);
  sigprocmask(SIG_BLOCK, &mask, nullptr);
  children_ = Fd(signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK));
}

void Observer::step(SteadyClock::duration wait) {
  std::array<pollfd, 10> ready{};
  std::size_t used = 0;
  const auto watch = [&](int fd) {
    ready[used] = {fd, POLLIN, 0};
    return used++;
  };
  const std::size_t signals = watch(children_), control = watch(control_);
  std::array<std::size_t, 2> capture{}, output{}, ends{};
  for (std::size_t i = 0; i < 2; ++i) {
    capture[i] = watch(hosts[i].capture ? hosts[i].capture->descriptor() : -1);
    output[i] = watch(hosts[i].program ? hosts[i].program->output() : -1);
    watch(hosts[i].program ? hosts[i].program->reports() : -1);
    ends[i] = watch(hosts[i].socket_ends ? hosts[i].socket_ends->descriptor() : -1);
  }
  const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(wait);
  const timespec timeout{static_cast<time_t>(left.count() / 1'000'000'000),
                         static_cast<long>(left.count() % 1'000'000'000)};
  ppoll(ready.data(), used, &timeout, nullptr);
  for (std::size_t i = 0; i < 2; ++i) {
    if (hosts[i].capture) drain_capture(hosts[i]);
    if (ready[output[i]].revents) drain_output(hosts[i]);
    if (hosts[i].program) hear_warden(hosts[i]);
    if (ready[ends[i]].revents) drain_socket_ends(hosts[i]);
  }
  if (ready[signals].revents) reap();
  if (ready[control].revents) obey();
}

void Observer::drain_capture(Host& one) {
  const std::size_t me = static_cast<std::size_t>(one.side);
  const Mac own = mac(1 + static_cast<unsigned>(me));
  tracer::Frame frame;
  for (int burst = 0; burst < 256 && one.capture->next(frame); ++burst) {
    if (is_last_sentinel(frame.bytes))
      counts.sentinels[me] = 2;
    else if (is_sentinel(frame.bytes) && counts.sentinels[me] == 0)
      counts.sentinels[me] = 1;
    if (is_housekeeping(frame.bytes)) continue;
    const bool outbound = frame.bytes.size() >= 12 &&
                          std::memcmp(frame.bytes.data() + 6, own.data(), own.size()) == 0;
    ++(outbound ? counts.outbound : counts.inbound)[me];
    const CapturedHead head{static_cast<std::uint8_t>(me), outbound, 0, frame.original_length,
                            frame.time.time_since_epoch().count()};
    send_message(report_, MessageType::captured, head, frame.bytes);
  }
}

void Observer::drain_socket_ends(Host& one) {
  one.socket_ends->take([&](ClosedSocket closed) {
    closed.side = one.side;
    send_message(report_, MessageType::socket_closed, closed);
  });
}

void Observer::drain_output(Host& one) {
  std::array<std::byte, 16'384> buffer;
  for (int burst = 0; burst < 64; ++burst) {
    const ssize_t got = read(one.program->output(), buffer.data(), buffer.size());
    if (got < 0) return;
    if (got == 0) return one.program->close_output();
    const auto size = static_cast<std::size_t>(got);
    const std::size_t room = spec.output_limit - std::min(spec.output_limit, one.printed),
                      kept = std::min(size, room);
    one.printed += kept;
    one.dropped_output += size - kept;
    if (kept > 0)
      send_message(report_, MessageType::output, static_cast<std::uint8_t>(one.side),
                   tracer::Bytes(buffer).first(kept));
    if (one.dropped_output > spec.limits.output && one.limit.empty()) {
      one.limit =
          fmt::format("more than {} MiB of output", (spec.output_limit + spec.limits.output) >> 20);
      one.program->signal(SIGKILL);
    }
  }
}

void Observer::hear_warden(Host& one) {
  while (const auto report = one.program->next_report()) {
    if (report->text[0] &&
        (report->kind == WardenReport::limit || report->kind == WardenReport::ended))
      one.limit = report->text;
    if (report->kind == WardenReport::ended && one.running) program_ended(one, report->status);
    if (report->kind == WardenReport::note && noted_.insert(report->text).second)
      note(report->text);
    if (report->kind == WardenReport::refused)
      throw Failure(tracer::exit_code::not_permitted,
                    fmt::format("the {}'s program cannot be contained here: {}", name(one.side),
                                report->text),
                    "wirelab doctor says what this system forbids");
  }
}

void Observer::reap() {
  std::array<char, sizeof(signalfd_siginfo) * 8> drained;
  while (read(children_, drained.data(), drained.size()) > 0) {
  }
  int status = 0;
  for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;) {
    if (pid == wire) {
      wire = -1;
      if (status != 0) fail_wire(status);
      continue;
    }
    for (Host& one : hosts)
      if (one.program && one.program->pid() == pid) {
        hear_warden(one);  // its last words
        if (one.running) program_ended(one, status);
      }
  }
}

void Observer::program_ended(Host& one, int status) {
  one.running = false;
  drain_output(one);
  one.status = status;
  const ProgramEnd end{static_cast<std::uint8_t>(one.side),
                       one.stopped,
                       one.timed_out,
                       one.ignored_sigterm,
                       status,
                       static_cast<std::int64_t>(one.dropped_output),
                       one.stopped_at,
                       one.starved};
  send_message(report_, MessageType::program_ended, end,
               tracer::as_bytes(one.blocked_in + '\0' + one.limit));
}

void Observer::fail_wire(int status) {
  if (wire_failed) return;
  wire_failed = stop_wanted = true;
  note(WIFSIGNALED(status)
           ? fmt::format("the wire died of signal {}; the run ends here", WTERMSIG(status))
           : std::string("the wire failed; the run ends here"));
}

void Observer::obey() {
  char letter = 0;
  const ssize_t got = read(control_, &letter, 1);
  if (got == 0) _exit(0);  // nobody is left to tell: the kernel ends the rest with us
  if (letter == conductor_command::stop) stop_wanted = true;
  if (letter == conductor_command::inject) {
    std::uint32_t size = 0;
    std::array<char, 4096> script;
    if (read(control_, &size, sizeof size) != sizeof size || size > script.size()) return;
    if (read(control_, script.data(), size) != static_cast<ssize_t>(size)) return;
    std::string command(1, wire_command::inject);
    command.append(reinterpret_cast<const char*>(&size), sizeof size).append(script.data(), size);
    if (write(wire_control, command.data(), command.size()) < 0) fail_wire(0);
  }
}

void Observer::note(const std::string& text) {
  send_message(report_, MessageType::note, tracer::as_bytes(text));
}

void Observer::command_wire(char letter) {
  if (wire > 0 && write(wire_control, &letter, 1) != 1) fail_wire(0);
}

SteadyClock::duration Observer::longest_delay() const {
  SteadyClock::duration longest{0};
  for (const WireRule& rule : spec.wire)
    longest += std::chrono::duration_cast<SteadyClock::duration>(rule.action.time);
  return longest;
}

}  // namespace testbed
