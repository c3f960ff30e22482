#pragma once

#include <cstddef>

#include "tracer/diagram/ladder.hpp"

namespace tracer {

/// Do two rows differ in nothing but sequence and acknowledgment numbers (and PSH)? A row with a note
/// or a loss is like no other.
bool alike(const Row& a, const Row& b);

/// The end (one past the last) of the run of rows alike that begins at `first`.
std::size_t end_of_run(const Ladder& ladder, std::size_t first);

/// Ordinary traffic in the middle of a connection: nothing befell the packet, and it opens, closes
/// and says nothing that a reader would miss.
bool ordinary(const Row& row);

/// The end of the stretch of ordinary rows, of both directions, that begins at `first`; `first`
/// itself if that row is none.
std::size_t end_of_ordinary(const Ladder& ladder, std::size_t first);

}  // namespace tracer
