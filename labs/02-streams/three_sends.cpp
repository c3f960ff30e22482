// Lab 02, the client: three messages, or one stream?
//
//   run:    ./wirelab run 02-streams
//   alone:  build/labs/02-streams/three_sends localhost 7002   (with pieces running)
//   expect: three segments on the wire, and a reader that cannot tell
//   read:   send(2), TCP_NODELAY in tcp(7); RFC 9293 §3.7
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstring>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 3) {
    std::fprintf(stderr, "usage: %s HOST PORT\n", words[0]);
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
  // Every send() a segment of its own: without this, Nagle's algorithm would keep the second back.
  const int on = 1;
  check(setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");

  for (const char* message : {"one", "two", "three"}) {
    const auto taken = check(send(server, message, std::strlen(message), MSG_NOSIGNAL), "send");
    std::printf("three_sends: send() took %zd bytes: %s\n", taken, message);
  }
  check(shutdown(server, SHUT_WR), "shutdown");

  // The answer comes in pieces as well; we only wait for its end.
  char buffer[256];
  while (check(recv(server, buffer, sizeof buffer, 0), "recv") > 0) {
  }
}
