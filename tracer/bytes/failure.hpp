// A command that cannot go on: one line that says what and why, and one with the way out.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace tracer {

/// The exit codes that users and scripts rely on.
namespace exit_code {
inline constexpr int done = 0, failed = 1, usage = 2, check_failed = 3, not_permitted = 4,
                     interrupted = 130;
}

/// what() is "WHAT: WHY", without the program's name; `hint` is a command or a setting to try.
class Failure : public std::runtime_error {
 public:
  Failure(int exit_with, const std::string& what_and_why, std::string hint_to_try = {})
      : std::runtime_error(what_and_why), code(exit_with), hint(std::move(hint_to_try)) {}

  int code;
  std::string hint;  // may be empty
};

}  // namespace tracer
