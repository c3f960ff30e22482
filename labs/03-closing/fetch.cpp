// Lab 03, a client that says more than it was asked, and counts what comes back.
//
//   run:    ./wirelab run 03-closing --scenario unread-input
//   alone:  build/labs/03-closing/fetch localhost 7003   (with rude_server running)
//   expect: from rude_server a part and a reset; from lingering_server everything
//   read:   recv(2) (ECONNRESET); RFC 9293 §3.10.7.4 on RST
#include <netdb.h>
#include <sys/socket.h>

#include <cerrno>
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

  // The server reads the first line only.
  const char question[] = "question\nand something that nobody reads\n";
  check(send(server, question, sizeof question - 1, MSG_NOSIGNAL), "send");

  char buffer[4096];
  std::size_t received = 0;
  for (;;) {
    const ssize_t got = recv(server, buffer, sizeof buffer, 0);
    if (got < 0 && errno == ECONNRESET) {
      std::printf("fetch: %zu bytes, then a reset: this is not all\n", received);
      return 1;
    }
    check(got, "recv");
    if (got == 0) break;
    received += static_cast<std::size_t>(got);
  }
  std::printf("fetch: %zu bytes, then the end\n", received);
}
