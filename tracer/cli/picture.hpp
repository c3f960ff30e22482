#pragma once

#include <string>
#include <vector>

#include "tracer/cli/options.hpp"
#include "tracer/diagram/ladder.hpp"

namespace tracer {

/// Does the format look at whole conversations, and draw or tell them?
bool is_picture(Options::Format format);

/// Appends the picture of the busiest conversation, or what there is to tell of each, the busiest
/// alone where there are many. Returns what the user should know besides, such
/// as that there were others; empty if nothing. Throws Failure (1) if there is nothing to draw.
std::string append_picture(std::string& out, Options::Format format,
                           const std::vector<Ladder>& ladders, const FrameStore& frames,
                           const TextStyle& style);

}  // namespace tracer
