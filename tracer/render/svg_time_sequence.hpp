#pragma once

#include <string>
#include <string_view>

#include "tracer/diagram/ladder.hpp"
#include "tracer/render/svg_ladder.hpp"

namespace tracer {

/// A conversation as plots over time, one SVG: tcptrace's time-sequence graph for each direction, then
/// round-trip time, bytes in flight and throughput of the one that carried more.
///
///     ┌ client → server ───────────────── window ┐    a segment is a bar from its first to its last
///     │                    ┌──────────────────   │    byte, an ACK a stair below it, the window
///     │          ╎ ╎ ╎     │         SACK ┃      │    offered a stair above, a lost segment hollow,
///     │        ┃ ┃ ┃ ╎ R   │ ┄ ┄ arrivals        │    an arrival at the far end its pale ghost
///     └──────────────────────────────────────────┘
///
/// Datagrams have no sequence numbers: for UDP the positions are counts of datagrams, with both ends
/// of each where both were watched. Marks carry `data-p` (the packet's number), `data-at` (ns),
/// `data-from`, `data-to`; classes: segment [again] [lost], ghost, ack, window, sack, datagram.
/// What `options` says of ids, styles and background holds as for the ladder.
void append_svg_time_sequence(std::string& out, const Ladder& ladder, const SvgOptions& options);

/// The rules of its style sheet, all under `.plots`.
std::string_view svg_plot_style();

}  // namespace tracer
