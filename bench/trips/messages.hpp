// Reading and writing whole messages, in each way of waiting.
#pragma once

#include <cstddef>
#include <span>

#include "bench/trips/trip.hpp"

namespace bench {

/// Blocking, or not for busy waiting. Throws TripError.
void set_waiting(int fd, Waiting waiting);

/// Reads once what is there, up to the size of `into`, in the given way of waiting. 0 at the end of
/// a stream; -1 if nothing came for `patience` (a blocking descriptor keeps its own: SO_RCVTIMEO).
/// Throws TripError.
std::ptrdiff_t read_some(int fd, Waiting waiting, std::span<std::byte> into, Nanoseconds patience);

/// Fills `into` from a stream; false at its end. Throws TripError, also if nothing comes.
bool read_all(int fd, Waiting waiting, std::span<std::byte> into, Nanoseconds patience);

/// Writes all of it: a stream's bytes, or one datagram. Throws TripError.
void write_all(int fd, std::span<const std::byte> message);

}  // namespace bench
