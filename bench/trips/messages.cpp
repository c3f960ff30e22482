#include "bench/trips/messages.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace bench {
namespace {

[[noreturn]] void fail(const char* call) {
  throw TripError(fmt::format("{}: {}", call, std::strerror(errno)));
}

}  // namespace

void set_waiting(int fd, Waiting waiting) {
  const int flags = fcntl(fd, F_GETFL);
  const int wanted = waiting == Waiting::busy ? flags | O_NONBLOCK : flags & ~O_NONBLOCK;
  if (flags < 0 || fcntl(fd, F_SETFL, wanted) < 0) fail("fcntl");
}

std::ptrdiff_t read_some(const End& end, Waiting waiting, std::span<std::byte> into,
                         Nanoseconds patience) {
  using Clock = std::chrono::steady_clock;
  if (waiting == Waiting::polling) {
    pollfd wanted{end.read, POLLIN, 0};
    const auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(patience).count();
    int ready;
    do ready = poll(&wanted, 1, static_cast<int>(limit));
    while (ready < 0 && errno == EINTR);
    if (ready < 0) fail("poll");
    if (ready == 0) return -1;
  }
  std::optional<Clock::time_point> deadline;
  for (;;) {
    const ssize_t got = end.socket ? recv(end.read, into.data(), into.size(), 0)
                                   : read(end.read, into.data(), into.size());
    if (got >= 0) return got;
    if (errno == EINTR) return -1;
    if (errno != EAGAIN && errno != EWOULDBLOCK) fail("read");
    if (waiting != Waiting::busy) return -1;
    const auto now = Clock::now();
    if (!deadline) deadline = now + patience;
    if (now >= *deadline) return -1;
  }
}

bool read_all(const End& end, Waiting waiting, std::span<std::byte> into, Nanoseconds patience) {
  while (!into.empty()) {
    const std::ptrdiff_t got = read_some(end, waiting, into, patience);
    if (got == 0) return false;
    if (got < 0 && waiting == Waiting::blocking) continue;
    if (got < 0) throw TripError("the other end has fallen silent");
    into = into.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

void write_all(const End& end, std::span<const std::byte> message) {
  do {
    const ssize_t sent = end.socket ? send(end.write, message.data(), message.size(), MSG_NOSIGNAL)
                                    : write(end.write, message.data(), message.size());
    if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) fail("write");
    if (sent > 0) message = message.subspan(static_cast<std::size_t>(sent));
  } while (!message.empty());
}

}  // namespace bench
