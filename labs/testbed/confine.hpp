// What keeps a program from more than it needs: user_namespaces(7), capabilities(7), seccomp(2).
#pragma once

#include <sys/types.h>

#include "labs/testbed/testbed.hpp"

namespace testbed {

/// Limits of the kernel's own (setrlimit(2)), behind those that the warden watches: a little above.
void set_kernel_limits(const Limits& limits);

/// Makes the calling process the user that it is outside, in a user namespace where it may do
/// nothing and can make no other, and bars calls that no lab needs. `proc` is a writable /proc.
/// Nothing that it starts can regain what is given up here. False, with errno set, if that fails:
/// the caller must then start nothing.
bool give_up_privileges(uid_t user, gid_t group, int proc);

}  // namespace testbed
