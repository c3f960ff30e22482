// Many requests at once, and how long each took.
#pragma once

#include <netinet/in.h>

#include <cstdint>
#include <span>
#include <vector>

#include "bench/stats/histogram.hpp"
#include "bench/trips/trip.hpp"

namespace bench {

/// How the asking end behaves: over how many connections, and whether it keeps them.
struct Load {
  unsigned connections = 32;
  bool keep = true;  // else a connection for each request, reset when the reply is there
  Nanoseconds patience = std::chrono::seconds(3);  // after the end, for what has no reply yet
};

struct LoadResult {
  Histogram times;               // nanoseconds, of every request that was answered
  std::uint64_t unanswered = 0;  // when patience ended
  double seconds = 0;            // from the beginning to the last reply
  double busy = 0;               // share of that time in which the asking end had work to do
};

/// Closed loop: each connection asks again as soon as it has its reply, for `length`. That gives the
/// most a server can do, and no honest latency: while the server is stuck nobody asks, and the
/// requests that would have waited are not counted (Gil Tene's "coordinated omission").
/// Throws TripError if the server ends a connection without a reply, or gives another than 200.
LoadResult closed_loop(const sockaddr_in& server, const Load& load, Nanoseconds length);

/// The median time of a reply, of those within `length`; if there is none, of the first one after
/// that. Throws TripError if that takes longer than `patience`.
Nanoseconds reply_time(const sockaddr_in& server, Nanoseconds length, Nanoseconds patience);

/// Open loop: request i is due at start + due[i], whatever became of those before. Its time counts
/// from then, also if it had to wait for a connection to be free. REQUIRES: `due` is sorted.
/// Throws as closed_loop().
LoadResult open_loop(const sockaddr_in& server, const Load& load, std::span<const Nanoseconds> due);

/// When requests are due that come independently of each other, `rate` a second on average (a
/// Poisson process). The same seed gives the same times.
std::vector<Nanoseconds> arrivals(double rate, Nanoseconds length, std::uint64_t seed);

}  // namespace bench
