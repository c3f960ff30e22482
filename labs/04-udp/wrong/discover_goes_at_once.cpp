// Wrong on purpose: it looks for answers once, without waiting.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  sockaddr_in everybody{};
  everybody.sin_family = AF_INET;
  if (count != 3 || inet_pton(AF_INET, words[1], &everybody.sin_addr) != 1) {
    std::fprintf(stderr, "usage: %s ADDRESS PORT   (10.0.0.255 or 239.1.2.3)\n", words[0]);
    return 2;
  }
  everybody.sin_port = htons(static_cast<in_port_t>(std::atoi(words[2])));

  const Fd socket_fd(check(socket(AF_INET, SOCK_DGRAM, 0), "socket"));
  // A broadcast wakes every host of the network, so the kernel wants to hear that it is meant:
  // without this, sendto() fails with EACCES. A multicast address needs no leave.
  const int on = 1;
  check(setsockopt(socket_fd, SOL_SOCKET, SO_BROADCAST, &on, sizeof on), "setsockopt");

  // Not connected: connect() to everybody would let no answer in, since it comes from somebody.
  check(sendto(socket_fd, "who is there?", 13, 0, reinterpret_cast<sockaddr*>(&everybody),
               sizeof everybody),
        "sendto");

  // Any number of answers, each from another address; silence is the end.
  const timeval patience{0, 500'000};
  check(setsockopt(socket_fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), "setsockopt");
  int answers = 0;
  for (;; ++answers) {
    char buffer[256], address[INET_ADDRSTRLEN];
    sockaddr_in who{};
    socklen_t size = sizeof who;
    const ssize_t got = recvfrom(socket_fd, buffer, sizeof buffer, MSG_DONTWAIT,
                                 reinterpret_cast<sockaddr*>(&who), &size);
    if (got < 0 && errno == EAGAIN) break;
    check(got, "recvfrom");
    inet_ntop(AF_INET, &who.sin_addr, address, sizeof address);
    std::printf("discover: %s says: %.*s\n", address, static_cast<int>(got), buffer);
  }
  std::printf("discover: %d answered\n", answers);
}
