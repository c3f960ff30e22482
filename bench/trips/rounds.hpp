// Measuring in turns, through Google Benchmark.
#pragma once

#include <benchmark/benchmark.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bench/servers/served.hpp"
#include "bench/stats/histogram.hpp"
#include "bench/trips/place.hpp"
#include "bench/trips/trip.hpp"

namespace bench {

/// One exchange by itself, so that its packets can be found in a capture.
struct TimedTrip {
  std::chrono::system_clock::time_point start;
  Nanoseconds took;  // if it was lost: until it was given up
  bool lost;
};

/// What one round of one subject gave.
struct Round {
  Histogram times;                    // nanoseconds, every round trip that came back
  std::uint64_t lost = 0;             // datagrams for which no reply came
  std::uint64_t lost_before = 0;      // the same, while warming up
  double seconds = 0;                 // that the round took, without starting and warming up
  bool keep_trips = false;            // also one by one?
  std::vector<TimedTrip> trips = {};  // then all of them, in the order of time
};

/// An exchange that stands for many, or for the worst that can happen.
struct Moment {
  std::string name;  // "median", "p99", "worst", "lost"
  TimedTrip trip;
};

/// One thing to compare, and what it gave so far.
struct Subject {
  Trip trip;
  std::string label;  // "TCP"
  std::vector<Round> rounds = {};
  std::vector<Moment> moments = {};   // if trips are kept
  std::optional<Served> served = {};  // a server under load; then `trip` says nothing

  Histogram all() const;  // of all rounds
  std::uint64_t lost() const;
  std::vector<Histogram> histograms() const;  // one a round
};

/// "tcp/blocking/64", or "servers/reactor/kept/closed": how Google Benchmark and the files name it.
std::string key(const Subject& subject);
/// Can a request of this subject be without a reply?
bool counts_losses(const Subject& subject);

struct Schedule {
  unsigned rounds = 20;                        // of each subject
  std::chrono::milliseconds round_time{70};    // about
  std::uint64_t fewest = 3, most = 1'000'000;  // round trips in a round
  /// A fresh pair of processes each round shows what differs from start to start; over a slow wire
  /// starting takes longer than measuring, and one pair does it all.
  bool fresh_each_round = true;
  bool keep_trips = false;  // 32 bytes each
};

/// Runs the rounds of all subjects in turns, back and forth (A B B A A B …), so that what drifts
/// (heat, other work on the machine) meets all alike. Each round is one run of Google Benchmark with manual time. `progress` is told the share done.
/// Throws TripError.
void measure_in_turns(std::vector<Subject>& subjects, const Schedule& schedule, const Place& place,
                      const std::function<void(double)>& progress = {});

/// The body of a Google Benchmark: each iteration is one round trip with its own time. Gives the counters p50_us, p99_us, … (a percentile only with at least
/// ten samples beyond it), max_us and lost.
void measure_round(benchmark::State& state, Exchange& exchange, Round& round);
/// The same over a fresh, warmed-up exchange.
void measure_fresh_round(benchmark::State& state, const Trip& trip, const Place& place,
                         Round& round);

}  // namespace bench
