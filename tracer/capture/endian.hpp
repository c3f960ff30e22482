// Numbers in capture files, whose byte order is the writer's.
#pragma once

#include <cstring>

#include "tracer/bytes/bytes.hpp"

namespace tracer {

/// Reads 16- and 32-bit numbers in the file's byte order. REQUIRES: at + width <= bytes.size().
struct FileOrder {
  bool swapped = false;  // the other byte order than this machine's

  std::uint16_t u16(Bytes bytes, std::size_t at) const {
    std::uint16_t v;
    std::memcpy(&v, bytes.data() + at, sizeof v);
    return swapped ? __builtin_bswap16(v) : v;
  }
  std::uint32_t u32(Bytes bytes, std::size_t at) const {
    std::uint32_t v;
    std::memcpy(&v, bytes.data() + at, sizeof v);
    return swapped ? __builtin_bswap32(v) : v;
  }
  std::uint64_t u64(Bytes bytes, std::size_t at) const {
    std::uint64_t v;
    std::memcpy(&v, bytes.data() + at, sizeof v);
    return swapped ? __builtin_bswap64(v) : v;
  }
};

/// The longest frame that any writer is known to produce (libpcap's MAXIMUM_SNAPLEN); a longer
/// one is damage, and must not make us allocate what it claims.
inline constexpr std::uint32_t longest_frame = 262'144;

}  // namespace tracer
