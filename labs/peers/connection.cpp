#include "labs/peers/connection.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <thread>

namespace peers {
namespace {

using namespace std::chrono_literals;

constexpr Milliseconds patience = 10s;
constexpr int small_buffer = 4096;  // bytes; the kernel doubles it (socket(7))

[[noreturn]] void fail(const char* call) {
  throw std::runtime_error(std::string(call) + ": " + std::strerror(errno));
}

struct Addresses {
  Addresses(const std::string& host, const std::string& port, int type) {
    addrinfo hints{};
    hints.ai_socktype = type;
    hints.ai_family =
        host.empty() ? AF_INET6 : AF_UNSPEC;  // bound to ::, it serves IPv4 too (ipv6(7))
    hints.ai_flags = host.empty() ? AI_PASSIVE : 0;
    const int error =
        getaddrinfo(host.empty() ? nullptr : host.c_str(), port.c_str(), &hints, &first);
    if (error != 0) throw std::runtime_error(host + ": " + gai_strerror(error));
  }
  ~Addresses() { freeaddrinfo(first); }
  Addresses(const Addresses&) = delete;
  Addresses& operator=(const Addresses&) = delete;
  addrinfo* first = nullptr;
};

void set(const Fd& socket, int level, int option, int value) {
  setsockopt(socket, level, option, &value, sizeof value);
}

}  // namespace

Connection::Connection(Fd socket, std::uint64_t seed) : socket_(std::move(socket)), random_(seed) {
  set(socket_, IPPROTO_TCP, TCP_NODELAY, 1);
}

bool Connection::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

bool Connection::send_in_bytes(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (!send(bytes.substr(i, 1))) return false;
    std::this_thread::sleep_for(200us + random_() % 300 * 1us);
  }
  return true;
}

bool Connection::send_in_pieces(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t size =
        std::min<std::size_t>(bytes.size(), 1 + random_() % (random_() % 3 == 0 ? 3 : 700));
    if (!send(bytes.substr(0, size))) return false;
    bytes.remove_prefix(size);
    std::this_thread::sleep_for(random_() % 5 * 1ms);
  }
  return true;
}

void Connection::end_sending() { shutdown(socket_, SHUT_WR); }

void Connection::reset() {
  const linger at_once{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  close();
}

bool Connection::readable(Milliseconds limit) const {
  pollfd one{socket_, POLLIN, 0};
  return poll(&one, 1, static_cast<int>(limit.count())) > 0;
}

bool Connection::receive(std::string& so_far, std::size_t bytes) {
  std::array<char, 16'384> buffer;
  while (so_far.size() < bytes) {
    if (!readable(patience)) return false;
    const ssize_t got =
        recv(socket_, buffer.data(), std::min(buffer.size(), bytes - so_far.size()), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) return true;
    so_far.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return true;
}

bool Connection::receive_request(std::string& so_far, std::string_view mark) {
  std::array<char, 16'384> buffer;
  while (mark.empty() || so_far.find(mark) == std::string::npos) {
    if (!readable(mark.empty() && !so_far.empty() ? 100ms : patience)) return !so_far.empty();
    const ssize_t got = recv(socket_, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return false;
    if (got == 0) return true;
    so_far.append(buffer.data(), static_cast<std::size_t>(got));
  }
  return true;
}

bool Connection::receive_slowly(std::string& so_far, Milliseconds first) {
  std::this_thread::sleep_for(first);
  std::array<char, 512> buffer;
  while (readable(patience)) {
    const ssize_t got = recv(socket_, buffer.data(), buffer.size(), 0);
    if (got <= 0) return got == 0;
    so_far.append(buffer.data(), static_cast<std::size_t>(got));
    std::this_thread::sleep_for(1ms);
  }
  return false;
}

bool Connection::flood(std::string_view bytes, Milliseconds time) {
  const auto end = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < end) {
    const ssize_t wrote = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (wrote < 0 && errno != EAGAIN && errno != EINTR) return false;
    if (wrote < 0) std::this_thread::sleep_for(1ms);
  }
  return true;
}

Connection connect_to(const std::string& host, const std::string& port, std::uint64_t seed,
                      bool small_window) {
  const Addresses addresses(host, port, SOCK_STREAM);
  for (addrinfo* one = addresses.first; one; one = one->ai_next) {
    Fd socket(::socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC, one->ai_protocol));
    if (socket < 0) continue;
    if (small_window)
      set(socket, SOL_SOCKET, SO_RCVBUF, small_buffer);  // before connect: it decides the scale
    if (connect(socket, one->ai_addr, one->ai_addrlen) == 0)
      return Connection(std::move(socket), seed);
  }
  fail("connect");
}

Fd listen_on(const std::string& port, bool small_window) {
  const Addresses addresses({}, port, SOCK_STREAM);
  Fd socket(::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (socket < 0) fail("socket");
  set(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  if (small_window) set(socket, SOL_SOCKET, SO_RCVBUF, small_buffer);
  if (bind(socket, addresses.first->ai_addr, addresses.first->ai_addrlen) != 0) fail("bind");
  if (listen(socket, SOMAXCONN) != 0) fail("listen");
  return socket;
}

Fd datagram_socket(const std::string& host, const std::string& port) {
  const Addresses addresses(host, port, SOCK_DGRAM);
  Fd socket(::socket(addresses.first->ai_family, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (socket < 0) fail("socket");
  if (host.empty()) set(socket, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  const auto attach = host.empty() ? bind : connect;
  if (attach(socket, addresses.first->ai_addr, addresses.first->ai_addrlen) != 0)
    fail(host.empty() ? "bind" : "connect");
  return socket;
}

}  // namespace peers
