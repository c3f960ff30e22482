#pragma once

#include <string>

#include "tracer/diagram/ladder.hpp"
#include "tracer/render/text.hpp"

namespace tracer {

/// A ladder for a terminal: a row a packet, in order of departure, the clocks of both ends beside it.
///
///     #  client ms   client 10.0.0.1:59312         server 10.0.0.2:7000   server ms
///     1    0.000 ├─ [SYN] Seq=0 ─────────────────────────────────────────▶┤   20.221
///     2   40.531 ┤◀─────────────────────────────── [SYN,ACK] Seq=0 Ack=1 ─├   20.266
///     6   40.674 ├─ [ACK] Seq=2897 Ack=1 Len=1448 ───────────✗ lost       │
///
/// Arrows are horizontal: in characters a diagonal cannot be read. Under 60 columns the rows of
/// flat() come instead; from 120 the margins tell the states of both ends where they change.
std::string terminal_ladder(const Ladder& ladder, const TextStyle& style);

/// One row of a ladder that still grows, and before it the head if `with_head`: where the lanes have
/// changed. Its columns have room for what may come, so that rows line up. `lanes` needs no rows.
std::string growing_row(const Ladder& lanes, const Row& row, bool with_head,
                        const TextStyle& style);

/// A line a packet, for narrow terminals and for grep.
std::string flat(const Ladder& ladder, const Row& row, const TextStyle& style);

/// The lines above and below that hold for the whole ladder: who, and what to notice.
std::string ladder_title(const Ladder& ladder, const TextStyle& style);
std::string ladder_footer(const Ladder& ladder, const TextStyle& style);

}  // namespace tracer
