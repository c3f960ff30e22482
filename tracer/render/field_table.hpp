#pragma once

#include <string>
#include <vector>

#include "tracer/fields/field_sink.hpp"

namespace tracer {

/// -T fields: a line a frame, a column a field, repeated values joined, as tshark prints them.
///
///   3<TAB>10.0.0.1<TAB>1<TAB>80,443
class FieldTable {
 public:
  struct Style {
    bool header = false;  // -E header=y: the names first
    std::string separator = "\t";
    std::string aggregator = ",";
    char occurrence = 'a';  // a: all, f: first, l: last
    std::string quote;      // around each value; empty: none
  };
  FieldTable(std::vector<Field> columns, Style style);

  FieldSet wanted() const { return wanted_; }
  void header(std::string& out) const;
  /// Appends the line for one frame.
  void row(std::string& out, const FieldSink& sink);

 private:
  std::vector<Field> columns_;
  Style style_;
  FieldSet wanted_;
  std::vector<std::vector<std::size_t>> places_;  // field -> columns that show it
  std::vector<std::string> cells_;
};

}  // namespace tracer
