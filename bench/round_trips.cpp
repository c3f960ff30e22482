// How long does a request and its reply take, over each kind of socket? Plain Google Benchmark:
//
//   build/bench/round_trips --benchmark_filter=blocking/64 --benchmark_format=json
//
// For a comparison with a verdict, measured in turns: wirelab bench.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <deque>

#include "bench/context.hpp"
#include "bench/trips/echo.hpp"
#include "bench/trips/rounds.hpp"

namespace {

void add(const bench::Trip& trip) {
  static std::deque<bench::Subject> subjects;  // as long as the program; never moved
  const bench::Subject& subject =
      subjects.emplace_back(bench::Subject{key(trip), name(trip.protocol), [trip] { return start_echo(trip); }, is_datagram(trip.protocol)});
  const auto body = [&subject](benchmark::State& state) {
    bench::Round round;
    measure_round(state, subject, round);
  };
  benchmark::RegisterBenchmark(subject.key.c_str(), body)->UseManualTime()->Unit(benchmark::kMicrosecond);
}

}  // namespace

int main(int count, char** words) {
  using bench::Protocol, bench::Waiting;
  for (const Protocol protocol : {Protocol::tcp, Protocol::udp, Protocol::unix_stream, Protocol::unix_datagram, Protocol::pipe})
    for (const Waiting waiting : {Waiting::blocking, Waiting::polling, Waiting::busy})
      for (const std::size_t size : {1u, 64u, 512u, 1400u, 8192u, 65'536u}) {
        if (protocol == Protocol::udp && size > 65'507) continue;  // does not fit in a datagram
        add({.protocol = protocol, .waiting = waiting, .size = size});
      }
  benchmark::Initialize(&count, words);
  if (benchmark::ReportUnrecognizedArguments(count, words)) return 2;
  for (const auto& [key, value] : bench::machine_context("loopback")) benchmark::AddCustomContext(key, value);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
