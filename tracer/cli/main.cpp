// tracer: what crossed the wire, as a ladder.
#include <fmt/format.h>
#include <signal.h>

#include <exception>

#include "tracer/bytes/failure.hpp"
#include "tracer/cli/options.hpp"
#include "tracer/cli/trace.hpp"

int main(int count, char** words) {
  signal(SIGPIPE, SIG_IGN);
  try {
    const auto options = tracer::parse_command_line(count, words);
    return options ? tracer::trace(*options) : tracer::exit_code::done;
  } catch (const tracer::Failure& failure) {
    fmt::print(stderr, "tracer: {}\n", failure.what());
    if (!failure.hint.empty()) fmt::print(stderr, "hint: {}\n", failure.hint);
    return failure.code;
  } catch (const std::bad_alloc&) {
    fmt::print(
        stderr,
        "tracer: out of memory\nhint: a streaming format (-T flat, summary, fields) needs less\n");
    return tracer::exit_code::failed;
  }
}
