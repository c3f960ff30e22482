// Lab 03, two ways to hang up.
//
//   run:    ./wirelab run 03-closing --scenario reset
//   alone:  build/labs/03-closing/hang_up localhost 7003 reset   (with reader running)
//   expect: "fin" a FIN; "reset" a RST, and no TIME_WAIT
//   read:   SO_LINGER in socket(7); RFC 9293 §3.6 (CLOSE) and §3.10.5 (ABORT)
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <string_view>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  const std::string_view how = count == 4 ? words[3] : "";
  if (how != "fin" && how != "reset") {
    std::fprintf(stderr, "usage: %s HOST PORT fin|reset\n", words[0]);
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

  check(send(server, "hello", 5, MSG_NOSIGNAL), "send");
  sleep(1);  // "hello" is read by now

  if (how == "reset") {
    // To linger on close() for no time at all: the kernel throws away what it still holds, and
    // sends a RST. The call that RFC 9293 names ABORT has no system call of its own.
    const linger none{1, 0};
    check(setsockopt(server, SOL_SOCKET, SO_LINGER, &none, sizeof none), "setsockopt");
  }
  std::printf("hang_up: %s\n", words[3]);
  // Leaving main() closes the socket.
}
