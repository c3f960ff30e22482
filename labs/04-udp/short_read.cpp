// Lab 04, a server with too little room: what becomes of the rest of a datagram?
//
//   run:    ./wirelab run 04-udp --scenario truncated
//   alone:  build/labs/04-udp/short_read 7004   (and the client in a second terminal)
//   expect: "ping 1" read as "ping": the rest is gone, not waiting
//   read:   recv(2) (MSG_TRUNC), udp(7)
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
  const Fd socket_fd(check(socket(AF_INET6, SOCK_DGRAM, 0), "socket"));
  sockaddr_in6 here{};
  here.sin6_family = AF_INET6;
  here.sin6_port = htons(static_cast<in_port_t>(std::atoi(words[1])));
  check(bind(socket_fd, reinterpret_cast<sockaddr*>(&here), sizeof here), "bind");

  for (;;) {
    // Room for four bytes. In a stream the fifth would be there next time; here the next call gives
    // the next datagram. With MSG_TRUNC recv() tells how long the datagram was.
    char buffer[4];
    const ssize_t length = check(recv(socket_fd, buffer, sizeof buffer, MSG_TRUNC), "recv");
    const int kept = static_cast<int>(length < 4 ? length : 4);
    std::printf("short_read: a datagram of %zd bytes, of which I have %d: %.*s\n", length, kept,
                kept, buffer);
    std::fflush(stdout);
  }
}
