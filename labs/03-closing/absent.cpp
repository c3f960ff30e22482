// Lab 03, a server whose program never reads: is what was sent delivered?
//
//   run:    ./wirelab run 03-closing --scenario taken-not-read
//   alone:  build/labs/03-closing/absent 7003   (and believer in a second terminal)
//   expect: the kernel acknowledges every byte, and the program sees none
//   read:   send(2) on what its success does not tell; RFC 793 §2.6
#include <netinet/in.h>
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
  sockaddr_in6 here{};
  here.sin6_family = AF_INET6;
  here.sin6_port = htons(static_cast<in_port_t>(std::atoi(words[1])));
  check(bind(listener, reinterpret_cast<sockaddr*>(&here), sizeof here), "bind");
  check(listen(listener, 8), "listen");
  const Fd client(check(accept(listener, nullptr, nullptr), "accept"));
  sleep(1);  // the order arrives, is acknowledged by the kernel, and waits to be read
  std::printf("absent: I have read 0 bytes, and now I am gone\n");
}
