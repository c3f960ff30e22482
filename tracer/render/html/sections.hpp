// The parts of a report that are tables and sentences, as HTML.
#pragma once

#include <string>
#include <vector>

#include "tracer/diagram/ladder.hpp"
#include "tracer/render/html/report.hpp"

namespace tracer {

/// "#6", which shows that packet.
std::string packet_link(std::uint32_t number);

/// What a reader should know first: how many packets, what was lost and why, and of a whole ladder
/// whether all bytes came.
std::vector<Verdict> ladder_verdicts(const Ladder& ladder, const FrameStore& frames, bool whole);

/// Escaped, with every "#6" that names a packet a link to it.
std::string linked(std::string_view text);

/// The conversation in sentences, each with its evidence.
void append_explanation(std::string& out, const Ladder& ladder, const FrameStore& frames);

/// What both ends went through, state by state.
void append_states(std::string& out, const Ladder& ladder);

/// Sent bytes beside received ones, both ways: a bar, a table of the stretches that had trouble, the text.
void append_streams(std::string& out, const Ladder& ladder, const FrameStore& frames);

/// All packets as a table, for readers without scripts.
void append_packet_table(std::string& out, const Ladder& ladder, const TextStyle& style);

}  // namespace tracer
