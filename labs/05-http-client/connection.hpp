// Lab 05: a connection that cannot wait for ever. Every wait ends at one deadline for the whole
// exchange: a time-out on each recv() alone would let a server that drips a byte a second hold us
// for hours.
#pragma once

#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

#include "labs/support/fd.hpp"

using Clock = std::chrono::steady_clock;

[[noreturn]] inline void fail(const std::string& what) {
  throw std::runtime_error(what + ": " + std::strerror(errno));
}

/// Waits until `events` (POLLIN, POLLOUT) is possible. Throws at the deadline.
inline void wait_until_ready(int fd, short events, Clock::time_point deadline, const char* what) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    pollfd one{fd, events, 0};
    const int ready = left.count() > 0 ? poll(&one, 1, static_cast<int>(left.count())) : 0;
    if (ready > 0) return;
    if (ready == 0) throw std::runtime_error(std::string("no time left: gave up while ") + what);
    if (errno != EINTR) fail("poll");
  }
}

/// Connects to the first address of `host` that answers.
inline Fd connect_to(const std::string& host, const std::string& port, Clock::time_point deadline) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* addresses = nullptr;
  if (const int error = getaddrinfo(host.c_str(), port.c_str(), &wanted, &addresses); error != 0)
    throw std::runtime_error(host + ": " + gai_strerror(error));

  int error = 0;
  Fd connected;
  for (const addrinfo* one = addresses; one; one = one->ai_next) {
    // Not blocking, so that connect() only begins: the socket is writable once the handshake is
    // over, and SO_ERROR tells how it went (connect(2), EINPROGRESS).
    Fd fd(socket(one->ai_family, one->ai_socktype | SOCK_NONBLOCK, one->ai_protocol));
    if (fd < 0) fail("socket");
    error = connect(fd, one->ai_addr, one->ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
      wait_until_ready(fd, POLLOUT, deadline, "connecting");
      socklen_t size = sizeof error;
      getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    }
    if (error == 0) {
      connected = std::move(fd);
      break;
    }
  }
  freeaddrinfo(addresses);
  errno = error;
  if (error != 0) fail(host + ", port " + port);
  return connected;
}

inline void send_all(int fd, std::string_view bytes, Clock::time_point deadline) {
  while (!bytes.empty()) {
    wait_until_ready(fd, POLLOUT, deadline, "sending");
    const ssize_t sent = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) fail("send");
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

/// What has arrived; 0 at the end.
inline std::size_t recv_some(int fd, char* to, std::size_t room, Clock::time_point deadline) {
  for (;;) {
    wait_until_ready(fd, POLLIN, deadline, "waiting for the answer");
    const ssize_t got = recv(fd, to, room, 0);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EAGAIN && errno != EINTR) fail("recv");
  }
}
