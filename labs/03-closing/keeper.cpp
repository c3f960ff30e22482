// Lab 03, a connection that nobody closes: how does one learn that the other has vanished?
//
//   run:    ./wirelab run 03-closing --scenario keep-alive
//   alone:  build/labs/03-closing/keeper localhost 7003   (with reader running)
//   expect: a probe for each second of silence, and an ACK for each probe
//   read:   SO_KEEPALIVE in socket(7), TCP_KEEPIDLE in tcp(7); RFC 9293 §3.8.4
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdio>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 3) {
    std::fprintf(stderr, "usage: %s HOST PORT\n", words[0]);
    return 2;
  }
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* address = nullptr;
  if (const int error = getaddrinfo(words[1], words[2], &wanted, &address); error != 0) {
    std::fprintf(stderr, "%s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  const Fd server(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));

  // Who is unplugged sends no FIN. A connection without traffic is only what two kernels remember,
  // and one of them may remember it for ever. Keep-alives ask: off unless one wants them, and by
  // default after two hours of silence. Here after one second, each second, and twice in vain.
  const int on = 1, idle = 1, interval = 1, probes = 2;
  check(setsockopt(server, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on), "setsockopt");
  check(setsockopt(server, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle), "setsockopt");
  check(setsockopt(server, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval), "setsockopt");
  check(setsockopt(server, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes), "setsockopt");
  check(connect(server, address->ai_addr, address->ai_addrlen), "connect");
  freeaddrinfo(address);

  check(send(server, "hello", 5, MSG_NOSIGNAL), "send");
  // From here on this program only waits. Its kernel sends the probes: no data, and a sequence
  // number that was acknowledged long ago, which the other kernel must answer.
  pollfd input{server, POLLIN, 0};
  if (check(poll(&input, 1, 3500), "poll") == 0) {
    std::printf("keeper: nothing to read, but somebody is there\n");
    return 0;
  }
  char byte;
  const ssize_t got = recv(server, &byte, 1, 0);
  if (got < 0 && errno != ETIMEDOUT) check(got, "recv");
  std::printf("keeper: %s\n", got < 0 ? "nobody is there any more" : "there is something to read");
}
