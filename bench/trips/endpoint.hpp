// Sockets and pipes, as the two ends of an exchange have them.
#pragma once

#include <netinet/in.h>

#include "bench/trips/messages.hpp"
#include "labs/support/fd.hpp"

namespace bench {

/// Gives back the result of a system call, or throws TripError.
int must(int result, const char* call);

/// Both directions of one socket, in the Trip's way of waiting, with its options. Takes `fd` over.
End socket_end(int fd, const Trip& trip);

/// Both ends of a socket pair, or of two pipes.
struct LocalEnds {
  End asking, answering;
};
LocalEnds local_ends(const Trip& trip);

/// A TCP or UDP socket that awaits the asking end, on `address` and a port of the kernel's choice.
Fd await_at(const Trip& trip, in_addr address);
/// Where a socket is bound.
sockaddr_in address_of(int fd);
/// A socket connected to `server`. Throws TripError.
int connect_to(const Trip& trip, const sockaddr_in& server);

}  // namespace bench
