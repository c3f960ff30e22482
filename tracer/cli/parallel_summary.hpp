#pragma once

#include <atomic>
#include <memory>

#include "tracer/capture/source.hpp"
#include "tracer/cli/options.hpp"
#include "tracer/cli/output.hpp"

namespace tracer {

/// Is this a summary of one whole capture file and nothing else? Then its parts can be followed by
/// threads of their own.
bool is_divisible(const Options& options);

/// The later half of the file, for a second thread; null where that does not pay: the process may
/// use but one processor, or the file is small; or cannot be had.
std::unique_ptr<CaptureFile> later_half(CaptureFile& file, const Options& options);

/// What is known of all conversations when they have been told.
struct Known {
  virtual ~Known() = default;
};

/// -T summary, letter for letter what Streaming writes. `later` may be null; else it is a later
/// part of `file`, and is read by a thread of its own. Where what that thread needs to know
/// is too much, or `later` begins where no record does, its work is dropped and all is read from
/// `file`.
///
/// `interrupted` ends the reading: what is told is what `file` gave until then. Throws what reading
/// `file` throws. Returns what need not be kept, but takes a while to take apart.
std::unique_ptr<Known> summarize(const TextStyle& style, CaptureFile& file,
                                 std::unique_ptr<CaptureFile> later,
                                 const std::atomic<bool>& interrupted, Output& out);

}  // namespace tracer
