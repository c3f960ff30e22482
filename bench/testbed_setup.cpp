// What does it cost to make two hosts and a wire, and to take them away again?
// The contract: at most 0.2 s each (median).
//
//   build/bench/testbed_setup
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "bench/context.hpp"
#include "bench/stats/histogram.hpp"
#include "labs/testbed/testbed.hpp"
#include "tracer/bytes/failure.hpp"

namespace {

constexpr double contract_ms = 200;

std::uint64_t whole(tracer::Nanoseconds time) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(time.count(), 0));
}

/// One run an iteration. The time is that of set-up and tear-down together, without the programs'.
void testbed_setup(benchmark::State& state, const testbed::RunSpec& spec) {
  bench::Histogram setup, teardown;
  try {
    for (auto _ : state) {
      const testbed::RunResult result = testbed::run(spec);
      if (result.interrupted) return state.SkipWithError("interrupted");
      setup.record(whole(result.setup));
      teardown.record(whole(result.teardown));
      state.SetIterationTime(static_cast<double>(whole(result.setup + result.teardown)) / 1e9);
    }
  } catch (const tracer::Failure& failure) {
    return state.SkipWithError(failure.what());
  }
  const double made = setup.median() / 1e6, gone = teardown.median() / 1e6;
  state.counters["setup_p50_ms"] = made;
  state.counters["teardown_p50_ms"] = gone;
  state.counters["setup_max_ms"] = static_cast<double>(setup.max()) / 1e6;
  state.counters["teardown_max_ms"] = static_cast<double>(teardown.max()) / 1e6;
  state.SetLabel(made <= contract_ms && gone <= contract_ms ? "medians within 0.2 s each"
                                                            : "SLOWER than 0.2 s");
}

testbed::RunSpec trivial_programs() {
  testbed::RunSpec spec;
  spec.server = "true";
  spec.client = "true";
  return spec;
}

}  // namespace

int main(int count, char** words) {
  testbed::RunSpec plain = trivial_programs(), dual = trivial_programs(),
                   impaired = trivial_programs();
  dual.ipv6 = true;
  impaired.wire = testbed::parse_wire_script("delay 20ms; loss 1%");
  for (const auto& [name, spec] :
       {std::pair{"plain", plain}, {"ipv6", dual}, {"delay_and_loss", impaired}})
    benchmark::RegisterBenchmark(fmt::format("testbed_setup/{}", name).c_str(), testbed_setup, spec)
        ->UseManualTime()
        ->Iterations(20)
        ->Unit(benchmark::kMillisecond);
  benchmark::Initialize(&count, words);
  if (benchmark::ReportUnrecognizedArguments(count, words)) return 2;
  for (const auto& [key, value] : bench::machine_context("testbed"))
    benchmark::AddCustomContext(key, value);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
