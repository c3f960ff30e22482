#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "tracer/capture/source.hpp"
#include "tracer/cli/options.hpp"
#include "tracer/cli/output.hpp"

namespace tracer {

/// Is this a summary of one whole capture file and nothing else? Then its conversations can be
/// divided among threads.
bool is_divisible(const Options& options);

/// How many threads pay: two where the process may use two processors, else one.
std::size_t summary_threads();

/// -T summary, letter for letter what Streaming writes. Each of `sources`, which are the same
/// capture, is read by a thread of its own (the first one by the caller) that follows its share of
/// the conversations; so the frames are read by all, which costs little, and only a share of them
/// is decoded and followed. Where no more threads are to be had the shares are followed one by one.
///
/// `interrupted` ends the reading, for each thread where it happens to be. Throws what reading
/// threw in any of them.
void summarize(const TextStyle& style, const std::vector<std::unique_ptr<FrameSource>>& sources,
               const std::atomic<bool>& interrupted, Output& out);

}  // namespace tracer
