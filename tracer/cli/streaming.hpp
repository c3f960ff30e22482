#pragma once

#include <vector>

#include "tracer/cli/options.hpp"
#include "tracer/cli/output.hpp"
#include "tracer/diagram/ladder.hpp"
#include "tracer/fields/dissect.hpp"
#include "tracer/fields/filter.hpp"
#include "tracer/render/json.hpp"
#include "tracer/tracking/tracker.hpp"

namespace tracer {

/// Formats that need no more than the packet at hand and what came before. Memory follows the live
/// conversations, not the packets.
class Streaming {
 public:
  /// Both must outlive it. Throws Failure (2) for a wrong display filter.
  Streaming(const Options& options, Output& out);

  /// Prints the packet if the display filter selects it, and returns whether it does: all are
  /// followed, only those are shown. `number` counts from 1.
  bool packet(const Frame& frame, std::uint64_t number);

  /// Prints what only the end tells.
  void finish();

 private:
  bool filtered() const { return !options_.display_filter.empty(); }
  FieldSet wanted();
  void remember(const Tracked& tracked);
  void line(const Tracked& tracked);

  const Options& options_;
  Output& out_;
  FieldTable table_;
  BulkWriter bulk_;
  Filter filter_;
  FieldSet shown_;  // -e; the display filter may need others besides
  FieldSink sink_;
  const bool dissects_ = options_.format == Options::Format::fields ||
                         options_.format == Options::Format::bytes ||
                         options_.format == Options::Format::json ||
                         options_.format == Options::Format::ek || filtered();
  std::vector<bool> selected_;  // conversations, by index
  Tracker tracker_;
  Packet packet_;
  FrameClock clock_;
  bool shown_any_ = false;
  Row row_{};
  Ladder lanes_;
  Endpoint head_[2];  // whom the last head named
  bool headed_ = false;
};

}  // namespace tracer
