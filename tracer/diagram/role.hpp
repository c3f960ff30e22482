#pragma once

#include <string>

#include "tracer/diagram/ladder.hpp"

namespace tracer {

/// What a row is, in words: first what became of the packet, if not simply that it arrived, then what
/// it was, if not plain.
///
///     lost probably-lost corrupted duplicated late unseen   again duplicate-ack reset unreachable
///
/// "lost again" is a retransmission that was lost as well; empty: nothing out of the ordinary.
/// `late` has been overtaken; `unseen` left, and the far end's capture does not say whether it arrived.
std::string row_role(const Ladder& ladder, const Row& row);

/// Is it a repetition of an earlier segment? Then that row's number; 0 if it is none, or of what is not known.
std::uint32_t repeats_row(const Row& row);

}  // namespace tracer
