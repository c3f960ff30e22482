// Reading and writing whole messages, in each way of waiting.
#pragma once

#include <cstddef>
#include <span>

#include "bench/trips/trip.hpp"
#include "labs/support/fd.hpp"

namespace bench {

/// What one end reads from and writes to: the same socket twice, or two pipes.
struct End {
  Fd read, write;
  bool socket = true;  // recv(2) and send(2) take less time than read(2) and write(2)
};

/// Blocking, or not for busy waiting. Throws TripError.
void set_waiting(int fd, Waiting waiting);

/// Reads once what is there, up to the size of `into`, in the given way of waiting. 0 at the end of
/// a stream; -1 if nothing came for `patience`. A blocking end knows no patience: there it is -1
/// when a signal came (Ticks). Throws TripError.
std::ptrdiff_t read_some(const End& end, Waiting waiting, std::span<std::byte> into,
                         Nanoseconds patience);

/// Fills `into` from a stream; false at its end. Throws TripError, also if nothing comes for
/// `patience`, which a blocking end does not know.
bool read_all(const End& end, Waiting waiting, std::span<std::byte> into, Nanoseconds patience);

/// Writes all of it: a stream's bytes, or one datagram. Throws TripError.
void write_all(const End& end, std::span<const std::byte> message);

}  // namespace bench
