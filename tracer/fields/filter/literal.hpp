// 0x50, 10.0.0.0/8, 02:00:5e, "GET", True: a word of a filter, read as its neighbour needs it.
#pragma once

#include <memory>

#include "tracer/fields/filter/operand.hpp"
#include "tracer/fields/filter/token.hpp"

namespace tracer::filter {

/// What a literal stands opposite to.
struct Wanted {
  Kind kind;
  std::uint64_t largest = 0xffffffff;  // of a number
  bool is_signed = false;
  bool exact = true;  // a link-layer address needs its six bytes; `contains` takes parts
};

/// REQUIRES: a word, string or character token. Throws Failure (2) if it is no such thing.
std::unique_ptr<Operand> literal(const Source& source, const Token& token, bool negative,
                                 const Wanted& wanted);

}  // namespace tracer::filter
