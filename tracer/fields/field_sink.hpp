#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "tracer/bytes/bytes.hpp"
#include "tracer/fields/field.hpp"

namespace tracer {

/// One field of one frame.
struct FieldValue {
  Field field;
  std::uint64_t number;  // numbers, booleans; nanoseconds for times (as a signed number)
  Bytes value;           // addresses, bytes, text; of a protocol, header and content
  Bytes where;           // the bytes of the frame that say so; empty if none does
};

/// Collects the wanted fields of one frame, in the order of the layers. Reused from frame to frame,
/// so that in steady state nothing is allocated.
class FieldSink {
 public:
  explicit FieldSink(FieldSet wanted) : wanted_(wanted) {}

  bool wants(Field field) const { return wanted_.has(field); }
  bool wants_any(Field first, Field last) const { return wanted_.any(first, last); }

  void add(Field field, std::uint64_t number, Bytes where = {}) {
    if (wants(field)) values_.push_back({field, number, {}, where});
  }
  /// A protocol: `header` says that it is there, `layer` is the header and what it carries.
  void add_layer(Field field, Bytes header, Bytes layer) {
    if (wants(field)) values_.push_back({field, 1, layer, header});
  }
  /// The value is in the frame.
  void add_bytes(Field field, Bytes value) {
    if (wants(field)) values_.push_back({field, 0, value, value});
  }
  /// The value is not in the frame as it stands, and is kept until clear().
  void add_text(Field field, std::string_view text, Bytes where = {}) {
    if (!wants(field)) return;
    if (kept_ == texts_.size()) texts_.emplace_back();
    texts_[kept_].assign(text);
    values_.push_back({field, 0, as_bytes(texts_[kept_++]), where});
  }

  /// Text that ought to be ASCII: other bytes are shown as U+FFFD.
  void add_ascii(Field field, Bytes text);
  /// The same for text that does not live on.
  void add_ascii_copy(Field field, std::string_view text, Bytes where);
  /// An address that is not in the frame as bytes.
  void add_address(Field field, Bytes octets, Bytes where) {
    add_text(field, as_text(octets), where);
  }

  const std::vector<FieldValue>& values() const { return values_; }
  void clear() {
    values_.clear();
    kept_ = 0;
  }

 private:
  FieldSet wanted_;
  std::vector<FieldValue> values_;
  std::deque<std::string> texts_;  // addresses stay; strings keep their room
  std::size_t kept_ = 0;
};

/// Appends a value as tshark -T fields prints it.
void append_value(std::string& out, const FieldValue& value);

}  // namespace tracer
