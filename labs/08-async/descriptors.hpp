// Lab 08: each connection is a descriptor, and the usual limit is 1024.
#pragma once

#include <sys/resource.h>

#include "labs/support/lab.hpp"

/// Asks for as many descriptors as this process may have (setrlimit(2)).
inline void raise_descriptor_limit() {
  rlimit descriptors{};
  check(getrlimit(RLIMIT_NOFILE, &descriptors), "getrlimit");
  descriptors.rlim_cur = descriptors.rlim_max;
  check(setrlimit(RLIMIT_NOFILE, &descriptors), "setrlimit");
}
