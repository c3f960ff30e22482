#pragma once

#include "tracer/diagram/ladder.hpp"
#include "tracer/tracking/tracker.hpp"

namespace tracer {

/// The row of a packet that has just passed, from what is known so far: for streams, which cannot
/// look ahead. Its notes name no other rows. `row` is overwritten; its strings keep their room.
void packet_row(const Packet& packet, const Tracked& tracked, Row& row);

}  // namespace tracer
