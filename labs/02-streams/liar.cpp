// Lab 02, a client that announces 4 GiB and sends five bytes.
//
//   run:    ./wirelab run 02-streams --scenario four-gigabytes
//   alone:  build/labs/02-streams/liar localhost 7002   (with frame_server running)
//   expect: a careful server hangs up; a trusting one asks its kernel for 4 GiB, and waits
//   read:   SO_RCVTIMEO in socket(7)
#include <netdb.h>
#include <sys/socket.h>

#include <cerrno>
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

  check(send(server, "\xff\xff\xff\xffhello", 9, MSG_NOSIGNAL), "send");

  // Now wait: for an answer, for the end, but no longer than two seconds.
  const timeval patience{2, 0};
  check(setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), "setsockopt");
  char buffer[256];
  const ssize_t got = recv(server, buffer, sizeof buffer, 0);
  if (got < 0 && errno == EAGAIN)
    std::printf("liar: the server believes it, and waits for the rest\n");
  else if (got <= 0)  // a FIN, or a RST since "hello" was never read: both are a no
    std::printf("liar: the server hung up\n");
  else
    std::printf("liar: the server answered %zd bytes\n", got);
}
