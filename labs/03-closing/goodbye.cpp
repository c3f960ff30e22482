// Lab 03, a server that says goodbye and is gone.
//
//   run:    ./wirelab run 03-closing --scenario broken-pipe
//   alone:  build/labs/03-closing/goodbye 7003   (and write_on in a second terminal)
//   expect: a FIN, and a RST for whatever comes after it
//   read:   close(2); RFC 9293 §3.10.7.1 (segments for a connection that is no more)
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
  const int on = 1;
  check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
  sockaddr_in6 here{};
  here.sin6_family = AF_INET6;
  here.sin6_port = htons(static_cast<in_port_t>(std::atoi(words[1])));
  check(bind(listener, reinterpret_cast<sockaddr*>(&here), sizeof here), "bind");
  check(listen(listener, 8), "listen");
  const Fd client(check(accept(listener, nullptr, nullptr), "accept"));
  check(send(client, "goodbye\n", 8, MSG_NOSIGNAL), "send");
  // close(), not shutdown(): this host will not read another byte of this connection.
}
