// Lab 01, exercise: the server.
//
// A client calls, sends a letter and closes its half. Answer "received N bytes" and a newline,
// where N is how many bytes came, print the same line after "server: ", and end.
//
//   check:  ./wirelab check 01-sockets server
//   hint:   ./wirelab hint 01-sockets server
//   read:   socket(2), bind(2), listen(2), accept(2), recv(2)
#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <string>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s PORT\n", words[0]);
    return 2;
  }

  // Which local address? AI_PASSIVE asks for the wildcard: whatever address a client uses.
  addrinfo wanted{};
  wanted.ai_family = AF_INET6;  // an IPv6 socket also serves IPv4, as ::ffff:10.0.0.1 (dual stack)
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE;
  addrinfo* local = nullptr;
  if (const int error = getaddrinfo(nullptr, words[1], &wanted, &local); error != 0) {
    std::fprintf(stderr, "port %s: %s\n", words[1], gai_strerror(error));
    return 1;
  }

  // A socket is a place in this kernel: nothing leaves the machine.
  const Fd listener(check(socket(local->ai_family, local->ai_socktype, 0), "socket"));
  const int on = 1, off = 0;
  check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
  check(setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), "setsockopt");

  // From here it is yours:
  //   1. give the socket its port, and let the kernel answer those who call
  //   2. fetch one connection
  //   3. read until the client has said everything, and count
  //   4. answer with the number of bytes
  std::array<char, 4096> buffer;
  std::printf("server: a buffer of %zu bytes waits to be used\n", buffer.size());
  freeaddrinfo(local);
  // Leaving main() closes both sockets; closing the connected one sends our FIN.
}
