// Lab 03, a server that tells how its connection ended.
//
//   run:    ./wirelab run 03-closing --scenario reset
//   alone:  build/labs/03-closing/reader 7003   (and hang_up in a second terminal)
//   expect: recv() gives 0 for a FIN, and ECONNRESET for a RST
//   read:   recv(2)
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
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

  char buffer[4096];
  for (;;) {
    const ssize_t got = recv(client, buffer, sizeof buffer, 0);
    if (got < 0 && errno == ECONNRESET) {
      std::printf("reader: the connection was reset: was that everything? Nobody knows\n");
      return 0;
    }
    check(got, "recv");
    if (got == 0) break;
    std::printf("reader: %zd bytes: %.*s\n", got, static_cast<int>(got), buffer);
  }
  std::printf("reader: the end, in order: that was everything\n");
}
