// Lab 01: from a name to addresses.
//
//   run:    ./wirelab run 01-sockets --scenario names --ipv6
//   alone:  build/labs/01-sockets/names localhost 80
//   expect: one line an address, and nothing on the wire: the answer stood in /etc/hosts
//   read:   getaddrinfo(3), gai.conf(5), nsswitch.conf(5); RFC 6724
#include <netdb.h>
#include <sys/socket.h>

#include <cstdio>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 3) {
    std::fprintf(stderr, "usage: %s HOST PORT|SERVICE\n", words[0]);
    return 2;
  }
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;      // both versions of IP
  wanted.ai_socktype = SOCK_STREAM;  // else every address comes three times: TCP, UDP, raw

  // Not a system call but a library: it reads /etc/hosts, then asks a DNS server over UDP.
  // It has errors of its own, which is why errno and check() are no use here.
  addrinfo* found = nullptr;
  if (const int error = getaddrinfo(words[1], words[2], &wanted, &found); error != 0) {
    std::fprintf(stderr, "%s: %s\n", words[1], gai_strerror(error));
    return 1;
  }

  // A list, best first (RFC 6724). Every entry holds what socket() and connect() need, so that a
  // program that follows it serves both versions of IP without naming either.
  for (const addrinfo* one = found; one; one = one->ai_next) {
    char host[NI_MAXHOST], port[NI_MAXSERV];
    getnameinfo(one->ai_addr, one->ai_addrlen, host, sizeof host, port, sizeof port,
                NI_NUMERICHOST | NI_NUMERICSERV);
    const char* version = one->ai_family == AF_INET6 ? "IPv6" : "IPv4";
    std::printf("names: %s, address %s, port %s\n", version, host, port);
  }
  freeaddrinfo(found);
}
