// Reading numbers out of bytes that came off a wire.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace tracer {

/// A stretch of captured bytes, owned by whoever read the frame.
using Bytes = std::span<const std::byte>;

// Network byte order is big-endian (RFC 1700). Each read needs at + width <= bytes.size():
// the header views check once, in parse(), so that these need not.

constexpr std::uint8_t be8(Bytes bytes, std::size_t at) {
  return std::to_integer<std::uint8_t>(bytes[at]);
}
constexpr std::uint16_t be16(Bytes bytes, std::size_t at) {
  return static_cast<std::uint16_t>(be8(bytes, at) << 8 | be8(bytes, at + 1));
}
constexpr std::uint32_t be24(Bytes bytes, std::size_t at) {
  return std::uint32_t{be16(bytes, at)} << 8 | be8(bytes, at + 2);
}
constexpr std::uint32_t be32(Bytes bytes, std::size_t at) {
  return std::uint32_t{be16(bytes, at)} << 16 | be16(bytes, at + 2);
}
constexpr std::uint64_t be64(Bytes bytes, std::size_t at) {
  return std::uint64_t{be32(bytes, at)} << 32 | be32(bytes, at + 4);
}

/// At most `count` bytes from `at`; shorter, or empty, where the bytes end first.
constexpr Bytes slice(Bytes bytes, std::size_t at, std::size_t count = Bytes::extent) {
  if (at >= bytes.size()) return bytes.last(0);
  return bytes.subspan(at, count < bytes.size() - at ? count : bytes.size() - at);
}

/// The same bytes as characters, unchecked: whoever prints them escapes them first.
inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
inline Bytes as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

}  // namespace tracer
