#include "bench/servers/lane.hpp"

#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "bench/trips/endpoint.hpp"

namespace bench {
namespace {

constexpr std::string_view kept_request = "GET /hello.txt HTTP/1.1\r\nHost: localhost\r\n\r\n";
constexpr std::string_view single_request =
    "GET /hello.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// What Content-Length says (RFC 9112 §6.2); nothing if there is none.
std::optional<std::size_t> length_of_body(std::string_view head) {
  static constexpr std::string_view field = "\r\ncontent-length:";
  for (std::size_t at = 0; at + field.size() < head.size(); ++at) {
    if (head[at] != '\r' || strncasecmp(head.data() + at, field.data(), field.size()) != 0)
      continue;
    std::size_t digits = at + field.size(), length = 0;
    while (digits < head.size() && head[digits] == ' ') ++digits;
    const auto [end, error] =
        std::from_chars(head.data() + digits, head.data() + head.size(), length);
    if (error == std::errc()) return length;
  }
  return std::nullopt;
}

}  // namespace

Lane::Lane(const sockaddr_in& server, bool keep, int epoll, unsigned number)
    : server_(server), keep_(keep), epoll_(epoll), number_(number) {
  if (keep) connect();
}

void Lane::connect() {
  fd_ = Fd(must(socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket"));
  const int on = 1;
  must(setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "TCP_NODELAY");
  // The asking end resets what it no longer needs: a connection each would leave more of them in
  // TIME_WAIT than there are ports.
  const linger at_once{1, 0};
  if (!keep_) must(setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), "SO_LINGER");
  const int result = ::connect(fd_, reinterpret_cast<const sockaddr*>(&server_), sizeof server_);
  if (result != 0 && errno != EINPROGRESS) must(result, "connect");
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u32 = number_;
  must(epoll_ctl(epoll_, EPOLL_CTL_ADD, fd_, &event), "epoll_ctl");
}

bool Lane::ask(Clock::time_point due) {
  due_ = due;
  asking_ = true;
  sent_ = wanted_ = 0;
  reply_.clear();
  if (!keep_) connect();
  return go_on();
}

bool Lane::go_on() {
  if (!asking_ || !send_rest()) return false;
  std::array<char, 16 * 1024> buffer;
  for (;;) {
    const ssize_t got = recv(fd_, buffer.data(), buffer.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (got < 0) must(-1, "recv");
    if (got == 0) throw TripError("the server ended a connection without a whole reply");
    reply_.append(buffer.data(), static_cast<std::size_t>(got));
    if (!whole()) continue;
    asking_ = false;
    if (!keep_) fd_ = Fd();
    return true;
  }
}

bool Lane::send_rest() {
  const std::string_view request = keep_ ? kept_request : single_request;
  while (sent_ < request.size()) {
    const ssize_t sent = send(fd_, request.data() + sent_, request.size() - sent_, MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    sent_ += static_cast<std::size_t>(must(static_cast<int>(sent), "send"));
  }
  return true;
}

bool Lane::whole() {
  if (wanted_ == 0) {
    const std::size_t end = reply_.find("\r\n\r\n");
    if (end == std::string::npos) return false;
    if (!reply_.starts_with("HTTP/1.1 200 "))
      throw TripError(
          fmt::format("the server replied {:.60}", reply_.substr(0, reply_.find('\r'))));
    const std::optional<std::size_t> body =
        length_of_body(std::string_view(reply_).substr(0, end + 2));
    if (!body) throw TripError("a reply without Content-Length");
    wanted_ = end + 4 + *body;
  }
  return reply_.size() >= wanted_;
}

}  // namespace bench
