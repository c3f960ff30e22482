// Do other tools see the same round trips? Ours beside sockperf's and qperf's, in turns. Both print
// half a round trip; theirs is doubled here. qperf gives a mean, not a median.
//
//   build/bench/other_tools [--benchmark_filter=sockperf]
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <regex>
#include <thread>

#include "bench/context.hpp"
#include "bench/trips/child.hpp"
#include "bench/trips/rounds.hpp"

namespace {

using bench::Protocol;

constexpr int rounds = 10;
constexpr int port = 17'101;

/// A tool, how its two ends are started, and how its answer reads: half a round trip in microseconds.
struct Tool {
  const char* name;
  std::string server, client;
  std::regex answer;
};

Tool sockperf(Protocol protocol) {
  const char* tcp = protocol == Protocol::tcp ? " --tcp" : "";
  return {"sockperf", fmt::format("exec sockperf server -i 127.0.0.1 -p {}{}", port, tcp),
          fmt::format("sockperf ping-pong -i 127.0.0.1 -p {} -t 1 -m 64{}", port, tcp),
          std::regex(R"(percentile 50\.000 = +([0-9.]+))")};
}

Tool qperf(Protocol protocol) {
  return {"qperf", fmt::format("exec qperf -lp {}", port),
          fmt::format("qperf -lp {} 127.0.0.1 -t 1 -m 64 {}_lat", port, key(protocol)),
          std::regex(R"(latency += +([0-9.]+) us)")};
}

bool installed(const Tool& tool) {
  return std::system(fmt::format("command -v {} >/dev/null", tool.name).c_str()) == 0;
}

/// A whole round trip in microseconds, as the tool sees it.
double ask(const Tool& tool) {
  const bench::Child server([&] {
    if (!std::freopen("/dev/null", "w", stdout) || !std::freopen("/dev/null", "w", stderr)) return;
    execl("/bin/sh", "sh", "-c", tool.server.c_str(), nullptr);
  });
  for (int tries = 0; tries < 5; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));  // it says nowhere that it listens
    std::FILE* output = popen((tool.client + " 2>&1").c_str(), "r");
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
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
