#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace grader {

/// The word of `known` that `word` is most likely a slip of; empty if none is near.
std::string nearest(std::string_view word, const std::vector<std::string_view>& known);

}  // namespace grader
