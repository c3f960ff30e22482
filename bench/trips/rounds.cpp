#include "bench/trips/rounds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;

/// Takes what Google Benchmark reports: faults are kept, the rest is in the rounds already.
class Collector : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs)
      if (run.error_occurred && !error) error = run.error_message;
  }
  std::optional<std::string> error;
};

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// The first trips of a fresh pair of processes are slow: page faults, cold caches, a clock to raise.
/// Gives back how many were lost.
std::uint64_t warm_up(Exchange& exchange) {
  std::uint64_t lost = 0;
  const auto start = Clock::now();
  for (int i = 0; i < 200 && seconds_since(start) < 0.005; ++i) lost += !exchange.round_trip();
  return lost;
}

/// Seconds that one round trip takes, roughly; adds to `lost`.
double rough_time(Exchange& exchange, const Schedule& schedule, std::uint64_t& lost) {
  lost += warm_up(exchange);
  const double enough =
      std::min(std::chrono::duration<double>(schedule.round_time).count() / 4, 0.02);
  std::uint64_t trips = 0;
  const auto start = Clock::now();
  do lost += !exchange.round_trip(), ++trips;
  while (seconds_since(start) < enough);
  return seconds_since(start) / static_cast<double>(trips);
}

void count_percentiles(benchmark::State& state, const Round& round) {
  const Histogram& times = round.times;
  if (times.empty()) return;
  state.counters["p50_us"] = times.median() / 1e3;
  if (times.supports(0.9)) state.counters["p90_us"] = times.quantile(0.9) / 1e3;
  if (times.supports(0.99)) state.counters["p99_us"] = times.quantile(0.99) / 1e3;
  if (times.supports(0.999)) state.counters["p99.9_us"] = times.quantile(0.999) / 1e3;
  state.counters["max_us"] = static_cast<double>(times.max()) / 1e3;
}

}  // namespace

Histogram Subject::all() const {
  Histogram sum;
  for (const Round& round : rounds) sum.merge(round.times);
  return sum;
}

std::uint64_t Subject::lost() const {
  std::uint64_t sum = 0;
  for (const Round& round : rounds) sum += round.lost;
  return sum;
}

std::vector<Histogram> Subject::histograms() const {
  std::vector<Histogram> each;
  for (const Round& round : rounds) each.push_back(round.times);
  return each;
}

std::string key(const Subject& subject) {
  return subject.served ? key(*subject.served) : key(subject.trip);
}

bool counts_losses(const Subject& subject) {
  return subject.served || is_datagram(subject.trip.protocol);
}

void measure_round(benchmark::State& state, Exchange& exchange, Round& round) {
  const auto start = Clock::now();
  try {
    for (auto _ : state) {
      const auto began = std::chrono::system_clock::now();  // the clock of captures
      const auto time = exchange.round_trip();
      if (round.keep_trips)
        round.trips.push_back(
            {began, time.value_or(std::chrono::system_clock::now() - began), !time});
      if (time)
        round.times.record(static_cast<std::uint64_t>(time->count()));
      else
        ++round.lost;
      state.SetIterationTime(time ? static_cast<double>(time->count()) / 1e9 : 0);
    }
  } catch (const TripError& error) {
    return state.SkipWithError(error.what());
  }
  round.seconds = seconds_since(start);
  count_percentiles(state, round);
  state.counters["lost"] = static_cast<double>(round.lost);
}

void measure_fresh_round(benchmark::State& state, const Trip& trip, const Place& place,
                         Round& round) {
  try {
    const std::unique_ptr<Exchange> exchange = start_exchange(trip, place);
    round.lost_before += warm_up(*exchange);
    measure_round(state, *exchange, round);
  } catch (const TripError& error) {
    state.SkipWithError(error.what());
  }
}

void measure_in_turns(std::vector<Subject>& subjects, const Schedule& schedule, const Place& place,
                      const std::function<void(double)>& progress) {
  std::vector<double> each;  // seconds a trip took, lately
  std::vector<std::unique_ptr<Exchange>> kept(subjects.size());
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    subjects[i].rounds.assign(schedule.rounds, {});
    for (Round& round : subjects[i].rounds) round.keep_trips = schedule.keep_trips;
    kept[i] = start_exchange(subjects[i].trip, place);
    each.push_back(rough_time(*kept[i], schedule, subjects[i].rounds.front().lost_before));
    if (schedule.fresh_each_round) kept[i].reset();
  }
  Collector collector;
  const double wanted = std::chrono::duration<double>(schedule.round_time).count();
  for (unsigned number = 0; number < schedule.rounds; ++number) {
    for (std::size_t i = 0; i < subjects.size(); ++i) {
      const std::size_t turn = number % 2 == 0 ? i : subjects.size() - 1 - i;
      const Trip& trip = subjects[turn].trip;
      Round& round = subjects[turn].rounds[number];
      const auto trips = std::clamp(static_cast<std::uint64_t>(wanted / each[turn]),
                                    schedule.fewest, schedule.most);
      const auto body = [&](benchmark::State& state) {
        if (kept[turn])
          measure_round(state, *kept[turn], round);
        else
          measure_fresh_round(state, trip, place, round);
      };
      benchmark::ClearRegisteredBenchmarks();
      benchmark::RegisterBenchmark(fmt::format("{}/round:{}", key(trip), number).c_str(), body)
          ->UseManualTime()
          ->Iterations(static_cast<benchmark::IterationCount>(trips));
      benchmark::RunSpecifiedBenchmarks(&collector, ".");
      if (collector.error) throw TripError(fmt::format("{}: {}", key(trip), *collector.error));
      each[turn] = (each[turn] + round.seconds / static_cast<double>(trips)) / 2;
      if (progress)
        progress((number + static_cast<double>(i + 1) / static_cast<double>(subjects.size())) /
                 schedule.rounds);
    }
  }
  benchmark::ClearRegisteredBenchmarks();
}

}  // namespace bench
