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
#include <unordered_map>

#include "labs/testbed/conductor.hpp"
#include "labs/testbed/forbidden.hpp"
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

[[noreturn]] void refuse_namespaces(int error) {
  const Obstacle obstacle = user_namespace_obstacle(error, false);
  throw Failure(tracer::exit_code::not_permitted,
                "this system allows no user namespaces, of which the hosts are made: " + obstacle.cause, obstacle.remedy);
}

/// Collects what the processes of the run report.
class Front {
 public:
  Front(const RunSpec& spec, RunResult& result, const RunObserver& observer)
      : spec_(spec), result_(result), observer_(observer) {}

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
    kept_ += body.size();
    if (kept_ > spec_.capture_limit) {
      ++left_out_;
      return;
    }
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
    event.digest = head.digest;
    event.sent_digest = head.sent_digest;
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
    if (left_out_ > 0) return fmt::format("the capture is larger than {} bytes: {} frames are not kept", spec_.capture_limit, left_out_);
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
    if (wire_->refused > 0) return fmt::format("the wire could not deliver {} frames", wire_->refused);
    if (wire_->overflow > 0) return fmt::format("the wire was overrun and lost {} frames that no rule names", wire_->overflow);
    return {};
  }

  const RunSpec& spec_;
  RunResult& result_;
  const RunObserver& observer_;
  SteadyClock::time_point started_ = SteadyClock::now();
  std::optional<SteadyClock::time_point> ready_, programs_done_;
  std::optional<Failure> failure_;
  std::uint64_t kept_ = 0, left_out_ = 0;
  std::optional<CaptureCounts> captures_;
  std::optional<WireCounts> wire_;
};

/// The wire's packets by what is in them.
class EventsByContent {
 public:
  void add(std::uint64_t content, const WireEvent& event) { lists_[content].events.push_back(&event); }
  /// The first one with this content that was not taken before; null if there is none.
  const WireEvent* take(std::uint64_t content) {
    const auto found = lists_.find(content);
    if (found == lists_.end() || found->second.taken == found->second.events.size()) return nullptr;
    return found->second.events[found->second.taken++];
  }

 private:
  struct List {
    std::vector<const WireEvent*> events;
    std::size_t taken = 0;
  };
  std::unordered_map<std::uint64_t, List> lists_;
};

/// Process 1 of a run. However this ends, it and all that runs in its namespaces is gone after.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  ~Child() {
    if (pid_ <= 0) return;
    end();
    wait();
  }
  void end() const { kill(pid_, SIGKILL); }
  int wait() {
    int status = 0;
    while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return status;
  }

 private:
  pid_t pid_;
};

}  // namespace

RunResult run(const RunSpec& spec, const RunObserver& observer) {
  const WireRules rules_are_good(spec.wire, spec.seed, spec.compile);  // faults show here, not in a child
  RunResult result;
  Front front(spec, result, observer);
  const Interrupts interrupts;
  Pipe control = make_pipe(), report = make_pipe(), wire_report = make_pipe();
  const unsigned user = getuid(), group = getgid();
  const pid_t process = spawn_in_namespaces([&] {
    control.write = Fd();  // so that its end tells us that the process in front is gone
    report.read = Fd();
    wire_report.read = Fd();
    return conduct(spec, user, group, control.read, report.write, wire_report.write);
  });
  if (process == 0) refuse_namespaces(errno);
  Child child(process);
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
      if (result.interrupted || !front.ready() || write(control.write, &stop, 1) != 1) child.end();
      result.interrupted = true;
    }
  }
  const int status = child.wait();
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

  EventsByContent sent_by[2], given_to[2];
  for (const WireEvent& event : result.wire) {
    const auto from = static_cast<std::size_t>(event.from);
    sent_by[from].add(event.digest, event);
    for (std::size_t copy = 0; copy < event.sent.size(); ++copy) given_to[1 - from].add(event.sent_digest, event);
  }
  std::size_t strangers = 0;
  for (std::size_t i = 0; i < result.frames.size(); ++i) {
    tracer::Frame& frame = result.frames[i];
    const bool outbound = frame.direction == tracer::Direction::outbound;
    const WireEvent* event = (outbound ? sent_by : given_to)[frame.vantage].take(digest(frame.bytes));
    if (!event) {
      ++strangers;
      continue;
    }
    frame.packet_id = event->id;
    std::string comment;
    if (outbound && event->dropped) comment = "lost on the wire: " + event->cause;
    else if (event->corrupted) comment = fmt::format("byte {} changed on the wire: {}", event->corrupt_at, event->cause);
    if (!comment.empty()) frame.comment = tracer::as_text(result.frames.copy(tracer::as_bytes(comment)));
  }
  if (strangers == 0 || !result.complete) return;
  result.complete = false;
  result.incomplete_because = fmt::format("{} captured frames are not those that the wire carried", strangers);
}

}  // namespace testbed
