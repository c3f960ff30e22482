// All fields of one stored frame after the other, for those who show frames and do not decode them.
#pragma once

#include <cstdint>
#include <memory>

#include "tracer/bytes/frame.hpp"
#include "tracer/fields/field_sink.hpp"

namespace tracer {

/// Follows the connections of one vantage point, and the applications above them. Give it every
/// frame, in the order of capture.
class Dissector {
 public:
  Dissector();
  ~Dissector();
  /// The fields of the next frame, called `number`; valid until the next call.
  const FieldSink& fields(const Frame& frame, std::uint64_t number);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace tracer
