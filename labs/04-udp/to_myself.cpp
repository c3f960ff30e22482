// Lab 04: does loopback ever lose?
//
//   run:    ./wirelab run 04-udp --scenario loopback
//   alone:  build/labs/04-udp/to_myself
//   expect: 1000 sent, a few dozen read, without any wire in between
//   read:   udp(7), SO_RCVBUF in socket(7)
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdio>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 1) {
    std::fprintf(stderr, "usage: %s\n", words[0]);
    return 2;
  }
  // Two sockets of one program, on 127.0.0.1: no cable, no switch, no other machine.
  const Fd receiver(check(socket(AF_INET, SOCK_DGRAM, 0), "socket"));
  const int room = 32'768;
  check(setsockopt(receiver, SOL_SOCKET, SO_RCVBUF, &room, sizeof room), "setsockopt");
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  check(bind(receiver, reinterpret_cast<sockaddr*>(&here), sizeof here), "bind");
  socklen_t size = sizeof here;
  check(getsockname(receiver, reinterpret_cast<sockaddr*>(&here), &size), "getsockname");

  const Fd sender(check(socket(AF_INET, SOCK_DGRAM, 0), "socket"));
  check(connect(sender, reinterpret_cast<sockaddr*>(&here), sizeof here), "connect");

  // send() puts the datagram straight into the receiver's buffer, and returns 1000 also when
  // there was no room for it.
  int sent = 0, received = 0;
  char datagram[1000] = {};
  for (; sent < 1000; ++sent) check(send(sender, datagram, sizeof datagram, 0), "send");

  while (recv(receiver, datagram, sizeof datagram, MSG_DONTWAIT) >= 0) ++received;
  if (errno != EAGAIN) check(-1, "recv");
  std::printf("to_myself: %d sent, %d received, %d lost on loopback\n", sent, received,
              sent - received);
}
