#pragma once

#include <memory>

#include "bench/trips/trip.hpp"

namespace bench {

/// Starts a process that sends every request back, connects to it over loopback (or the socket
/// pair, or the pipes, that the Trip names) and gives the asking end; both go with it.
/// Throws TripError.
std::unique_ptr<Exchange> start_echo(const Trip& trip);

}  // namespace bench
