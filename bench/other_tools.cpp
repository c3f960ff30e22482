// Do other tools see the same round trips? Ours beside sockperf's and qperf's, in turns. Both print
// half a round trip; theirs is doubled here. qperf gives a mean, not a median.
//
//   build/bench/other_tools [--benchmark_filter=sockperf]
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <regex>
#include <thread>

#include "bench/context.hpp"
#include "bench/trips/child.hpp"
#include "bench/trips/rounds.hpp"
#include "labs/support/fd.hpp"

namespace {

using bench::Protocol;

constexpr int rounds = 10;

/// A tool, how its two ends are started at PORT, and how its answer reads: half a round trip in
/// microseconds.
struct Tool {
  const char* name;
  std::string server, client;
  std::regex answer;
};

Tool sockperf(Protocol protocol) {
  const char* tcp = protocol == Protocol::tcp ? " --tcp" : "";
  return {"sockperf", fmt::format("exec sockperf server -i 127.0.0.1 -p PORT{}", tcp),
          fmt::format("sockperf ping-pong -i 127.0.0.1 -p PORT -t 1 -m 64{}", tcp),
          std::regex(R"(percentile 50\.000 = +([0-9.]+))")};
}

Tool qperf(Protocol protocol) {
  return {"qperf", "exec qperf -lp PORT",
          fmt::format("qperf -lp PORT 127.0.0.1 -t 1 -m 64 {}_lat", key(protocol)),
          std::regex(R"(latency += +([0-9.]+) us)")};
}

bool installed(const Tool& tool) {
  return std::system(fmt::format("command -v {} >/dev/null", tool.name).c_str()) == 0;
}

/// One that nobody has. That of the round before may be in TIME-WAIT.
std::string free_port() {
  const Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(socket, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
      getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw bench::TripError("no free port");
  return std::to_string(ntohs(address.sin_port));
}

std::string at_port(std::string command, const std::string& port) {
  return command.replace(command.find("PORT"), 4, port);
}

/// A whole round trip in microseconds, as the tool sees it.
double ask(const Tool& tool) {
  const std::string port = free_port(), serve = at_port(tool.server, port),
                    call = at_port(tool.client, port);
  const bench::Child server([&] {
    if (!std::freopen("/dev/null", "w", stdout) || !std::freopen("/dev/null", "w", stderr)) return;
    execl("/bin/sh", "sh", "-c", serve.c_str(), nullptr);
  });
  for (int tries = 0; tries < 5; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));  // it says nowhere that it listens
    std::FILE* output = popen((call + " 2>&1").c_str(), "r");
    std::string text;
    char buffer[4096];
    for (std::size_t got; output && (got = std::fread(buffer, 1, sizeof buffer, output)) > 0;)
      text.append(buffer, got);
    const bool well = output && pclose(output) == 0;
    std::smatch found;
    if (well && std::regex_search(text, found, tool.answer)) return 2 * std::stod(found[1]);
  }
  throw bench::TripError(fmt::format("{} gives no answer", tool.name));
}

double our_median(Protocol protocol) {
  const auto exchange = start_exchange({.protocol = protocol}, bench::Loopback());
  bench::Histogram times;
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(1);
  while (std::chrono::steady_clock::now() < end)
    if (const auto time = exchange->round_trip())
      times.record(static_cast<std::uint64_t>(time->count()));
  return times.median() / 1e3;
}

double middle(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

void beside(benchmark::State& state, Protocol protocol, const Tool& tool) {
  if (!installed(tool)) return state.SkipWithError("not installed");
  std::vector<double> ours, theirs;
  try {
    for (auto _ : state) {
      const bool first = ours.size() % 2 == 0;
      if (first) ours.push_back(our_median(protocol));
      theirs.push_back(ask(tool));
      if (!first) ours.push_back(our_median(protocol));
      state.SetIterationTime(ours.back() / 1e6);
    }
  } catch (const bench::TripError& error) {
    return state.SkipWithError(error.what());
  }
  state.counters["ours_us"] = middle(ours);
  state.counters["theirs_us"] = middle(theirs);
  state.counters["ratio"] = middle(ours) / middle(theirs);
}

}  // namespace

int main(int count, char** words) {
  for (const Protocol protocol : {Protocol::tcp, Protocol::udp})
    for (const Tool& tool : {sockperf(protocol), qperf(protocol)})
      benchmark::RegisterBenchmark(fmt::format("{}/{}/64", tool.name, key(protocol)).c_str(),
                                   beside, protocol, tool)
          ->UseManualTime()
          ->Iterations(rounds)
          ->Unit(benchmark::kMicrosecond);
  benchmark::Initialize(&count, words);
  if (benchmark::ReportUnrecognizedArguments(count, words)) return 2;
  for (const auto& [key, value] : bench::machine_context("loopback"))
    benchmark::AddCustomContext(key, value);
  bench::stay_on_one_processor();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
