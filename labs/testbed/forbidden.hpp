// Why a system forbids namespaces, and how to allow them.
#pragma once

#include <string>

namespace testbed {

struct Obstacle {
  std::string cause;   // "user.max_user_namespaces is 0"
  std::string remedy;  // a command, or what to change where no command can
};

/// Names what stands in the way of user namespaces. `error` is the errno of the attempt; `made`
/// says that the namespace could be made, and that using it failed.
Obstacle user_namespace_obstacle(int error, bool made);

/// The same for another kind of namespace: "net", "mnt", "pid".
Obstacle namespace_obstacle(const std::string& kind, int error);

}  // namespace testbed
