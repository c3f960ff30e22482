// How long does a request and its reply take, over each kind of socket? Plain Google Benchmark:
//
//   build/bench/round_trips --benchmark_filter=blocking/64 --benchmark_format=json
//
// For a comparison with a verdict, measured in turns: wirelab bench.
#include <benchmark/benchmark.h>

#include "bench/context.hpp"
#include "bench/trips/rounds.hpp"

namespace {

void add(const bench::Trip& trip) {
  const auto body = [trip](benchmark::State& state) {
    bench::Round round;
    measure_fresh_round(state, trip, bench::Loopback(), round);
  };
  benchmark::RegisterBenchmark(key(trip).c_str(), body)
      ->UseManualTime()
      ->Unit(benchmark::kMicrosecond);
}

}  // namespace

int main(int count, char** words) {
  using bench::Manner, bench::Protocol, bench::Waiting;
  for (const Protocol protocol : {Protocol::tcp, Protocol::udp, Protocol::unix_stream,
                                  Protocol::unix_datagram, Protocol::pipe})
    for (const Waiting waiting : {Waiting::blocking, Waiting::polling, Waiting::busy})
      for (const std::size_t size : {1u, 64u, 512u, 1400u, 8192u, 65'536u}) {
        if (protocol == Protocol::udp && size > 65'507) continue;  // does not fit in a datagram
        add({.protocol = protocol, .waiting = waiting, .size = size});
      }
  for (const bool no_delay : {true, false})
    add({.manner = Manner::two_writes, .no_delay = no_delay});
  for (const Manner manner : {Manner::connect_each, Manner::http_kept, Manner::http_each,
                              Manner::tls_1_2, Manner::tls_1_3, Manner::tls_resumed})
    add({.manner = manner});
  benchmark::Initialize(&count, words);
  if (benchmark::ReportUnrecognizedArguments(count, words)) return 2;
  for (const auto& [key, value] : bench::machine_context("loopback"))
    benchmark::AddCustomContext(key, value);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
