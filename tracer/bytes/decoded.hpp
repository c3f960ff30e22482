// A value, or the reason why the bytes did not hold one.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>
#include <variant>

namespace tracer {

enum class Fault {
  truncated,  // the capture stopped early (snaplen); the sender may be blameless
  malformed,  // the header contradicts itself; the sender is at fault
};

/// Why decoding stopped. Lengths are in bytes, counted from the start of the header.
struct DecodeError {
  Fault fault;
  std::string_view header;  // "TCP", "IPv4", …: a string literal
  std::size_t needed, present;
};

/// A value, or the reason there is none. The part of std::expected (C++23) that we use.
template <class T>
class Decoded {
 public:
  Decoded(T value) : held_(std::move(value)) {}
  Decoded(DecodeError error) : held_(error) {}
  explicit operator bool() const { return held_.index() == 0; }
  /// REQUIRES: a value is held.
  const T& operator*() const { return *std::get_if<T>(&held_); }
  const T* operator->() const { return std::get_if<T>(&held_); }
  /// REQUIRES: no value is held.
  const DecodeError& error() const { return *std::get_if<DecodeError>(&held_); }

 private:
  std::variant<T, DecodeError> held_;
};

}  // namespace tracer
