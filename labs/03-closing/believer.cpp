// Lab 03, a client that believes its order is placed.
//
//   run:    ./wirelab run 03-closing --scenario taken-not-read
//   alone:  build/labs/03-closing/believer localhost 7003   (with absent running)
//   expect: every call succeeds, and the order is lost
//   read:   send(2), close(2); RFC 793 §2.6: what an ACK promises, and what not
#include <netdb.h>
#include <sys/socket.h>

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
  check(connect(server, address->ai_addr, address->ai_addrlen), "connect");
  freeaddrinfo(address);

  const char order[] = "one ticket to Oslo, please\n";
  const auto taken = check(send(server, order, sizeof order - 1, MSG_NOSIGNAL), "send");
  std::printf("believer: send() took %zd bytes, so the ticket is booked\n", taken);
  // It is not: send() means that this kernel has the bytes, an ACK that the other kernel has
  // them. That the program has acted on them, only an answer of the program can say.
}
