// The words that holds = "…" knows.
#pragma once

#include <span>
#include <string_view>

namespace grader {

/// What a property takes in parentheses.
enum class Argument : unsigned char {
  none,
  host,           // (client) or (server)
  optional_host,  // the same, or nothing: both
  number,         // (3)
  optional_number,
};

struct PropertyInfo {
  std::string_view name;
  Argument argument;
  std::string_view sentence;  // "no RST is sent{by}": with places for {host}, {by} and {number}
};

/// All of them, as docs/grading.md lists them.
std::span<const PropertyInfo> properties();
/// Null if there is none of that name.
const PropertyInfo* find_property(std::string_view name);

}  // namespace grader
