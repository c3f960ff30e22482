// What this system lets a run do, found out by doing it: the content of `wirelab doctor`.
#pragma once

#include <string>
#include <vector>

namespace testbed {

struct Capability {
  std::string name;  // "user namespaces"
  bool there = false;
  std::string detail;  // what was found, or why it is missing
  bool needed = true;  // false: labs run without it, with less to see
  std::string remedy;  // a command or a setting that brings it; empty where nothing is missing
};

/// Tries each thing that a run needs, in a process of its own that leaves nothing behind. Needs no
/// root. Never throws for something that is missing; that is the answer.
std::vector<Capability> probe_capabilities();

}  // namespace testbed
