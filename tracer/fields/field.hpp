#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tracer/fields/list.hpp"

namespace tracer {

/// How a field's value is held, printed and compared.
enum class FieldType : std::uint8_t {
  protocol,  // a layer; its value is its presence
  presence,  // a mark without a value
  boolean,
  number,  // unsigned, printed in decimal
  signed_number,
  hex8,
  hex16,
  hex24,
  hex32,  // unsigned, printed as 0x with so many bits' digits
  ipv4,
  ipv6,
  mac,  // bytes in network order
  bytes,
  text,
  time,      // nanoseconds since 1970, shown as seconds
  date,      // the same, shown as a date in local time
  duration,  // nanoseconds
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
/// "Either address", "the flags as letters": says again, for filters, what other fields say of the
/// same bytes. Views of a whole packet leave it out.
bool is_alias(Field field);
/// The known name most like `name`, for "did you mean"; empty if none is near.
std::string_view nearest_field(std::string_view name);

/// A set of fields, for those who want only some.
class FieldSet {
 public:
  static FieldSet all() {
    FieldSet set;
    set.words_.fill(~std::uint64_t{0});
    return set;
  }
  void add(Field field) { words_[place(field) / 64] |= std::uint64_t{1} << place(field) % 64; }
  bool has(Field field) const { return (words_[place(field) / 64] >> place(field) % 64 & 1) != 0; }
  /// Is any field wanted from `first` to `last`, both included? A word at a time: each layer of each
  /// packet asks.
  bool any(Field first, Field last) const {
    const std::size_t from = place(first) / 64, to = place(last) / 64;
    for (std::size_t i = from; i <= to; ++i) {
      std::uint64_t word = words_[i];
      if (i == from) word &= ~std::uint64_t{0} << place(first) % 64;
      if (i == to) word &= ~std::uint64_t{0} >> (63 - place(last) % 64);
      if (word != 0) return true;
    }
    return false;
  }
  FieldSet& operator|=(const FieldSet& other) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
    return *this;
  }

 private:
  static constexpr std::size_t place(Field field) { return static_cast<std::size_t>(field); }
  std::array<std::uint64_t, (field_count + 63) / 64> words_{};
};

}  // namespace tracer
