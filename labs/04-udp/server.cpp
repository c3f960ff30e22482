// Lab 04, the server: every datagram comes back as it came.
//
//   run:    ./wirelab run 04-udp
//   alone:  build/labs/04-udp/server 7004
//   expect: one recvfrom() a datagram, never half of one, never two
//   read:   udp(7), recvfrom(2), sendto(2); RFC 768
#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s PORT\n", words[0]);
    return 2;
  }
  addrinfo wanted{};
  wanted.ai_family = AF_INET6;  // serves IPv4 too, as in lab 01
  wanted.ai_socktype = SOCK_DGRAM;
  wanted.ai_flags = AI_PASSIVE;
  addrinfo* local = nullptr;
  if (const int error = getaddrinfo(nullptr, words[1], &wanted, &local); error != 0) {
    std::fprintf(stderr, "port %s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  const Fd socket_fd(check(socket(local->ai_family, local->ai_socktype, 0), "socket"));
  const int off = 0;
  check(setsockopt(socket_fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), "setsockopt");
  check(bind(socket_fd, local->ai_addr, local->ai_addrlen), "bind");
  freeaddrinfo(local);

  // No listen(), no accept(): there is no connection. One socket hears everybody, and each
  // datagram says where it comes from.
  std::array<char, 65'536> buffer;
  for (;;) {
    sockaddr_storage peer{};
    socklen_t peer_size = sizeof peer;
    auto* const peer_address = reinterpret_cast<sockaddr*>(&peer);
    const ssize_t got = check(
        recvfrom(socket_fd, buffer.data(), buffer.size(), 0, peer_address, &peer_size), "recvfrom");
    const auto size = static_cast<std::size_t>(got);
    std::printf("server: a datagram of %zd bytes: %.*s\n", got, std::min(static_cast<int>(got), 60),
                buffer.data());
    std::fflush(stdout);
    check(sendto(socket_fd, buffer.data(), size, 0, peer_address, peer_size), "sendto");
  }
}
