// The Internet checksum (RFC 1071).
#pragma once

#include <cstdint>

#include "tracer/bytes/bytes.hpp"

namespace tracer {

/// The ones' complement sum of 16-bit words, not yet complemented; an odd last byte counts as
/// if a zero followed. Chain calls through `initial` only after an even number of bytes.
/// A message whose checksum field is right sums to 0xffff.
std::uint16_t ones_complement_sum(Bytes bytes, std::uint32_t initial = 0);

}  // namespace tracer
