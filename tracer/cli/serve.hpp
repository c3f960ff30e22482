#pragma once

#include <atomic>
#include <memory>

#include "tracer/capture/live.hpp"
#include "tracer/capture/pcapng_writer.hpp"
#include "tracer/cli/options.hpp"
#include "tracer/live/live_page.hpp"

namespace tracer {

/// Packets that a live page follows; later ones are counted only.
inline constexpr std::size_t live_packets = 5000;

/// Starts the page of `tracer -i IF --serve` and says where it is.
std::unique_ptr<LivePage> open_page(const Options& options);

/// Shows on the page what `source`, which must not block, captures, until `interrupted` is set or the
/// options say that it is enough. Frames go to `writer` as well, if there is one. Returns their number.
std::uint64_t serve_capture(const Options& options, LiveSource& source, LivePage& page,
                            PcapngWriter* writer, const std::atomic<bool>& interrupted);

}  // namespace tracer
