// RESP, the protocol of Redis, read in place.
#pragma once

#include <cstdint>
#include <optional>

#include "tracer/wire/text_lines.hpp"

namespace tracer {

/// One element: a simple string (+), error (-), integer (:), bulk string ($) or the head of an
/// array (*). An array's elements follow it.
struct RespElement {
  char kind = 0;
  Bytes value;              // of strings and errors
  std::int64_t number = 0;  // an integer's value; a bulk string's or an array's length, -1: null
  Bytes whole;
};

enum class RespFault : std::uint8_t { none, incomplete, malformed };

/// The element that `bytes` begin with.
std::optional<RespElement> resp_element(Bytes bytes, RespFault& fault);

/// Bytes of a whole value, with everything that an array holds; none if it is not all there or,
/// with `fault` malformed, if it is none. Nesting is followed without recursion.
std::optional<std::size_t> resp_value_size(Bytes bytes, RespFault& fault);

}  // namespace tracer
