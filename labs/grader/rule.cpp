#include "labs/grader/rule.hpp"

#include <fmt/format.h>

namespace grader {

std::string Amount::text() const {
  if (at_least && at_most && *at_least == *at_most)
    return *at_least == 0 ? "none" : fmt::format("exactly {}", *at_least);
  if (at_least && at_most) return fmt::format("{} to {}", *at_least, *at_most);
  if (at_least) return fmt::format("at least {}", *at_least);
  return fmt::format("at most {}", at_most.value_or(0));
}

}  // namespace grader
