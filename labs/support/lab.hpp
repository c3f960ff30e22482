// What every lab needs and no lab is about: a call that fails says so, a descriptor closes itself.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <cerrno>

#include "labs/support/fd.hpp"

/// Gives back the result of a system call; where that is -1, says which call failed and why,
/// and ends the program.
template <class Result>
Result check(Result result, const char* call) {
  if (result >= 0) return result;
  std::fprintf(stderr, "%s: %s\n", call, std::strerror(errno));
  std::exit(1);
}
