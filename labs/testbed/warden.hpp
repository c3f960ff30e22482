// Process 1 of a contained program's own process namespace: makes its surroundings, starts it,
// watches what it uses, reaps its orphans, and with its end everything of the program's ends.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>

#include "labs/support/fd.hpp"
#include "labs/testbed/private_root.hpp"
#include "labs/testbed/testbed.hpp"

namespace testbed {

/// What a warden tells the conductor, through a pipe, one at a time.
struct WardenReport {
  enum Kind : std::int32_t {
    note,     // text: something is less than it should be
    limit,    // text: the limit that the program broke; all of it is being ended
    refused,  // text: it could not be contained and was not started
    ended,    // status, as from waitpid(2); others that it started may still run
  };
  Kind kind;
  std::int32_t status;
  char text[240];
};

struct WardenOrders {
  RootPlan root;
  Limits limits;
  uid_t user;  // who the program is, to itself
  gid_t group;
  std::string host;  // its host name
  int network;       // of its host
  int reports;       // where WardenReports go
  bool required;     // without containment it must not start
  /// Becomes the program; must not return. Runs where all of the above is done.
  std::function<void()> become;
};

/// Starts a warden; it is a child of the caller, which must be root in its user namespace. SIGTERM to
/// it reaches everything of the program's; SIGKILL ends everything. Returns -1 with errno set if
/// there can be none.
pid_t start_warden(const WardenOrders& orders);

}  // namespace testbed
