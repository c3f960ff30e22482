// Lab 01: one socket, two versions of IP.
//
//   run:    ./wirelab run 01-sockets --scenario dual-stack
//   alone:  build/labs/01-sockets/dual 7001; then the client with 127.0.0.1, and with ::1
//   expect: an IPv4 and an IPv6 connection, and the server in both lists of addresses
//   read:   ipv6(7) (IPV6_V6ONLY), inet_ntop(3); RFC 4291 §2.5.5.2
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstdlib>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s PORT\n", words[0]);
    return 2;
  }
  const Fd listener(check(socket(AF_INET6, SOCK_STREAM, 0), "socket"));
  const int on = 1, off = 0;
  check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
  // Off by default on Linux, on with some other systems: who wants both says so.
  check(setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), "setsockopt");

  sockaddr_in6 here{};
  here.sin6_family = AF_INET6;
  here.sin6_addr = in6addr_any;  // "::" covers 0.0.0.0 as well
  here.sin6_port = htons(static_cast<in_port_t>(std::atoi(words[1])));
  check(bind(listener, reinterpret_cast<sockaddr*>(&here), sizeof here), "bind");
  check(listen(listener, 8), "listen");

  for (int number = 1; number <= 2; ++number) {
    sockaddr_in6 there{};
    socklen_t size = sizeof there;
    const Fd client(check(accept(listener, reinterpret_cast<sockaddr*>(&there), &size), "accept"));

    // An IPv4 client has an IPv6 address here, ::ffff:10.0.0.1, that is never on the wire.
    char address[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET6, &there.sin6_addr, address, sizeof address);
    const char* version = IN6_IS_ADDR_V4MAPPED(&there.sin6_addr) ? "IPv4" : "IPv6";
    std::printf("dual: %s is calling over %s\n", address, version);

    char buffer[4096];
    while (check(recv(client, buffer, sizeof buffer, 0), "recv") > 0) {
    }
    check(send(client, "thank you\n", 10, MSG_NOSIGNAL), "send");
  }
}
