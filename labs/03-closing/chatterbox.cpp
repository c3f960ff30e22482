// Lab 03, a client that has its answer and talks on.
//
//   run:    ./wirelab run 03-closing --scenario endless-talk
//   alone:  build/labs/03-closing/chatterbox localhost 7003   (with lingering_server running)
//   expect: the server's FIN does not stop it; in the end a RST does
//   read:   send(2)
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>

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

  check(send(server, "question\n", 9, MSG_NOSIGNAL), "send");
  std::size_t received = 0;
  char buffer[4096];
  while (const ssize_t got = check(recv(server, buffer, sizeof buffer, 0), "recv"))
    received += static_cast<std::size_t>(got);
  std::printf("chatterbox: %zu bytes, then the end\n", received);

  // A FIN closes one direction. The other is ours, and there is always something more to say.
  int said = 0;
  while (said < 1000 && send(server, "and ", 4, MSG_NOSIGNAL) == 4) {
    ++said;
    usleep(20'000);
  }
  std::printf("chatterbox: %s\n", said < 1000 ? "cut off" : "nobody stopped me");
}
