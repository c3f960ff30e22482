// What does our measuring add to what it measures? Our round trips against those of a bare C
// ping-pong, in turns. The contract: at most 3 % of the median.
//
//   build/bench/overhead [--benchmark_filter=tcp]
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

#include "bench/context.hpp"
#include "bench/stats/verdict.hpp"
#include "bench/trips/rounds.hpp"

namespace {

constexpr unsigned rounds = 20;
constexpr unsigned trips = 3000;  // a round

bench::Histogram bare_round(bench::Protocol protocol, std::size_t size) {
  const auto beside =
      std::filesystem::read_symlink("/proc/self/exe").parent_path() / "bare_ping_pong";
  std::FILE* samples =
      popen(fmt::format("'{}' {} {} {}", beside.string(), key(protocol), size, trips).c_str(), "r");
  bench::Histogram times;
  for (std::uint64_t time; samples && std::fread(&time, sizeof time, 1, samples) == 1;)
    times.record(time);
  if (!samples || pclose(samples) != 0 || times.count() != trips)
    throw bench::TripError("bare_ping_pong failed");
  return times;
}

bench::Histogram our_round(const bench::Trip& trip) {
  const auto exchange = start_exchange(trip, bench::Loopback());
  for (int i = 0; i < 200; ++i) exchange->round_trip();
  bench::Histogram times;
  while (times.count() < trips)
    if (const auto time = exchange->round_trip())
      times.record(static_cast<std::uint64_t>(time->count()));
  return times;
}

/// One iteration is one round of each, in turns; the time is that of our median.
void overhead(benchmark::State& state, const bench::Trip& trip) {
  std::vector<bench::Histogram> bare, ours;
  try {
    for (auto _ : state) {
      const bool bare_first = bare.size() % 2 == 0;
      if (bare_first) bare.push_back(bare_round(trip.protocol, trip.size));
      ours.push_back(our_round(trip));
      if (!bare_first) bare.push_back(bare_round(trip.protocol, trip.size));
      state.SetIterationTime(ours.back().median() / 1e9);
    }
  } catch (const bench::TripError& error) {
    return state.SkipWithError(error.what());
  }
  const bench::RatioEstimate estimate = compare_medians(bare, ours, bench::Pairing::paired);
  state.counters["ratio_to_bare"] = estimate.ratio;
  state.counters["ratio_low"] = estimate.interval.low;
  state.counters["ratio_high"] = estimate.interval.high;
  state.SetLabel(estimate.ratio <= 1.03 ? "within 3 % of the bare ping-pong"
                                        : "MORE than 3 % over the bare ping-pong");
}

}  // namespace

int main(int count, char** words) {
  for (const bench::Protocol protocol : {bench::Protocol::tcp, bench::Protocol::udp}) {
    const bench::Trip trip{.protocol = protocol};
    benchmark::RegisterBenchmark(fmt::format("overhead/{}", key(trip)).c_str(), overhead, trip)
        ->UseManualTime()
        ->Iterations(rounds)
        ->Unit(benchmark::kMicrosecond);
  }
  benchmark::Initialize(&count, words);
  if (benchmark::ReportUnrecognizedArguments(count, words)) return 2;
  for (const auto& [key, value] : bench::machine_context("loopback"))
    benchmark::AddCustomContext(key, value);
  bench::stay_on_one_processor();
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
