// How many requests does a server answer in a second, and how long do they wait? Plain Google Benchmark:
//
//   build/bench/server_load --benchmark_filter=reactor --benchmark_format=json
//   build/bench/server_load --benchmark_filter=idle
//
// Each iteration is a tenth of a second of load. For a comparison with a verdict, measured in turns:
// wirelab bench servers clients tail.
#include <benchmark/benchmark.h>

#include "bench/context.hpp"
#include "bench/servers/measure.hpp"

namespace {

using namespace bench;

constexpr Nanoseconds slice = std::chrono::milliseconds(100);
constexpr double rate = 2000;  // requests a second, open loop

void load(benchmark::State& state, const Served& served) try {
  const Scratch scratch;
  const Server server(served.model, served.load.keep ? served.load.connections : 8, scratch);
  const AskingCore core;
  Histogram times;
  double seconds = 0;
  std::uint64_t unanswered = 0, seed = 0;
  for (auto _ : state) {
    const LoadResult result =
        served.open ? open_loop(server.address(), served.load, arrivals(rate, slice, seed++))
                    : closed_loop(server.address(), served.load, slice);
    times.merge(result.times);
    unanswered += result.unanswered;
    seconds += result.seconds;
    state.SetIterationTime(result.seconds);
  }
  if (times.empty()) return state.SkipWithError("no request was answered");
  state.counters["requests_per_second"] = static_cast<double>(times.count()) / seconds;
  state.counters["unanswered"] = static_cast<double>(unanswered);
  for (const auto& [name, share] :
       {std::pair("p50_us", 0.5), std::pair("p99_us", 0.99), std::pair("p99.9_us", 0.999)})
    if (times.supports(share)) state.counters[name] = times.quantile(share) / 1e3;
} catch (const TripError& error) {
  state.SkipWithError(error.what());
}

void idle(benchmark::State& state, Model model) try {
  IdleCrowd crowd;
  for (auto _ : state) {
    const Scratch scratch;
    const Server server(model, 1, scratch);
    crowd = hold_idle(server, 10'000);
    state.SetIterationTime(static_cast<double>(crowd.reply.count()) / 1e9);
  }
  state.counters["connections"] = static_cast<double>(crowd.connections);
  state.counters["megabytes"] = static_cast<double>(crowd.bytes) / 1e6;
} catch (const TripError& error) {
  state.SkipWithError(error.what());
}

}  // namespace

int main(int count, char** words) {
  for (const Model model : models_here()) {
    for (const bool keep : {true, false})
      for (const bool open : {false, true}) {
        const Served served{
            .model = model, .load = {.connections = 32, .keep = keep}, .open = open};
        if (keep && model == Model::one) continue;  // one client would keep the rest waiting
        benchmark::RegisterBenchmark(key(served).c_str(), load, served)
            ->UseManualTime()
            ->Unit(benchmark::kMillisecond);
      }
    if (model == Model::reactor || model == Model::coroutines || model == Model::nginx)
      benchmark::RegisterBenchmark(
          std::string("servers/").append(key(model)).append("/idle").c_str(), idle, model)
          ->UseManualTime()
          ->Iterations(1)
          ->Unit(benchmark::kMicrosecond);
  }
  benchmark::Initialize(&count, words);
  if (benchmark::ReportUnrecognizedArguments(count, words)) return 2;
  for (const auto& [name, value] : machine_context("loopback"))
    benchmark::AddCustomContext(name, value);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
