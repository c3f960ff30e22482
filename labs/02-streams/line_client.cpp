// Lab 02, a client of lines: all of them in one send().
//
//   run:    ./wirelab run 02-streams --scenario lines
//   alone:  build/labs/02-streams/line_client localhost 7002 hello world
//   expect: one segment that holds every line, and as many answers as lines
//   read:   send(2), recv(2)
#include <netdb.h>
#include <sys/socket.h>

#include <cstdio>
#include <string>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count < 4) {
    std::fprintf(stderr, "usage: %s HOST PORT LINE...\n", words[0]);
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

  std::string lines;
  for (int i = 3; i < count; ++i) lines.append(words[i]).append("\n");
  check(send(server, lines.data(), lines.size(), MSG_NOSIGNAL), "send");
  check(shutdown(server, SHUT_WR), "shutdown");

  // The server's pieces are no lines either; for a screen that does not matter.
  char buffer[256];
  while (const ssize_t got = check(recv(server, buffer, sizeof buffer, 0), "recv"))
    std::printf("%.*s", static_cast<int>(got), buffer);
}
