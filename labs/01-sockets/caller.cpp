// Lab 01: the other half of the question who owns TIME_WAIT.
//
//   run:    ./wirelab run 01-sockets --scenario client-closes-first
//   alone:  build/labs/01-sockets/caller localhost 7001 last   (and closer … first beside it)
//   expect: whoever says "first" sends the first FIN, and waits a minute for the other's sake
//   read:   shutdown(2), close(2); RFC 9293 §3.6
#include <netdb.h>
#include <sys/socket.h>

#include <cstdio>
#include <string_view>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  const std::string_view when = count == 4 ? words[3] : "";
  if (when != "first" && when != "last") {
    std::fprintf(stderr, "usage: %s HOST PORT first|last\n", words[0]);
    return 2;
  }
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* address = nullptr;
  if (const int error = getaddrinfo(words[1], words[2], &wanted, &address); error != 0) {
    std::fprintf(stderr, "%s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  // Only the first address this time: what to do with several is the client's example.
  const Fd server(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
  check(connect(server, address->ai_addr, address->ai_addrlen), "connect");
  freeaddrinfo(address);

  if (when == "first") check(shutdown(server, SHUT_WR), "shutdown");

  // recv() gives 0 when the other end's FIN is here. With "last" we say nothing before that.
  char buffer[4096];
  while (check(recv(server, buffer, sizeof buffer, 0), "recv") > 0) {
  }
  std::printf("caller: I closed %s\n", words[3]);
}
