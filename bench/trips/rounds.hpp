// Measuring in turns, through Google Benchmark.
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/stats/histogram.hpp"
#include "bench/trips/place.hpp"
#include "bench/trips/trip.hpp"

namespace bench {

/// What one round of one subject gave.
struct Round {
  Histogram times;         // nanoseconds, every round trip that came back
  std::uint64_t lost = 0;  // datagrams for which no reply came
};

/// One thing to compare, and what it gave so far.
struct Subject {
  Trip trip;
  std::string label;  // "TCP"
  std::vector<Round> rounds = {};

  Histogram all() const;  // of all rounds
  std::uint64_t lost() const;
  std::vector<Histogram> histograms() const;  // one a round
};

struct Schedule {
  unsigned rounds = 20;                              // of each subject
  std::chrono::milliseconds round_time{70};          // about
  std::uint64_t fewest = 3, most = 1'000'000;        // round trips in a round
};

/// Runs the rounds of all subjects in turns, back and forth (A B B A A B …), so that what drifts
/// (heat, other work on the machine) meets all alike. Each round starts a fresh pair of processes
/// and is one run of Google Benchmark with manual time. `progress` is told the share done.
/// Throws TripError.
void measure_in_turns(std::vector<Subject>& subjects, const Schedule& schedule, const Place& place,
                      const std::function<void(double)>& progress = {});

/// The body of a Google Benchmark: warms up, then each iteration is one round
/// trip with its own time. Gives the counters p50_us, p99_us, … (a percentile only with at least
/// ten samples beyond it), max_us and lost.
void measure_round(benchmark::State& state, const Trip& trip, const Place& place, Round& round);

}  // namespace bench
