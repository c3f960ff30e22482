// Lab 04, a datagram that is larger than any frame: who cuts it, and who puts it together?
//
//   run:    ./wirelab run 04-udp --scenario fragments
//   alone:  build/labs/04-udp/large localhost 7004 4000   (with the server running)
//   expect: one send(), three packets, one recv(); if one of the three is lost, all are
//   read:   ip(7) on IP_MTU_DISCOVER, udp(7); RFC 791 §3.2, RFC 8085 §3.2
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  const int bytes = count == 4 ? std::atoi(words[3]) : 0;
  if (bytes <= 0) {
    std::fprintf(stderr, "usage: %s HOST PORT BYTES\n", words[0]);
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
  const timeval patience{0, 300'000};
  check(setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), "setsockopt");

  // UDP sends it whole: one header. IP cuts it into packets of at most 1500 bytes, and the ports
  // are in the first of them only. The other side's IP keeps the pieces until it has all of them.
  const std::string question(static_cast<std::size_t>(bytes), 'x');
  const ssize_t taken = check(send(server, question.data(), question.size(), 0), "send");
  std::printf("large: send() took %zd bytes\n", taken);

  std::string answer(65'536, 0);
  const ssize_t got = recv(server, answer.data(), answer.size(), 0);
  if (got < 0 && errno != EAGAIN) check(got, "recv");
  if (got < 0)
    std::printf("large: no answer\n");
  else
    std::printf("large: recv() gave %zd bytes\n", got);
}
