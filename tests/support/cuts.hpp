// Try every cut: a header that the capture stopped in says how much is missing.
#pragma once

#include <string_view>

#include <gtest/gtest.h>

#include "tests/support/frames.hpp"
#include "tracer/bytes/decoded.hpp"

namespace support {

/// `parse` must take the whole, refuse each shorter piece as truncated, and count right; `minimum`
/// bytes are needed before the header itself can say how long it is.
template <class Parse>
void expect_every_cut_is_told(const Buffer& whole, std::size_t minimum, std::string_view name,
                              Parse parse) {
  EXPECT_TRUE(parse(tracer::Bytes(whole)));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    // A heap block of just that size, so that a sanitizer sees any step beyond it.
    const Buffer piece(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
    const auto decoded = parse(tracer::Bytes(piece));
    ASSERT_FALSE(decoded) << name << " of " << length << " bytes";
    EXPECT_EQ(decoded.error().fault, tracer::Fault::truncated);
    EXPECT_EQ(decoded.error().header, name);
    EXPECT_EQ(decoded.error().present, length);
    EXPECT_EQ(decoded.error().needed, length < minimum ? minimum : whole.size()) << "of " << length;
  }
}

}  // namespace support
