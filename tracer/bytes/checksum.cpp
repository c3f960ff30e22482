#include "tracer/bytes/checksum.hpp"

#include <bit>
#include <cstring>

namespace tracer {

std::uint16_t ones_complement_sum(Bytes bytes, std::uint32_t initial) {
  // The sum does not care for byte order (RFC 1071 §2 B), so add native words, eight bytes at a
  // time with the carry brought round, and swap once at the end.
  std::uint64_t sum = 0;
  std::size_t at = 0;
  for (; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + at, 8);
    sum += word;
    sum += sum < word;
  }
  if (at < bytes.size()) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, bytes.size() - at);
    sum += word;
    sum += sum < word;
  }
  sum = (sum & 0xffffffff) + (sum >> 32);
  sum = (sum & 0xffff) + (sum >> 16 & 0xffff) + (sum >> 32);
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  if constexpr (std::endian::native == std::endian::little) sum = (sum & 0xff) << 8 | sum >> 8;
  sum += initial;
  while (sum >> 16) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(sum);
}

}  // namespace tracer
