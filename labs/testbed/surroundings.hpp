#pragma once

#include <string>
#include <vector>

#include "labs/testbed/testbed.hpp"

namespace testbed {

/// What of the machine's files one program gets to see, from what the run asks for.
struct Surroundings {
  std::string folder;  // its own; empty where the caller is in a folder that is everybody's
  std::string start;   // where it starts
  std::vector<std::string> readable;
};
Surroundings surroundings_of(const std::string& command, const RunSpec& spec, Side side);

/// The folders that go before PATH, joined by ':'.
std::string path_of(const RunSpec& spec, Side side);

/// Clears the environment but for what makes programs behave as the user expects: no secrets of the
/// shell that the run was started from reach a program.
void keep_harmless_environment();

}  // namespace testbed
