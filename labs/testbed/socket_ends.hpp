// What the kernel knows of a TCP socket at its end, and no packet says: how much of what came was never
// read. sock_diag(7), group SKNLGRP_INET_TCP_DESTROY.
#pragma once

#include <functional>

#include "labs/support/fd.hpp"
#include "labs/testbed/testbed.hpp"

namespace testbed {

/// Hears of every TCP socket that ends in the network namespace in which this was made.
class SocketEnds {
 public:
  SocketEnds();
  int descriptor() const { return socket_; }
  /// Hands over those that ended since the last call; `side` of each is the caller's to set.
  void take(const std::function<void(const ClosedSocket&)>& hear) const;

 private:
  Fd socket_;
};

}  // namespace testbed
