#include "labs/testbed/testbed.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "labs/testbed/conductor.hpp"
#include "labs/testbed/forbidden.hpp"
#include "labs/testbed/front.hpp"
#include "labs/testbed/namespaces.hpp"

namespace testbed {
namespace {

using tracer::Failure;

[[noreturn]] void refuse_namespaces(int error) {
  const Obstacle obstacle = user_namespace_obstacle(error, false);
  throw Failure(
      tracer::exit_code::not_permitted,
      "this system allows no user namespaces, of which the hosts are made: " + obstacle.cause,
      obstacle.remedy);
}

/// Hands a wire script to the wire, by way of the conductor; in one piece, so that nobody waits for the rest.
void inject(int control, const std::string& script) {
  std::string command(1, conductor_command::inject);
  const auto size = static_cast<std::uint32_t>(script.size());
  command.append(reinterpret_cast<const char*>(&size), sizeof size).append(script);
  if (write(control, command.data(), command.size()) < 0) return;  // the run has just ended
}

}  // namespace

RunResult run(const RunSpec& spec, const RunObserver& observer) {
  const WireRules rules_are_good(spec.wire, spec.seed,
                                 spec.compile);  // faults show here, not in a child
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
  constexpr int turn_ms = 10;
  std::array<pollfd, 4> ready{{{report.read, POLLIN, 0},
                               {wire_report.read, POLLIN, 0},
                               {interrupts.descriptor(), POLLIN, 0},
                               {observer.descriptor, POLLIN, 0}}};
  while (ready[0].fd >= 0 || ready[1].fd >= 0) {
    if (poll(ready.data(), ready.size(), observer.turn ? turn_ms : -1) < 0 && errno != EINTR) break;
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
    if (!observer.turn) continue;
    for (const std::string& script : observer.turn())
      if (front.ready()) inject(control.write, script);
  }
  const int status = child.wait();
  front.conclude();
  if (WIFSIGNALED(status) && !result.interrupted)
    throw Failure(tracer::exit_code::failed,
                  fmt::format("the testbed died of signal {}; nothing of it is left running",
                              WTERMSIG(status)),
                  "run it again");
  if (!front.ready() && !result.interrupted)
    throw Failure(
        tracer::exit_code::failed,
        fmt::format("the testbed ended before it was ready (status {})", WEXITSTATUS(status)),
        "wirelab doctor says what this system lacks");
  number_frames(result);
  return result;
}

}  // namespace testbed
