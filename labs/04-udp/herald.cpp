// Lab 04, a server that hears what is sent to everybody.
//
//   run:    ./wirelab run 04-udp --scenario multicast
//   alone:  build/labs/04-udp/herald 7004   (or: herald 7004 239.1.2.3)
//   expect: the answer comes from this host's own address, not from the group's
//   read:   IP_ADD_MEMBERSHIP in ip(7); RFC 1112, RFC 3376 (IGMP)
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstdlib>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  ip_mreq membership{};
  const bool group = count == 3 && inet_pton(AF_INET, words[2], &membership.imr_multiaddr) == 1;
  if (count != 2 && !group) {
    std::fprintf(stderr, "usage: %s PORT [GROUP]\n", words[0]);
    return 2;
  }
  const Fd socket_fd(check(socket(AF_INET, SOCK_DGRAM, 0), "socket"));

  // INADDR_ANY: a socket that is bound to one address of this host hears no broadcast.
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_ANY);
  here.sin_port = htons(static_cast<in_port_t>(std::atoi(words[1])));
  check(bind(socket_fd, reinterpret_cast<sockaddr*>(&here), sizeof here), "bind");

  // A broadcast comes to everybody, wanted or not. A group one has to join: the kernel tells the
  // network card, and the routers (IGMP), that this host wants to hear it.
  if (group)
    check(setsockopt(socket_fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership, sizeof membership),
          "setsockopt");

  for (;;) {
    char buffer[256];
    sockaddr_in there{};
    socklen_t size = sizeof there;
    const ssize_t got = check(
        recvfrom(socket_fd, buffer, sizeof buffer, 0, reinterpret_cast<sockaddr*>(&there), &size),
        "recvfrom");
    std::printf("herald: somebody asks: %.*s\n", static_cast<int>(got), buffer);
    std::fflush(stdout);
    check(sendto(socket_fd, "I am", 4, 0, reinterpret_cast<sockaddr*>(&there), size), "sendto");
  }
}
