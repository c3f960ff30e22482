// What sockets a host has, asked of the kernel: sock_diag(7).
#pragma once

#include <cstdint>

#include "labs/support/fd.hpp"

namespace testbed {

struct SocketCounts {
  unsigned listening = 0;  // TCP in LISTEN
  unsigned udp = 0;        // UDP with a local port
  std::uint16_t port = 0;  // of a listening TCP socket, else of a UDP one; 0: none
  unsigned open = 0;       // TCP connections that are neither listening nor in TIME-WAIT
  unsigned unsettled =
      0;  // of these, the ones that still have a FIN or data to deliver or a SYN out
};

/// Asks about the network namespace in which it was made, from wherever it is called later.
class SocketWatch {
 public:
  SocketWatch();
  /// `expected` is the port to report if there is a choice.
  SocketCounts count(std::uint16_t expected = 0) const;

 private:
  void dump(std::uint8_t family, std::uint8_t protocol, std::uint16_t expected,
            SocketCounts& counts) const;
  Fd socket_;
};

}  // namespace testbed
