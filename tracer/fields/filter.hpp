// Wireshark's display-filter language over our fields: -Y, where '…' in wire scripts, lab rules.
#pragma once

#include <memory>
#include <string_view>

#include "tracer/fields/field_sink.hpp"

namespace tracer {

namespace filter {
class Test;
}

/// A display filter, compiled once and asked for every frame (wireshark-filter(4), version 4.0).
///
/// Known are: presence, == != === !== < <= > >= and their words, contains, matches (~), in {…},
/// not/and/or/xor, parentheses, any and all, slices [i:j], layers #n, + - * / % & on values, and
/// len count upper lower string max min abs. A set may have commas or spaces between its members,
/// and `xor` is ours; all else means what it means in Wireshark.
///
/// Copies share one compiled program; not for use in two threads at once.
class Filter {
 public:
  /// Throws Failure (2), with the text and a caret under the fault. An empty text matches all.
  static Filter compile(std::string_view text);

  /// What dissect() must put into the sink for matches() to judge.
  const FieldSet& wanted() const { return wanted_; }
  /// Steady state allocates nothing.
  bool matches(const FieldSink& fields) const;

 private:
  std::shared_ptr<filter::Test> test_;  // null: matches all
  FieldSet wanted_;
};

}  // namespace tracer
