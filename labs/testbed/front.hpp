// The process in front: what it needs to start the others, hear from them, and be rid of them.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>

#include "labs/support/fd.hpp"
#include "labs/testbed/messages.hpp"
#include "labs/testbed/testbed.hpp"
#include "tracer/bytes/failure.hpp"

namespace testbed {

struct Pipe {
  Fd read, write;
};
/// Throws tracer::Failure (1).
Pipe make_pipe();

/// SIGINT and SIGTERM arrive as readable events for as long as this lives.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;
  int descriptor() const { return events_; }
  /// The signal that came, 0 if none did.
  int take() const;

 private:
  Fd events_;
  sigset_t before_;
};

/// The process that runs everything else. However this ends, it is gone after.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  void end() const;
  int wait();  // its status

 private:
  pid_t pid_;
};

/// Collects what the processes of the run report.
class Front {
 public:
  Front(const RunSpec& spec, RunResult& result, const RunObserver& observer)
      : spec_(spec), result_(result), observer_(observer) {}

  void take(const MessageReader::Message& message);
  /// No more will come. Throws the failure that was reported, if any.
  void conclude();
  bool ready() const { return ready_.has_value(); }
  /// Frames that the kernel dropped for want of room, at both captures; none if they never said.
  std::optional<std::uint64_t> dropped() const;

 private:
  using SteadyClock = std::chrono::steady_clock;
  void program_ended(tracer::Bytes body);
  void captured(tracer::Bytes body);
  void decided(tracer::Bytes body);
  void sent(tracer::Bytes body);
  std::string why_incomplete() const;

  const RunSpec& spec_;
  RunResult& result_;
  const RunObserver& observer_;
  SteadyClock::time_point started_ = SteadyClock::now();
  std::optional<SteadyClock::time_point> ready_, programs_done_;
  std::optional<tracer::Failure> failure_;
  std::uint64_t kept_ = 0, left_out_ = 0;
  std::optional<CaptureCounts> captures_;
  std::optional<WireCounts> wire_;
};

}  // namespace testbed
