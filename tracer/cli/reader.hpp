#pragma once

#include <atomic>
#include <memory>

#include "tracer/capture/pcapng_writer.hpp"
#include "tracer/capture/source.hpp"
#include "tracer/cli/options.hpp"

namespace tracer {

/// Reads the frames of the input, counting and stopping as told, and writes those that are kept.
class Reader {
 public:
  /// `interrupted` ends the reading when a signal sets it. `vantage`: the number of the source's
  /// first vantage point in what `writer`, which may be null, writes.
  Reader(const Options& options, std::unique_ptr<FrameSource> source, PcapngWriter* writer,
         std::uint32_t vantage, const std::atomic<bool>& interrupted)
      : options_(options),
        source_(std::move(source)),
        writer_(writer),
        first_vantage_(vantage),
        interrupted_(interrupted) {}

  /// False at the end: of the source, of the count asked for, or by a signal.
  bool next(Frame& frame) {
    if (interrupted_ || frames_ >= options_.count || !source_->next(frame)) return false;
    ++frames_;
    return true;
  }
  /// The frame is one that the user asked for: it goes to -w.
  void keep(const Frame& frame) {
    if (!writer_) return;
    while (writer_->interfaces() < first_vantage_ + source_->vantages().size())
      writer_->add_interface(source_->vantages()[writer_->interfaces() - first_vantage_]);
    Frame written = frame;
    written.vantage += first_vantage_;
    writer_->write(written);
  }
  /// Were there frames left when the count that was asked for was reached?
  bool had_enough() const { return frames_ >= options_.count; }
  const FrameSource& source() const { return *source_; }
  std::uint64_t frames() const { return frames_; }

 private:
  const Options& options_;
  std::unique_ptr<FrameSource> source_;
  PcapngWriter* writer_;
  std::uint32_t first_vantage_;
  const std::atomic<bool>& interrupted_;
  std::uint64_t frames_ = 0;
};

}  // namespace tracer
