// The programs that the testbed's tests run in the hosts: small, quick to start, and on the wire
// exactly what their names say.
//
//   talker tcp-sink PORT                    takes one connection, reads to its end, prints the count
//   talker tcp-send HOST PORT BYTES         connects, sends, closes its half, waits for the peer's
//   talker tcp-echo PORT                    one connection, gives back what it gets
//   talker tcp-ask HOST PORT COUNT BYTES    COUNT times: sends BYTES and waits for them to come back
//   talker tcp-reset HOST PORT              connects and aborts
//   talker udp-sink PORT                    for ever
//   talker udp-send HOST PORT COUNT BYTES   numbered datagrams, nobody answers
//   talker udp-echo PORT                    for ever
//   talker udp-ask HOST PORT COUNT BYTES    each answered before the next
//   talker congestion                       prints what a new socket uses
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <string>
#include <vector>

#include "labs/support/lab.hpp"

namespace {

Fd connected(const char* host, const char* port, int type) {
  addrinfo hints{}, *found = nullptr;
  hints.ai_socktype = type;
  if (const int error = getaddrinfo(host, port, &hints, &found); error != 0) {
    std::fprintf(stderr, "%s: %s\n", host, gai_strerror(error));
    std::exit(1);
  }
  Fd socket(check(::socket(found->ai_family, type, 0), "socket"));
  check(connect(socket, found->ai_addr, found->ai_addrlen), "connect");
  freeaddrinfo(found);
  return socket;
}

Fd bound(const char* port, int type) {
  Fd socket(check(::socket(AF_INET6, type, 0), "socket"));
  const int off = 0, on = 1;
  check(setsockopt(socket, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), "IPV6_V6ONLY");
  check(setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "SO_REUSEADDR");
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
  check(bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), "bind");
  return socket;
}

Fd accepted(const char* port) {
  const Fd listener = bound(port, SOCK_STREAM);
  check(listen(listener, 8), "listen");
  return Fd(check(accept(listener, nullptr, nullptr), "accept"));
}

void send_all(int socket, const char* data, std::size_t size) {
  while (size > 0) {
    const auto sent =
        static_cast<std::size_t>(check(send(socket, data, size, MSG_NOSIGNAL), "send"));
    data += sent;
    size -= sent;
  }
}

void read_exactly(int socket, std::size_t size) {
  std::vector<char> buffer(size);
  check(recv(socket, buffer.data(), size, MSG_WAITALL) == static_cast<ssize_t>(size) ? 0 : -1,
        "recv");
}

/// Counting bytes, so that no two stretches of the stream are alike.
std::vector<char> pattern(std::size_t size) {
  std::vector<char> bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<char>(i * 31 + i / 251);
  return bytes;
}

int run(const std::vector<std::string>& words) {
  const auto is = [&](const char* name, std::size_t arguments) {
    return words[0] == name && words.size() == arguments + 1;
  };
  const auto word = [&](std::size_t i) { return words[i].c_str(); };
  const auto number = [&](std::size_t i) { return static_cast<std::size_t>(std::atol(word(i))); };
  std::vector<char> buffer(65'536);

  if (is("tcp-sink", 1)) {
    const Fd peer = accepted(word(1));
    long total = 0;
    for (ssize_t got; (got = check(recv(peer, buffer.data(), buffer.size(), 0), "recv")) > 0;)
      total += got;
    std::printf("%ld bytes\n", total);
  } else if (is("tcp-send", 3)) {
    const Fd peer = connected(word(1), word(2), SOCK_STREAM);
    const auto bytes = pattern(number(3));
    send_all(peer, bytes.data(), bytes.size());
    check(shutdown(peer, SHUT_WR), "shutdown");
    check(recv(peer, buffer.data(), buffer.size(), 0), "recv");
  } else if (is("tcp-echo", 1)) {
    const Fd peer = accepted(word(1));
    for (ssize_t got; (got = check(recv(peer, buffer.data(), buffer.size(), 0), "recv")) > 0;)
      send_all(peer, buffer.data(), static_cast<std::size_t>(got));
  } else if (is("tcp-ask", 4)) {
    const Fd peer = connected(word(1), word(2), SOCK_STREAM);
    const auto bytes = pattern(number(4));
    for (std::size_t i = 0; i < number(3); ++i) {
      send_all(peer, bytes.data(), bytes.size());
      read_exactly(peer, bytes.size());
    }
    std::printf("asked %zu times\n", number(3));
  } else if (is("tcp-reset", 2)) {
    const Fd peer = connected(word(1), word(2), SOCK_STREAM);
    const linger abort{1, 0};
    check(setsockopt(peer, SOL_SOCKET, SO_LINGER, &abort, sizeof abort), "SO_LINGER");
  } else if (is("udp-sink", 1) || is("udp-echo", 1)) {
    const Fd socket = bound(word(1), SOCK_DGRAM);
    for (;;) {
      sockaddr_in6 from{};
      socklen_t size = sizeof from;
      const ssize_t got = check(recvfrom(socket, buffer.data(), buffer.size(), 0,
                                         reinterpret_cast<sockaddr*>(&from), &size),
                                "recvfrom");
      if (words[0] == "udp-echo")
        check(sendto(socket, buffer.data(), static_cast<std::size_t>(got), 0,
                     reinterpret_cast<sockaddr*>(&from), size),
              "sendto");
    }
  } else if (is("udp-send", 4) || is("udp-ask", 4)) {
    const Fd peer = connected(word(1), word(2), SOCK_DGRAM);
    for (std::size_t i = 1; i <= number(3); ++i) {
      std::vector<char> bytes(std::max<std::size_t>(number(4), 4));
      for (std::size_t at = 0; at < 4; ++at) bytes[at] = static_cast<char>(i >> (24 - 8 * at));
      check(send(peer, bytes.data(), bytes.size(), 0), "send");
      if (words[0] == "udp-ask") check(recv(peer, buffer.data(), buffer.size(), 0), "recv");
    }
  } else if (is("congestion", 0)) {
    const Fd socket(check(::socket(AF_INET, SOCK_STREAM, 0), "socket"));
    socklen_t size = 16;
    check(getsockopt(socket, IPPROTO_TCP, TCP_CONGESTION, buffer.data(), &size), "TCP_CONGESTION");
    std::printf("%s\n", buffer.data());
  } else {
    std::fprintf(stderr, "talker: no such job\n");
    return 2;
  }
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  return count < 2 ? 2 : run({arguments + 1, arguments + count});
}
