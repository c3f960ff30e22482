// A display filter over frames, for those who have no fields at hand: wire rules, lab rules.
#pragma once

#include <memory>
#include <string>

#include "tracer/bytes/frame.hpp"

namespace tracer {

/// Follows the connections of one vantage point, so that tcp.analysis.* and tcp.stream can be asked
/// for. Give it every frame, in the order of capture. Copies share one memory.
class FrameFilter {
 public:
  /// Throws Failure (2), with the text and a caret under the fault.
  explicit FrameFilter(const std::string& text);

  /// The frame is the next one: frame.number counts the calls.
  bool operator()(const Frame& frame);
  /// The same, with a number of the caller's.
  bool operator()(const Frame& frame, std::uint64_t number);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace tracer
