#include "labs/testbed/front.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace testbed {

using tracer::Failure;

Pipe make_pipe() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    throw Failure(tracer::exit_code::failed, fmt::format("pipe: {}", std::strerror(errno)));
  fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);  // so that capturing never waits for printing; best effort
  return {Fd(ends[0]), Fd(ends[1])};
}

Interrupts::Interrupts() {
  sigset_t mask;
  sigemptyset(&mask);
  sigaddset(&mask, SIGINT);
  sigaddset(&mask, SIGTERM);
  sigprocmask(SIG_BLOCK, &mask, &before_);
  events_ = Fd(signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK));
}
Interrupts::~Interrupts() { sigprocmask(SIG_SETMASK, &before_, nullptr); }
int Interrupts::take() const {
  signalfd_siginfo info{};
  return read(events_, &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
}

Child::~Child() {
  if (pid_ <= 0) return;
  end();
  wait();
}
void Child::end() const { kill(pid_, SIGKILL); }
int Child::wait() {
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = 0;
  return status;
}

void Front::take(const MessageReader::Message& message) {
  const tracer::Bytes body = message.body;
  const std::string_view text = tracer::as_text(body);
  switch (message.type) {
    case MessageType::failure: {
      const std::size_t split = text.find('\0', 4);
      failure_.emplace(head_of<std::int32_t>(body), std::string(text.substr(4, split - 4)),
                       split == std::string_view::npos ? "" : std::string(text.substr(split + 1)));
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
    case MessageType::program_ended: return program_ended(body);
    case MessageType::socket_closed: result_.closed.push_back(head_of<ClosedSocket>(body)); return;
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

void Front::conclude() {
  if (failure_) throw *failure_;
  if (ready_) result_.setup = *ready_ - started_;
  if (programs_done_) result_.teardown = SteadyClock::now() - *programs_done_;
  result_.incomplete_because = why_incomplete();
  result_.complete = result_.incomplete_because.empty();
}

void Front::program_ended(tracer::Bytes body) {
  const auto end = head_of<ProgramEnd>(body);
  ProgramResult& program = result_.programs[end.side];
  program.ran = true;
  program.status = end.status;
  program.stopped = end.stopped != 0;
  program.timed_out = end.timed_out != 0;
  program.stopped_at = tracer::Timestamp(tracer::Nanoseconds(end.stopped_at));
  program.starved = end.starved != 0;
  program.dropped_output = static_cast<std::uint64_t>(end.dropped_output);
  program.ignored_sigterm = end.ignored_sigterm != 0;
  const std::string_view texts = tracer::as_text(body.subspan(sizeof end));
  program.detail = texts.substr(0, texts.find('\0'));
  program.limit = texts.substr(std::min(texts.size(), program.detail.size() + 1));
  programs_done_ = SteadyClock::now();
}

void Front::captured(tracer::Bytes body) {
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

void Front::decided(tracer::Bytes body) {
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

void Front::sent(tracer::Bytes body) {
  const auto head = head_of<SentHead>(body);
  // Ids count from 1 in the order of decisions, so the event is where its number says.
  if (head.id == 0 || head.id > result_.wire.size() || head.failed) return;
  result_.wire[head.id - 1].sent.push_back(tracer::Timestamp(tracer::Nanoseconds(head.time)));
}

std::string Front::why_incomplete() const {
  if (!wire_) return "the wire ended before it could give its counts";
  if (left_out_ > 0)
    return fmt::format("the capture is larger than {} bytes: {} frames are not kept",
                       spec_.capture_limit, left_out_);
  if (!captures_) return "the capture ended before it could give its counts";
  for (const Side side : {Side::client, Side::server}) {
    const auto i = static_cast<std::size_t>(side);
    if (captures_->sentinels[i] < 2)
      return fmt::format("the capture at the {} missed the end of the run", name(side));
    if (captures_->dropped[i] > 0)
      return fmt::format("the capture at the {} lost {} frames for want of room", name(side),
                         captures_->dropped[i]);
    if (captures_->outbound[i] != wire_->received[i])
      return fmt::format("the {} sent {} frames by its capture, {} by the wire's count", name(side),
                         captures_->outbound[i], wire_->received[i]);
    if (captures_->inbound[i] != wire_->sent[i])
      return fmt::format("the {} got {} frames by its capture, {} by the wire's count", name(side),
                         captures_->inbound[i], wire_->sent[i]);
  }
  if (wire_->refused > 0)
    return fmt::format("the wire could not deliver {} frames", wire_->refused);
  if (wire_->overflow > 0)
    return fmt::format("the wire was overrun and lost {} frames that no rule names",
                       wire_->overflow);
  return {};
}

std::optional<std::uint64_t> Front::dropped() const {
  if (!captures_) return std::nullopt;
  return captures_->dropped[0] + captures_->dropped[1];
}

}  // namespace testbed
