// Lab 04, a client without connect(): who is told that nobody listens?
//
//   run:    ./wirelab run 04-udp --scenario closed-port-unheard
//   alone:  build/labs/04-udp/unconnected localhost 7004   (with no server running)
//   expect: the same ICMP message as in closed-port, and a program that never learns of it
//   read:   udp(7) on errors, IP_RECVERR in ip(7); RFC 1122 §4.1.3.3
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <cstdio>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 3) {
    std::fprintf(stderr, "usage: %s HOST PORT\n", words[0]);
    return 2;
  }
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_DGRAM;
  addrinfo* address = nullptr;
  if (const int error = getaddrinfo(words[1], words[2], &wanted, &address); error != 0) {
    std::fprintf(stderr, "%s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  const Fd server(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
  const timeval patience{0, 300'000};
  check(setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), "setsockopt");

  // One socket could send to a hundred peers like this. An error that comes back for one of them
  // belongs to none in particular, so the kernel keeps it to itself.
  for (int number = 1; number <= 2; ++number) {
    check(sendto(server, "ping", 4, 0, address->ai_addr, address->ai_addrlen), "sendto");
    char buffer[2048];
    const ssize_t got = recvfrom(server, buffer, sizeof buffer, 0, nullptr, nullptr);
    if (got < 0 && errno != EAGAIN) check(got, "recvfrom");
    std::printf("unconnected: %s\n", got < 0 ? "no answer, and no error" : "an answer");
  }
  freeaddrinfo(address);
}
