#include "bench/trips/endpoint.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <cstring>

#include "bench/trips/messages.hpp"

namespace bench {

int must(int result, const char* call) {
  if (result < 0) throw TripError(fmt::format("{}: {}", call, std::strerror(errno)));
  return result;
}

namespace {

int socket_type(const Trip& trip) {
  return (is_datagram(trip.protocol) ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC;
}

End with_waiting(End end, Waiting waiting) {
  set_waiting(end.read, waiting);
  set_waiting(end.write, waiting);
  return end;
}

/// A connect() that a signal ended goes on by itself (connect(2), EINTR).
int await_connection(int fd) {
  pollfd writable{fd, POLLOUT, 0};
  while (poll(&writable, 1, -1) < 0)
    if (errno != EINTR) return -1;
  socklen_t size = sizeof errno;
  must(getsockopt(fd, SOL_SOCKET, SO_ERROR, &errno, &size), "SO_ERROR");
  return errno == 0 ? 0 : -1;
}

}  // namespace

End socket_end(int fd, const Trip& trip) {
  End end{Fd(fd), Fd(must(dup(fd), "dup"))};
  if (trip.protocol == Protocol::tcp) {
    const int no_delay = trip.no_delay;
    must(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &no_delay, sizeof no_delay), "TCP_NODELAY");
  }
  return with_waiting(std::move(end), trip.waiting);
}

LocalEnds local_ends(const Trip& trip) {
  if (trip.protocol != Protocol::pipe) {
    int pair[2];
    must(socketpair(AF_UNIX, socket_type(trip), 0, pair), "socketpair");
    return {socket_end(pair[0], trip), socket_end(pair[1], trip)};
  }
  int there[2], back[2];
  must(pipe2(there, O_CLOEXEC), "pipe");
  must(pipe2(back, O_CLOEXEC), "pipe");
  return {with_waiting({Fd(back[0]), Fd(there[1]), false}, trip.waiting),
          with_waiting({Fd(there[0]), Fd(back[1]), false}, trip.waiting)};
}

Fd await_at(const Trip& trip, in_addr at) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr = at;
  Fd server(must(socket(AF_INET, socket_type(trip), 0), "socket"));
  must(bind(server, reinterpret_cast<sockaddr*>(&address), sizeof address), "bind");
  if (trip.protocol == Protocol::tcp) must(listen(server, 128), "listen");
  return server;
}

sockaddr_in address_of(int fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  must(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), "getsockname");
  return address;
}

int connect_to(const Trip& trip, const sockaddr_in& server) {
  const int fd = must(socket(AF_INET, socket_type(trip), 0), "socket");
  int result = connect(fd, reinterpret_cast<const sockaddr*>(&server), sizeof server);
  if (result < 0 && errno == EINTR) result = await_connection(fd);
  if (result == 0) return fd;
  const int why = errno;
  close(fd);
  errno = why;
  return must(-1, "connect");
}

}  // namespace bench
