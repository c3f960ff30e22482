// Lab 01, the client: a letter of 16 KiB, and the answer to it.
//
//   run:    ./wirelab run 01-sockets
//   alone:  build/labs/01-sockets/client localhost 7001   (with the server running)
//   expect: connect() sends the SYN and returns when the SYN-ACK is there
//   read:   connect(2), shutdown(2); RFC 9293 §3.5, §3.6
#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <string>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 3) {
    std::fprintf(stderr, "usage: %s HOST PORT\n", words[0]);
    return 2;
  }

  // A name may stand for several addresses, of both families: try them in the order given.
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* addresses = nullptr;
  if (const int error = getaddrinfo(words[1], words[2], &wanted, &addresses); error != 0) {
    std::fprintf(stderr, "%s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  Fd server;
  int connected = -1;
  for (const addrinfo* one = addresses; one && connected < 0; one = one->ai_next) {
    server = Fd(check(socket(one->ai_family, one->ai_socktype, one->ai_protocol), "socket"));
    // The first call that sends: a SYN. It returns when the peer's kernel has answered.
    connected = connect(server, one->ai_addr, one->ai_addrlen);
  }
  freeaddrinfo(addresses);
  check(connected, "connect");

  // send() copies into the kernel's buffer and returns; segments leave as TCP sees fit. It may
  // take less than it is given, so what is left is offered again.
  const std::string letter(16 * 1024, 'x');
  std::size_t sent = 0;
  while (sent < letter.size()) {
    // MSG_NOSIGNAL: a connection that is gone is an error to tell, and no signal that kills.
    const auto taken =
        check(send(server, letter.data() + sent, letter.size() - sent, MSG_NOSIGNAL), "send");
    sent += static_cast<std::size_t>(taken);
  }

  // "I have said everything": our FIN goes out, and we can still listen.
  check(shutdown(server, SHUT_WR), "shutdown");

  std::array<char, 256> buffer;
  while (const ssize_t got = check(recv(server, buffer.data(), buffer.size(), 0), "recv"))
    std::printf("client: the server says: %.*s", static_cast<int>(got), buffer.data());
}
