// Hosts made of kernel namespaces: namespaces(7), user_namespaces(7), network_namespaces(7).
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "labs/support/fd.hpp"

namespace testbed {

/// Runs `body` as process 1 of fresh user, mount, pid, network, ipc and uts namespaces, as root
/// there, and returns its pid outside; when it ends the kernel ends whatever still runs inside.
/// Returns 0 and sets errno where namespaces are forbidden. The child dies with its parent.
pid_t spawn_in_namespaces(const std::function<int()>& body);

/// Completes the calling process's namespaces: maps the outer user to root, gives a /proc of its
/// own where the kernel lets us, and makes `hosts` the content of /etc/hosts. Returns what it could
/// not do and a run can do without, a line each.
/// Throws tracer::Failure (4) with the remedy if the system forbids it.
std::vector<std::string> enter_namespaces(uid_t outer_user, gid_t outer_group, const char* hosts);

/// A private /etc/hosts with this content, in the mount namespace of the caller. False, with errno
/// set, where that cannot be; nothing has changed then.
bool mount_hosts(const char* hosts);

/// A handle of the network namespace that the caller is in.
Fd current_network();
/// A new, empty network namespace; the caller stays where it is.
Fd new_network();
/// Enters `network` for as long as this lives.
class InNetwork {
 public:
  InNetwork(const Fd& network, const Fd& back);
  ~InNetwork();
  InNetwork(const InNetwork&) = delete;
  InNetwork& operator=(const InNetwork&) = delete;

 private:
  const Fd& back_;
};

}  // namespace testbed
