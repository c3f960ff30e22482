#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace grader {

/// A regular expression (PCRE2) over bytes; `^` and `$` are the ends of the whole text, `.` is any byte
/// unless the expression says otherwise. Letters' case counts.
class Pattern {
 public:
  /// Throws std::invalid_argument that says what is wrong with it.
  explicit Pattern(const std::string& expression);
  /// Is it found anywhere in `text`? One that needs too many steps is not found.
  bool found_in(std::string_view text) const;

 private:
  struct Compiled;
  std::shared_ptr<const Compiled> compiled_;
};

}  // namespace grader
