#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tracer/fields/list.hpp"

namespace tracer {

/// How a field's value is held, printed and compared.
enum class FieldType : std::uint8_t {
  protocol,       // a layer; its value is its presence
  presence,       // a mark without a value
  boolean,
  number,         // unsigned, printed in decimal
  signed_number,
  hex8, hex16, hex24, hex32,  // unsigned, printed as 0x with so many bits' digits
  ipv4, ipv6, mac,            // bytes in network order
  bytes,
  text,
  time,           // nanoseconds since 1970
  duration,       // nanoseconds
};

enum class Field : std::uint16_t {
#define X(id, name, type, sentence) id,
  TRACER_FIELDS(X)
#undef X
};
#define X(id, name, type, sentence) +1
inline constexpr std::size_t field_count = 0 TRACER_FIELDS(X);
#undef X

struct FieldInfo {
  std::string_view name;  // Wireshark's
  FieldType type;
  std::string_view sentence;
};
const FieldInfo& info(Field field);
std::optional<Field> find_field(std::string_view name);
/// All fields, in the order of the layers.
inline Field field_at(std::size_t index) { return static_cast<Field>(index); }
/// The known name most like `name`, for "did you mean"; empty if none is near.
std::string_view nearest_field(std::string_view name);

/// A set of fields, for those who want only some.
class FieldSet {
 public:
  static FieldSet all() {
    FieldSet set;
    set.bits_.set();
    return set;
  }
  void add(Field field) { bits_.set(static_cast<std::size_t>(field)); }
  bool has(Field field) const { return bits_[static_cast<std::size_t>(field)]; }
  /// Is any field wanted from `first` to `last`, both included?
  bool any(Field first, Field last) const {
    for (auto i = static_cast<std::size_t>(first); i <= static_cast<std::size_t>(last); ++i)
      if (bits_[i]) return true;
    return false;
  }
  FieldSet& operator|=(const FieldSet& other) {
    bits_ |= other.bits_;
    return *this;
  }

 private:
  std::bitset<field_count> bits_;
};

}  // namespace tracer
