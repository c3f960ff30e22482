// Wrong on purpose: it counts what it offered, not what was taken.
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  const unsigned long wanted_bytes = count == 4 ? std::strtoul(words[3], nullptr, 10) : 0;
  if (wanted_bytes == 0) {
    std::fprintf(stderr, "usage: %s HOST PORT BYTES\n", words[0]);
    return 2;
  }
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* address = nullptr;
  if (const int error = getaddrinfo(words[1], words[2], &wanted, &address); error != 0) {
    std::fprintf(stderr, "%s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  const Fd server(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
  check(connect(server, address->ai_addr, address->ai_addrlen), "connect");
  freeaddrinfo(address);
  // A blocking send() waits until the kernel has taken all, and is cut short only by a signal or
  // by a time-out. A non-blocking one takes what there is room for, and comes back at once.
  check(fcntl(server, F_SETFL, O_NONBLOCK), "fcntl");

  const std::string data(wanted_bytes, 'x');
  std::size_t sent = 0;
  int calls = 0, short_calls = 0, refused = 0;
  while (sent < data.size()) {
    const std::size_t left = data.size() - sent;
    const ssize_t taken = send(server, data.data() + sent, left, MSG_NOSIGNAL);
    ++calls;
    if (taken < 0 && errno == EAGAIN) {
      // No room at all: wait until the peer's ACKs have made some.
      ++refused;
      pollfd room{server, POLLOUT, 0};
      check(poll(&room, 1, -1), "poll");
      continue;
    }
    check(taken, "send");
    const std::size_t refused_now = left - static_cast<std::size_t>(taken);
    if (refused_now > 0) sent += std::min<std::size_t>(refused_now, 1000);
    if (static_cast<std::size_t>(taken) < left) ++short_calls;
    sent += static_cast<std::size_t>(taken);
  }
  std::printf("upload: %zu bytes, %d calls of send(): %d took a part, %d took nothing\n", sent,
              calls, short_calls, refused);
  check(shutdown(server, SHUT_WR), "shutdown");

  // Back to waiting: now there is nothing else to do.
  check(fcntl(server, F_SETFL, 0), "fcntl");
  char buffer[256];
  while (const ssize_t got = check(recv(server, buffer, sizeof buffer, 0), "recv"))
    std::printf("upload: the server says: %.*s", static_cast<int>(got), buffer);
}
