// Lab 02, the server: what recv() gives is a piece of the stream, and the reader cuts it.
//
//   run:    ./wirelab run 02-streams
//   alone:  build/labs/02-streams/pieces 7002
//   expect: three sends of 3, 3 and 5 bytes arrive as pieces of 8 and 3
//   read:   recv(2); RFC 9293 §2.2 and §3.7
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s PORT\n", words[0]);
    return 2;
  }
  const Fd listener(check(socket(AF_INET6, SOCK_STREAM, 0), "socket"));
  const int on = 1;
  check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
  sockaddr_in6 here{};
  here.sin6_family = AF_INET6;
  here.sin6_port = htons(static_cast<in_port_t>(std::atoi(words[1])));
  check(bind(listener, reinterpret_cast<sockaddr*>(&here), sizeof here), "bind");
  check(listen(listener, 8), "listen");
  const Fd client(check(accept(listener, nullptr, nullptr), "accept"));

  // A busy server: by the time it reads, everything is there. The kernel has put the three
  // segments behind each other; where one ended is written nowhere.
  sleep(1);

  // Room for 8 bytes: "oneto" and "three" would be one piece with more room, and three with less.
  char buffer[8];
  while (const ssize_t got = check(recv(client, buffer, sizeof buffer, 0), "recv"))
    std::printf("pieces: recv() gave %zd bytes: %.*s\n", got, static_cast<int>(got), buffer);
  std::printf("pieces: recv() gave 0 bytes: that is the end\n");
}
