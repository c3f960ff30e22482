#pragma once

#include <string>
#include <vector>

#include "tracer/diagram/ladder.hpp"

namespace tracer {

/// What two runs of the same programs over the same wire have in common, a line each: who talks, the
/// SYN, FIN and RST that each end sends (not those sent again), how many bytes of payload, what the
/// wire did to whom, and the states in which both end up.
///
///     TCP client server
///     client: SYN FIN
///     client: 16384 bytes
///     client: lost 1
///     client ends in TIME-WAIT
///
/// Left out is all that luck decides: times, ports, the number of ACKs, where segments begin and end,
/// what was sent again and when, a RST that answers something late after both FINs, in what order the two directions interleave.
std::vector<std::string> outline(const Ladder& ladder);

}  // namespace tracer
