// Lab 00, the server: one port number, two protocols.
//
//   run:    ./wirelab run 00-layers --scenario stream
//   alone:  build/labs/00-layers/hear 7000
//   expect: the same text out of a datagram and out of a stream
//   read:   socket(2), poll(2); RFC 768, RFC 9293
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstdlib>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s PORT\n", words[0]);
    return 2;
  }
  sockaddr_in6 here{};
  here.sin6_family = AF_INET6;
  here.sin6_port = htons(static_cast<in_port_t>(std::atoi(words[1])));

  // A port belongs to a protocol: UDP 7000 and TCP 7000 are two mailboxes. The protocol number in
  // the IP header (17 or 6) says which of them is meant.
  const Fd datagrams(check(socket(AF_INET6, SOCK_DGRAM, 0), "socket"));
  check(bind(datagrams, reinterpret_cast<sockaddr*>(&here), sizeof here), "bind");
  const Fd listener(check(socket(AF_INET6, SOCK_STREAM, 0), "socket"));
  const int on = 1;
  check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
  check(bind(listener, reinterpret_cast<sockaddr*>(&here), sizeof here), "bind");
  check(listen(listener, 8), "listen");

  for (;;) {
    pollfd either[2] = {{datagrams, POLLIN, 0}, {listener, POLLIN, 0}};
    check(poll(either, 2, -1), "poll");
    char buffer[2048];
    if (either[0].revents) {
      const ssize_t got = check(recv(datagrams, buffer, sizeof buffer, 0), "recv");
      std::printf("hear: a datagram of %zd bytes: %.*s\n", got, static_cast<int>(got), buffer);
    }
    if (either[1].revents) {
      const Fd client(check(accept(listener, nullptr, nullptr), "accept"));
      while (const ssize_t got = check(recv(client, buffer, sizeof buffer, 0), "recv"))
        std::printf("hear: %zd bytes of a stream: %.*s\n", got, static_cast<int>(got), buffer);
    }
    std::fflush(stdout);
  }
}
