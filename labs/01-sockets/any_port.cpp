// Lab 01: which port do I have, if I do not choose one?
//
//   run:    ./wirelab run 01-sockets --scenario any-port
//   alone:  build/labs/01-sockets/any_port   (it says where the client finds it)
//   expect: a server port of 32768 or more, another one each time
//   read:   ip(7) (ip_local_port_range), getsockname(2), getpeername(2)
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdio>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 1) {
    std::fprintf(stderr, "usage: %s\n", words[0]);
    return 2;
  }
  const Fd listener(check(socket(AF_INET6, SOCK_STREAM, 0), "socket"));

  // Port 0 is no port: it asks the kernel for one that is free. A client that calls connect()
  // without bind() gets its port in the same way.
  sockaddr_in6 here{};
  here.sin6_family = AF_INET6;
  here.sin6_port = htons(0);
  check(bind(listener, reinterpret_cast<sockaddr*>(&here), sizeof here), "bind");
  check(listen(listener, 8), "listen");

  // bind() does not say which port it chose; the socket knows. The wire counts bytes from the left
  // (network byte order), this processor perhaps from the right: ntohs() translates.
  socklen_t size = sizeof here;
  check(getsockname(listener, reinterpret_cast<sockaddr*>(&here), &size), "getsockname");
  std::printf("any_port: listening on port %d\n", ntohs(here.sin6_port));
  std::fflush(stdout);  // a pipe keeps it back otherwise, and others wait for it

  // The connection has the port of the listening socket; no new port is used up by accept().
  sockaddr_in6 there{};
  size = sizeof there;
  const Fd client(check(accept(listener, reinterpret_cast<sockaddr*>(&there), &size), "accept"));
  check(getsockname(client, reinterpret_cast<sockaddr*>(&here), &size), "getsockname");
  std::printf("any_port: connected, from port %d to port %d\n", ntohs(there.sin6_port),
              ntohs(here.sin6_port));
  std::fflush(stdout);

  char buffer[4096];
  while (check(recv(client, buffer, sizeof buffer, 0), "recv") > 0) {
  }
  check(send(client, "done\n", 5, MSG_NOSIGNAL), "send");
}
