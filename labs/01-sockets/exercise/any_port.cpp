// Lab 01, exercise: a server on a port that it does not know yet.
//
// Let the kernel choose a port, print "any_port: listening on port N", take one connection, print
// "any_port: connected, from port A to port B", read to the end and answer "done".
//
//   check:  ./wirelab check 01-sockets any_port
//   hint:   ./wirelab hint 01-sockets any_port
//   read:   ip(7), getsockname(2), accept(2), byteorder(3)
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

  // Which port did it become? The kernel knows; this structure does not yet, and counts bytes
  // in the order of the wire.
  std::printf("any_port: listening on port %d\n", here.sin6_port);
  std::fflush(stdout);  // a pipe keeps it back otherwise, and others wait for it

  // Yours: accept a connection, print the ports of both ends, read to the end, answer "done\n".
}
