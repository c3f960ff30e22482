#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "labs/support/fd.hpp"
#include "labs/testbed/testbed.hpp"

namespace testbed {

/// A program that runs in a host, in a process group of its own.
class Program {
 public:
  /// Starts `command` with sh in `network`; its output comes from output(). `{port}` in the command
  /// becomes `port`, which is also WIRELAB_PORT.
  Program(const std::string& command, const RunSpec& spec, Side side, std::uint16_t port, const Fd& network);

  pid_t pid() const { return pid_; }
  int output() const { return output_; }
  void close_output() { output_ = Fd(); }
  void signal(int number) const;
  /// Is its first thread blocked in a call that waits for others, and not just for time to pass?
  bool idle() const;
  /// The system call that it, or the program that it started and waits for, is blocked in, if that
  /// can be told: "accept", "recvfrom", …
  std::string blocked_in() const;
  /// Can the two above be told here? Not where a container keeps us from a /proc of our own.
  static bool can_look_inside();

 private:
  pid_t pid_ = -1;
  Fd output_;
};

}  // namespace testbed
