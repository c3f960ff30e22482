// Wrong on purpose: it notices, and does not say so.
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string_view>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  const std::string_view how = count == 4 ? words[3] : "";
  if (how != "signal" && how != "error") {
    std::fprintf(stderr, "usage: %s HOST PORT signal|error\n", words[0]);
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

  // The FIN: the server will say no more. Whether it still listens, a FIN does not tell.
  char buffer[256];
  while (check(recv(server, buffer, sizeof buffer, 0), "recv") > 0) {
  }
  std::printf("write_on: the server has said everything\n");
  std::fflush(stdout);  // for the case that we do not live to the end

  // Without MSG_NOSIGNAL a write to a broken connection is a SIGPIPE, and that ends a program:
  // right for `yes | head`, wrong for anything with more than one connection.
  const int flags = how == "error" ? MSG_NOSIGNAL : 0;
  for (int number = 1; number <= 3; ++number) {
    const ssize_t taken = send(server, "more", 4, flags);
    if (taken < 0 && (errno == EPIPE || errno == ECONNRESET)) {
      return 0;
    }
    check(taken, "send");
    std::printf("write_on: write %d succeeded\n", number);
    std::fflush(stdout);
    usleep(200'000);  // by now the server's kernel has answered with a RST
  }
}
