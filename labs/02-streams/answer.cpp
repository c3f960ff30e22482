// Lab 02, the server that `ask` asks: after every 100 bytes it says "ok".
//
//   run:    ./wirelab run 02-streams --scenario write-write-read
//   alone:  build/labs/02-streams/answer 7002
//   expect: an ACK of its own, 40 ms late, wherever a question comes in two segments
//   read:   TCP_QUICKACK in tcp(7); RFC 1122 §4.2.3.2 (delayed ACK), RFC 9293 §3.8.6.3
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

  char question[100];
  while (check(recv(client, question, sizeof question, MSG_WAITALL), "recv") == sizeof question)
    check(send(client, "ok", 2, MSG_NOSIGNAL), "send");
}
