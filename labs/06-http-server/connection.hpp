// Lab 06: one connection, from its first byte to its last, with calls that wait. No wait is without
// end: a client that sends a byte a minute ("slowloris") would hold us for ever.
#pragma once

#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <cerrno>

#include "patience.hpp"
#include "request_reader.hpp"
#include "site.hpp"

/// Until `events` is possible; false at the deadline.
inline bool ready(int fd, short events, Clock::time_point deadline) {
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    pollfd one{fd, events, 0};
    if (const int count = poll(&one, 1, static_cast<int>(left)); count >= 0 || errno != EINTR)
      return count > 0;
  }
}

/// false if the client is gone or takes too long. MSG_MORE: the rest follows at once, so that a
/// small head does not leave in a segment of its own (send(2)).
inline bool send_all(int client, std::string_view bytes, Clock::time_point deadline,
                     int flags = 0) {
  while (!bytes.empty()) {
    if (!ready(client, POLLOUT, deadline)) return false;
    const ssize_t sent =
        send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT | flags);
    if (sent < 0 && errno != EAGAIN && errno != EINTR) return false;
    if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// The kernel copies from the file to the socket; the bytes never come by here (sendfile(2)).
inline bool send_file(int client, Reply& reply, Clock::time_point deadline) {
  while (reply.length > 0) {
    if (!ready(client, POLLOUT, deadline)) return false;
    const std::size_t piece =
        static_cast<std::size_t>(std::min<std::uint64_t>(reply.length, 256 * 1024));
    const ssize_t sent = sendfile(client, *reply.file, &reply.offset, piece);
    if (sent == 0 || (sent < 0 && errno != EAGAIN && errno != EINTR))
      return false;  // 0: it was cut short
    if (sent > 0) reply.length -= static_cast<std::uint64_t>(sent);
  }
  return true;
}

inline bool send_reply(int client, Reply reply, bool head_only, const Patience& patience) {
  const auto deadline = Clock::now() + patience.reply;
  const bool from_file = reply.file && reply.length > 0 && !head_only;
  std::string start = head_of(reply);
  if (!head_only && !reply.file) start += reply.body;
  return send_all(client, start, deadline, from_file ? MSG_MORE : 0) &&
         (!from_file || send_file(client, reply, deadline));
}

/// Closing a socket with unread input sends a RST, and a RST makes the client's kernel throw away
/// what it has not read yet: our reply (RFC 9112 §9.6). So: say that we are done, then read until
/// the client is, and only then close.
inline void close_gently(int client, const Patience& patience) {
  shutdown(client, SHUT_WR);
  const auto deadline = Clock::now() + patience.farewell;
  std::array<char, 16 * 1024> nothing;
  while (ready(client, POLLIN, deadline))
    if (recv(client, nothing.data(), nothing.size(), MSG_DONTWAIT) <= 0) return;
}

/// Requests and replies in turn, until one end has had enough.
inline void serve(int client, const Site& site, const Limits& limits = {},
                  const Patience& patience = {}) {
  // sendfile() has no flag for "do not wait": the socket itself must say so.
  fcntl(client, F_SETFL, fcntl(client, F_GETFL) | O_NONBLOCK);
  RequestReader reader(limits);
  std::array<char, 16 * 1024> buffer;
  auto deadline = Clock::now() + patience.idle;
  bool begun = false;
  try {
    for (;;) {
      while (const std::optional<Request> request = reader.next()) {
        const Reply reply = site.answer(*request);
        if (!send_reply(client, reply, request->method == "HEAD", patience)) return;
        if (!reply.keep_alive) return close_gently(client, patience);
        begun = false;
        deadline = Clock::now() + patience.idle;
      }
      if (reader.continue_wanted() && !send_all(client, "HTTP/1.1 100 Continue\r\n\r\n", deadline))
        return;
      if (reader.in_the_middle() && !begun) {
        begun = true;
        deadline = Clock::now() + patience.request;
      }
      if (!ready(client, POLLIN, deadline)) {
        if (begun) throw Refusal{408, "that took too long"};
        return;  // idle: nobody waits for anything
      }
      const ssize_t got = recv(client, buffer.data(), buffer.size(), 0);
      if (got == 0) return;
      if (got < 0 && errno != EAGAIN && errno != EINTR) return;
      if (got > 0) reader.take({buffer.data(), static_cast<std::size_t>(got)});
    }
  } catch (const Refusal& refusal) {
    if (send_reply(client, refused(refusal), reader.method() == "HEAD", patience))
      close_gently(client, patience);
  }
}
