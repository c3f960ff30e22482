// Lab 01, exercise: one socket, two versions of IP.
//
// Serve two clients, one after the other, on one listening socket. For each print "dual: ADDRESS
// is calling over IPv4" or "… over IPv6", read to the end and answer "thank you". This one serves
// IPv4 only.
//
//   check:  ./wirelab check 01-sockets dual
//   hint:   ./wirelab hint 01-sockets dual
//   read:   ipv6(7), inet_ntop(3)
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
  const Fd listener(check(socket(AF_INET, SOCK_STREAM, 0), "socket"));
  const int on = 1;
  check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_port = htons(static_cast<in_port_t>(std::atoi(words[1])));
  check(bind(listener, reinterpret_cast<sockaddr*>(&here), sizeof here), "bind");
  check(listen(listener, 8), "listen");

  for (int number = 1; number <= 2; ++number) {
    sockaddr_in there{};
    socklen_t size = sizeof there;
    const Fd client(check(accept(listener, reinterpret_cast<sockaddr*>(&there), &size), "accept"));
    char address[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, &there.sin_addr, address, sizeof address);
    std::printf("dual: %s is calling over IPv4\n", address);

    char buffer[4096];
    while (check(recv(client, buffer, sizeof buffer, 0), "recv") > 0) {
    }
    check(send(client, "thank you\n", 10, MSG_NOSIGNAL), "send");
  }
}
