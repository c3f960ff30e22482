#pragma once

#include <netinet/in.h>

#include <chrono>
#include <string>

#include "bench/trips/trip.hpp"
#include "labs/support/fd.hpp"

namespace bench {

/// One connection of an asking end, with at most one request in flight. Never waits: the epoll
/// instance tells, by `number`, when to go on.
class Lane {
 public:
  using Clock = std::chrono::steady_clock;

  /// Connects at once if the connection is to be kept. Throws TripError.
  Lane(const sockaddr_in& server, bool keep, int epoll, unsigned number);

  /// Asks for a request that was due then. REQUIRES: there is none in flight. True: there is the
  /// reply already. Throws TripError, as go_on().
  bool ask(Clock::time_point due);
  /// Does what can be done without waiting. True: the reply is there, and whole.
  bool go_on();
  Clock::time_point due() const { return due_; }

 private:
  void connect();
  bool send_rest();
  /// Is the reply whole? Throws TripError if it is none that we want.
  bool whole();

  sockaddr_in server_;
  bool keep_;
  int epoll_;
  unsigned number_;
  Fd fd_;
  Clock::time_point due_{};
  bool asking_ = false;
  std::size_t sent_ = 0;
  std::string reply_;
  std::size_t wanted_ = 0;  // bytes of the whole reply, once its head is there
};

}  // namespace bench
