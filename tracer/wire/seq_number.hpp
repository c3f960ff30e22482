#pragma once

#include <cstdint>

namespace tracer {

/// A TCP sequence number. The space wraps at 2^32, so order exists only between numbers less than
/// 2^31 apart (RFC 9293 §3.4); comparing through a type keeps a plain `<` from being wrong.
struct SeqNumber {
  std::uint32_t value = 0;

  friend constexpr bool operator==(SeqNumber, SeqNumber) = default;
  /// How far `a` is after `b`; negative if it is before.
  friend constexpr std::int32_t operator-(SeqNumber a, SeqNumber b) {
    return static_cast<std::int32_t>(a.value - b.value);
  }
  friend constexpr SeqNumber operator+(SeqNumber a, std::uint32_t n) { return {a.value + n}; }
  friend constexpr bool operator<(SeqNumber a, SeqNumber b) { return a - b < 0; }
  friend constexpr bool operator>(SeqNumber a, SeqNumber b) { return b < a; }
  friend constexpr bool operator<=(SeqNumber a, SeqNumber b) { return !(b < a); }
  friend constexpr bool operator>=(SeqNumber a, SeqNumber b) { return !(a < b); }
};

}  // namespace tracer
