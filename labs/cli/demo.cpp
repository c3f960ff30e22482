#include "labs/cli/demo.hpp"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include "labs/cli/lab_run.hpp"
#include "labs/grader/command_name.hpp"
#include "tracer/bytes/failure.hpp"

namespace cli {
namespace {

void heading(const std::string& text, const tracer::TextStyle& style) {
  fmt::print("\n{}\n\n", style.paint(text, tracer::Role::heading));
  std::fflush(stdout);
}

/// The program that measures, with its output where ours goes. False if it is not built or failed.
bool measure(const Paths& paths) {
  const pid_t child = fork();
  if (child == 0) {
    execl(paths.bench.c_str(), "wirelab-bench", "--demo", nullptr);
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace

int demo(const Paths& paths, const std::string& out, const tracer::TextStyle& style) {
  RunRequest request;
  request.style = style;
  request.lab = "01-sockets";
  request.wire = "delay 20ms; drop c>s data#3";
  request.out = out + "/01-sockets";
  heading("1. TCP: a letter of 16 KiB, 20 ms away, and the wire loses the third data segment",
          style);
  int code = run_lab(paths, request);
  fmt::print(
      "\nTwo hosts, two clocks: times on the left are the client's, on the right the server's.\n"
      "The segment marked lost never reached the server. Each later one makes it say the same\n"
      "ACK again, with SACK naming what did arrive; that is how the client learns what to "
      "repeat.\n");
  if (code != tracer::exit_code::done) return code;

  request.lab = "04-udp";
  request.wire = "delay 20ms; drop c>s udp#3";
  request.out = out + "/04-udp";
  heading("2. UDP: five datagrams, and the wire loses the third", style);
  code = run_lab(paths, request);
  fmt::print(
      "\nNo handshake, no ACK, no farewell. The lost datagram leaves no trace at either end but\n"
      "the silence after it: the program itself has to wait, give up, and go on.\n");
  if (code != tracer::exit_code::done) return code;

  heading("3. Is UDP faster than TCP? Measured on this machine, now", style);
  if (!measure(paths)) fmt::print("(the benchmark is not built here: it needs libbenchmark-dev)\n");
  fmt::print(
      "\n{1}\n"
      "  {0} list                                    the labs\n"
      "  {0} run 01-sockets --wire 'loss 10%' --seed 7   worse luck\n"
      "  {0} run 04-udp --scenario closed-port       who says that nobody is there?\n"
      "  wireshark {2}/01-sockets/trace.pcapng     the same packets, with our remarks\n",
      grader::command_name(), style.paint("Next:", tracer::Role::heading), out);
  return tracer::exit_code::done;
}

}  // namespace cli
