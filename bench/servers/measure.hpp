#pragma once

#include <functional>
#include <string>
#include <vector>

#include "bench/trips/rounds.hpp"

namespace bench {

/// The rounds of all subjects (all with `served`) in turns, back and forth; the servers run all the
/// while, each round has new connections. Open loops have one rate for all: half of what the slowest of them
/// can do at most, tried before. Gives back what should be said about it. Throws TripError.
std::string load_in_turns(std::vector<Subject>& subjects, const Schedule& schedule,
                          const std::function<void(double)>& progress = {});

/// What a server holds for connections that say nothing.
struct IdleCrowd {
  std::size_t connections =
      0;                    // as many as were asked for, or as this process may have descriptors
  std::uint64_t bytes = 0;  // of the server's memory, all of it, while it holds them
  Nanoseconds reply{0};     // to a request amid them
};
/// Throws TripError, also if the server gave a connection up.
IdleCrowd hold_idle(const Server& server, std::size_t connections);

}  // namespace bench
