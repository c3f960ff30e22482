// What `wirelab bench` prints: at most 80 columns.
#pragma once

#include <string>
#include <vector>

#include "bench/report/report.hpp"

namespace bench {

/// "21.3 µs", "4.05 ms", "1.2 s": three digits and a unit.
std::string duration_text(double nanoseconds);
/// "45,123"
std::string count_text(std::uint64_t count);
/// Over all rounds of a server under load.
double requests_per_second(const Subject& subject);

/// A line of headings, then one a subject:
///
///                                 median        p99   round trips   lost
///     TCP                        21.3 µs    48.1 µs        45,123
///     UDP                        19.0 µs    40.2 µs        48,311      0
///
/// or, where servers are put under load:
///
///                           requests/s    median       p99     p99.9    answered
///     nginx                     48,311   660 µs    1.21 ms   1.93 ms     289,400
///
/// A percentile that too few samples support is a dash.
std::string table_text(const std::vector<Subject>& subjects);

/// The sentence, then the figures that it rests on:
///
///     UDP took 11 % less time than TCP.
///     (medians, UDP by TCP: 0.89, 95 % interval 0.87 to 0.92, 20 rounds)
std::string verdict_text(const Answer& answer);
/// What the medians hide, where there is such a thing, or where the tail is the question (open loops); else empty:
///
///     One in 100 took longer: TCP more than 209 ms, UDP more than 1.73 ms; 18 of 1,093 by UDP had no reply.
std::string tail_text(const Subject& first, const Subject& second);
/// The same in one line, for before and after: "5 % less time (0.95; 0.93 to 0.97)".
std::string change_text(const RatioEstimate& estimate, Measure measure = Measure::time);

/// What makes these figures doubtful: few samples, rounds that differ much. A short line each.
std::vector<std::string> cautions(const std::vector<Subject>& subjects);

}  // namespace bench
