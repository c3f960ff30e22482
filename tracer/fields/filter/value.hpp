// What display filters compare.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "tracer/bytes/bytes.hpp"
#include "tracer/fields/field.hpp"

namespace tracer::filter {

/// How values compare; several FieldTypes share one.
enum class Kind : std::uint8_t { number, boolean, time, date, ipv4, ipv6, mac, bytes, text, label };

Kind kind_of(FieldType type);
/// "a number", "an IPv4 address", …: for messages.
std::string_view name(Kind kind);
/// Both are strings of bytes, whatever they stand for.
inline bool is_bytes(Kind kind) {
  return kind == Kind::bytes || kind == Kind::mac || kind == Kind::text;
}
inline bool comparable(Kind a, Kind b) {
  const auto integer = [](Kind k) { return k == Kind::number || k == Kind::boolean; };
  return (a == b && a != Kind::label) || (integer(a) && integer(b)) || (is_bytes(a) && is_bytes(b));
}

struct Value {
  std::int64_t number = 0;    // number, boolean; nanoseconds
  Bytes bytes;                // all others
  std::uint8_t prefix = 255;  // leading bits that count: CIDR literals
};
using Values = std::vector<Value>;

/// Below, equal or above 0, as a is to b. REQUIRES: values of comparable kinds.
int compare(Kind kind, const Value& a, const Value& b);

/// The largest number that an integer field can hold; filters refuse larger ones, as a sign that
/// somebody means another field.
std::uint64_t largest(Field field);

}  // namespace tracer::filter
