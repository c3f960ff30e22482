#include "labs/testbed/testbed.hpp"

#include <fcntl.h>
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
#include <map>

#include "labs/testbed/conductor.hpp"
#include "labs/testbed/messages.hpp"
#include "labs/testbed/namespaces.hpp"
#include "tracer/bytes/failure.hpp"

namespace testbed {
namespace {

using tracer::Failure;
using SteadyClock = std::chrono::steady_clock;

struct Pipe {
  Fd read, write;
};
Pipe make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) throw Failure(tracer::exit_code::failed, fmt::format("pipe: {}", std::strerror(errno)));
  fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);  // so that capturing never waits for printing; best effort
  return {Fd(ends[0]), Fd(ends[1])};
}

/// SIGINT and SIGTERM arrive as readable events for as long as this lives.
class Interrupts {
 public:
  Interrupts() {
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGINT);
    sigaddset(&mask, SIGTERM);
    sigprocmask(SIG_BLOCK, &mask, &before_);
    events_ = Fd(signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK));
  }
  ~Interrupts() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
  int descriptor() const { return events_; }
  int take() const {
    signalfd_siginfo info{};
    return read(events_, &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
  }

 private:
  Fd events_;
  sigset_t before_;
};

[[noreturn]] void refuse_namespaces() {
  const int why = errno;
  const bool exhausted = why == ENOSPC || why == EUSERS;
  throw Failure(tracer::exit_code::not_permitted,
                exhausted ? "this system allows no user namespaces (user.max_user_namespaces is 0 or used up)"
                          : fmt::format("this system forbids user namespaces: {}", std::strerror(why)),
                exhausted ? "sudo sysctl user.max_user_namespaces=10000"
                          : "wirelab doctor names the setting and the remedy");
}

/// Collects what the processes of the run report.
class Front {
 public:
  Front(RunResult& result, const RunObserver& observer) : result_(result), observer_(observer) {}

  void take(const MessageReader::Message& message) {
    const tracer::Bytes body = message.body;
    const std::string_view text = tracer::as_text(body);
    switch (message.type) {
      case MessageType::failure: {
        const std::size_t split = text.find('\0', 4);
        failure_.emplace(head_of<std::int32_t>(body), std::string(text.substr(4, split - 4)), split == std::string_view::npos ? "" : std::string(text.substr(split + 1)));
        return;
      }
      case MessageType::ready:
        ready_ = SteadyClock::now();
        if (observer_.ready) observer_.ready();
        return;
      case MessageType::note: result_.notes.emplace_back(text); return;
      case MessageType::captured: return captured(body);
      case MessageType::output: {
        const Side side = static_cast<Side>(tracer::be8(body, 0));
        result_.programs[static_cast<std::size_t>(side)].output += text.substr(1);
        if (observer_.output) observer_.output(side, text.substr(1));
        return;
      }
      case MessageType::program_ended: {
        const auto end = head_of<ProgramEnd>(body);
        ProgramResult& program = result_.programs[end.side];
        program.ran = true;
        program.status = end.status;
        program.stopped = end.stopped != 0;
        program.timed_out = end.timed_out != 0;
        program.dropped_output = static_cast<std::uint64_t>(end.dropped_output);
        program.detail = text.substr(sizeof end);
        programs_done_ = SteadyClock::now();
        return;
      }
      case MessageType::captures_done: captures_ = head_of<CaptureCounts>(body); return;
      case MessageType::decided: return decided(body);
      case MessageType::sent: return sent(body);
      case MessageType::wire_done: {
        wire_ = head_of<WireCounts>(body);
        for (std::uint64_t i = 0; i < wire_->applied; ++i)
          result_.applied.push_back(head_of<std::uint64_t>(body.subspan(sizeof(WireCounts) + i * 8)));
        return;
      }
    }
  }

  void conclude() {
    if (failure_) throw *failure_;
    if (ready_) result_.setup = *ready_ - started_;
    if (programs_done_) result_.teardown = SteadyClock::now() - *programs_done_;
    result_.incomplete_because = why_incomplete();
    result_.complete = result_.incomplete_because.empty();
  }
  bool ready() const { return ready_.has_value(); }

 private:
  void captured(tracer::Bytes body) {
    const auto head = head_of<CapturedHead>(body);
    tracer::Frame frame;
    frame.time = tracer::Timestamp(tracer::Nanoseconds(head.time));
    frame.direction = head.outbound ? tracer::Direction::outbound : tracer::Direction::inbound;
    frame.vantage = head.side;
    frame.original_length = head.original_length;
    frame.bytes = body.subspan(sizeof head);
    const tracer::Frame& kept = result_.frames.add(frame);
    if (observer_.frame) observer_.frame(kept);
  }

  void decided(tracer::Bytes body) {
    const auto head = head_of<DecidedHead>(body);
    WireEvent event;
    event.id = head.id;
    event.from = static_cast<Side>(head.from);
    event.received = tracer::Timestamp(tracer::Nanoseconds(head.time));
    event.length = head.length;
    event.dropped = head.dropped != 0;
    event.corrupted = head.corrupted != 0;
    event.held = head.held != 0;
    event.copies = head.copies;
    event.rule = head.rule;
    event.corrupt_at = head.corrupt_at;
    event.cause = tracer::as_text(body.subspan(sizeof head));
    result_.wire.push_back(std::move(event));
    if (observer_.wire) observer_.wire(result_.wire.back());
  }

  void sent(tracer::Bytes body) {
    const auto head = head_of<SentHead>(body);
    // Ids count from 1 in the order of decisions, so the event is where its number says.
    if (head.id == 0 || head.id > result_.wire.size() || head.failed) return;
    result_.wire[head.id - 1].sent.push_back(tracer::Timestamp(tracer::Nanoseconds(head.time)));
  }

  std::string why_incomplete() const {
    if (!wire_) return "the wire ended before it could give its counts";
    if (!captures_) return "the capture ended before it could give its counts";
    for (const Side side : {Side::client, Side::server}) {
      const auto i = static_cast<std::size_t>(side);
      if (captures_->sentinels[i] < 2) return fmt::format("the capture at the {} missed the end of the run", name(side));
      if (captures_->dropped[i] > 0) return fmt::format("the capture at the {} lost {} frames for want of room", name(side), captures_->dropped[i]);
      if (captures_->outbound[i] != wire_->received[i])
        return fmt::format("the {} sent {} frames by its capture, {} by the wire's count", name(side), captures_->outbound[i], wire_->received[i]);
      if (captures_->inbound[i] != wire_->sent[i])
        return fmt::format("the {} got {} frames by its capture, {} by the wire's count", name(side), captures_->inbound[i], wire_->sent[i]);
    }
    if (wire_->overflow > 0) return fmt::format("the wire was overrun and lost {} frames that no rule names", wire_->overflow);
    return {};
  }

  RunResult& result_;
  const RunObserver& observer_;
  SteadyClock::time_point started_ = SteadyClock::now();
  std::optional<SteadyClock::time_point> ready_, programs_done_;
  std::optional<Failure> failure_;
  std::optional<CaptureCounts> captures_;
  std::optional<WireCounts> wire_;
};

}  // namespace

RunResult run(const RunSpec& spec, const RunObserver& observer) {
  const WireRules rules_are_good(spec.wire, spec.seed, spec.compile);  // faults show here, not in a child
  RunResult result;
  Front front(result, observer);
  const Interrupts interrupts;
  Pipe control = make_pipe(), report = make_pipe(), wire_report = make_pipe();
  const unsigned user = getuid(), group = getgid();
  const pid_t child = spawn_in_namespaces([&] {
    control.write = Fd();  // so that its end tells us that the process in front is gone
    report.read = Fd();
    wire_report.read = Fd();
    return conduct(spec, user, group, control.read, report.write, wire_report.write);
  });
  if (child == 0) refuse_namespaces();
  control.read = Fd();
  report.write = Fd();
  wire_report.write = Fd();

  MessageReader readers[2];
  std::array<pollfd, 3> ready{{{report.read, POLLIN, 0}, {wire_report.read, POLLIN, 0}, {interrupts.descriptor(), POLLIN, 0}}};
  while (ready[0].fd >= 0 || ready[1].fd >= 0) {
    if (poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) break;
    for (std::size_t i : {1u, 0u}) {  // the wire's word first: captures refer to it
      if (!ready[i].revents) continue;
      if (!readers[i].read_from(ready[i].fd)) ready[i].fd = -1;
      MessageReader::Message message;
      while (readers[i].next(message)) front.take(message);
    }
    if (ready[2].revents && interrupts.take() != 0) {
      const char stop = conductor_command::stop;
      // A second interrupt, or one before the run has begun, does not wait for anybody.
      if (result.interrupted || !front.ready() || write(control.write, &stop, 1) != 1) kill(child, SIGKILL);
      result.interrupted = true;
    }
  }
  int status = 0;
  waitpid(child, &status, 0);
  front.conclude();
  if (WIFSIGNALED(status) && !result.interrupted)
    throw Failure(tracer::exit_code::failed, fmt::format("the testbed died of signal {}; nothing of it is left running", WTERMSIG(status)), "run it again");
  if (!front.ready() && !result.interrupted)
    throw Failure(tracer::exit_code::failed, fmt::format("the testbed ended before it was ready (status {})", WEXITSTATUS(status)), "wirelab doctor says what this system lacks");
  number_frames(result);
  return result;
}

void number_frames(RunResult& result) {
  // Two readers fed `frames`; bring them into the order of time, each vantage keeping its own.
  std::vector<std::size_t> order(result.frames.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return result.frames[a].time < result.frames[b].time; });
  std::vector<tracer::Frame> sorted;
  for (const std::size_t i : order) sorted.push_back(result.frames[i]);
  for (std::size_t i = 0; i < sorted.size(); ++i) result.frames[i] = sorted[i];
  if (!result.complete) return;

  std::vector<const WireEvent*> received[2];                                  // by sender
  std::vector<std::pair<tracer::Timestamp, const WireEvent*>> delivered[2];  // by receiver
  for (const WireEvent& event : result.wire) {
    const auto from = static_cast<std::size_t>(event.from);
    received[from].push_back(&event);
    for (const auto time : event.sent) delivered[1 - from].emplace_back(time, &event);
  }
  for (auto& one : delivered) std::stable_sort(one.begin(), one.end(), [](auto& a, auto& b) { return a.first < b.first; });

  std::size_t out[2] = {0, 0}, in[2] = {0, 0};
  for (std::size_t i = 0; i < result.frames.size(); ++i) {
    tracer::Frame& frame = result.frames[i];
    const auto side = frame.vantage;
    const WireEvent* event = nullptr;
    if (frame.direction == tracer::Direction::outbound && out[side] < received[side].size()) event = received[side][out[side]++];
    if (frame.direction == tracer::Direction::inbound && in[side] < delivered[side].size()) event = delivered[side][in[side]++].second;
    if (!event) continue;
    frame.packet_id = event->id;
    if (frame.direction == tracer::Direction::outbound && event->dropped)
      frame.comment = tracer::as_text(result.frames.copy(tracer::as_bytes("lost on the wire: " + event->cause)));
    else if (event->corrupted)
      frame.comment = tracer::as_text(result.frames.copy(tracer::as_bytes(fmt::format("byte {} changed on the wire: {}", event->corrupt_at, event->cause))));
  }
}

}  // namespace testbed
