#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "labs/support/fd.hpp"
#include "labs/testbed/testbed.hpp"
#include "labs/testbed/warden.hpp"

namespace testbed {

/// A program of a run, in a process group of its own.
class Program {
 public:
  /// Starts `command` with sh, on this machine as it is; its output comes from output(). `{port}` in
  /// the command becomes `port`, which is also WIRELAB_PORT.
  Program(const std::string& command, const RunSpec& spec, Side side, std::uint16_t port);
  /// The same in the host whose network this is, contained: warden.hpp. `user` and `group` are those
  /// outside the run's namespaces.
  Program(const std::string& command, const RunSpec& spec, Side side, std::uint16_t port,
          const Fd& network, uid_t user, gid_t group);

  /// Of our child: the program, or its warden.
  pid_t pid() const { return pid_; }
  int output() const { return output_; }
  void close_output() { output_ = Fd(); }
  /// Readable when the warden has something to say; -1 without one.
  int reports() const { return reports_; }
  std::optional<WardenReport> next_report();
  void signal(int number) const;
  /// Is its first thread blocked in a call that waits for others, and not just for time to pass?
  bool idle() const;
  /// The system call that it, or the program that it started and waits for, is blocked in, if that
  /// can be told: "accept", "recvfrom", …
  std::string blocked_in() const;
  /// The process of the two above.
  pid_t working() const;
  /// Can this be told here? Not where a container keeps us from a /proc of our own.
  static bool can_look_inside();

 private:
  pid_t pid_ = -1;
  Fd output_, reports_;
  bool contained_ = false;
};

}  // namespace testbed
