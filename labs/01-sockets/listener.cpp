// Lab 01: who shakes hands, if nobody ever calls accept()?
//
//   run:    ./wirelab run 01-sockets --scenario never-accepted
//   alone:  build/labs/01-sockets/listener 7001   (and the client in a second terminal)
//   expect: a complete handshake, and data acknowledged, with no accept() in this program
//   read:   listen(2); RFC 9293 §3.5
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s PORT\n", words[0]);
    return 2;
  }
  const Fd listener(check(socket(AF_INET6, SOCK_STREAM, 0), "socket"));
  const int on = 1;
  check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");

  // The address by hand this time: every address of this host, and the port in network byte order.
  sockaddr_in6 here{};
  here.sin6_family = AF_INET6;
  here.sin6_addr = in6addr_any;
  here.sin6_port = htons(static_cast<in_port_t>(std::atoi(words[1])));
  check(bind(listener, reinterpret_cast<sockaddr*>(&here), sizeof here), "bind");
  check(listen(listener, 8), "listen");

  // A listening socket is readable when a connection waits in its queue: the handshake is over.
  pollfd queue{listener, POLLIN, 0};
  check(poll(&queue, 1, -1), "poll");
  std::printf("listener: a connection stands, and accept() was not called\n");

  // Give the client time to send: its data is acknowledged by this kernel, and read by nobody.
  sleep(1);
  // Closing the listening socket throws away what still waits in its queue: a RST each.
}
