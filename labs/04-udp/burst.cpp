// Lab 04, a client that sends faster than anybody reads.
//
//   run:    ./wirelab run 04-udp --scenario burst
//   alone:  build/labs/04-udp/burst localhost 7004 1000   (with slow_reader running)
//   expect: every send() succeeds, every datagram crosses the wire
//   read:   send(2), udp(7)
#include <netdb.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  const int datagrams = count == 4 ? std::atoi(words[3]) : 0;
  if (datagrams <= 0) {
    std::fprintf(stderr, "usage: %s HOST PORT DATAGRAMS\n", words[0]);
    return 2;
  }
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_DGRAM;
  addrinfo* address = nullptr;
  if (const int error = getaddrinfo(words[1], words[2], &wanted, &address); error != 0) {
    std::fprintf(stderr, "%s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  const Fd server(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
  check(connect(server, address->ai_addr, address->ai_addrlen), "connect");
  freeaddrinfo(address);

  // TCP's window would stop us here until the reader has made room. UDP has no window: nobody
  // says stop, and what does not fit into the reader's buffer is thrown away over there.
  const std::string datagram(1000, 'x');
  for (int number = 0; number < datagrams; ++number)
    check(send(server, datagram.data(), datagram.size(), 0), "send");
  std::printf("burst: %d datagrams sent, no error\n", datagrams);
}
