#pragma once

#include "bench/trips/endpoint.hpp"
#include "bench/trips/trip.hpp"

namespace bench {

/// The answering end over a socket of await_at(): one connection after the other, or the datagrams
/// of the first that sends one. Runs until it is ended. Throws TripError.
void answer_at(int awaiting, const Trip& trip);

/// The answering end of local_ends(). Returns when the asking end has gone.
void answer_local(const End& end, const Trip& trip);

}  // namespace bench
