#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace tracer::filter {

/// "2026-11-22 10:30:00.5", with 'T' for the blank, without a time of day, or with Z or +01:00 behind
/// it; or what `-e frame.time` prints, "Nov 22, 2026 10:30:00.500000000 UTC". Local time where
/// nothing else is said. In nanoseconds since 1970 (UTC); nothing if it is no date.
std::optional<std::int64_t> parse_date(std::string_view text);

}  // namespace tracer::filter
