#pragma once

#include <string>
#include <vector>

#include "tracer/bytes/frame_store.hpp"
#include "tracer/capture/pcapng_writer.hpp"
#include "tracer/capture/source.hpp"
#include "tracer/cli/selection.hpp"
#include "tracer/diagram/ladder.hpp"

namespace tracer {

/// Writes both vantage points into one pcapng file, that `writer` has opened and nobody used: the same packet under the same packet id at
/// both, what became of it and what the ladder says of it as its comment, and the names of the
/// hosts. With a selection, only what it has. Opens clean in Wireshark, and gives `tracer -r` exact fates. Throws Failure.
/// Returns which packet block of the file each stored frame is in, counted from 0; UINT32_MAX for none.
std::vector<std::uint32_t> write_annotated(PcapngWriter& writer, const FrameStore& frames,
                                           const Passages& passages,
                                           const std::vector<Ladder>& ladders,
                                           const std::vector<Vantage>& vantages,
                                           const Selection* selection = nullptr);
/// The same into a file of its own. Throws Failure (4) if it cannot be made.
void write_annotated(const std::string& path, const FrameStore& frames, const Passages& passages,
                     const std::vector<Ladder>& ladders, const std::vector<Vantage>& vantages,
                     const std::string& application);

}  // namespace tracer
