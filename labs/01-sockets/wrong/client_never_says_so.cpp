// Wrong on purpose: it sends no FIN, so the server waits for more, and both wait for ever.
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
    const auto taken = check(send(server, letter.data() + sent, letter.size() - sent, 0), "send");
    sent += static_cast<std::size_t>(taken);
  }

  std::array<char, 256> buffer;
  while (const ssize_t got = check(recv(server, buffer.data(), buffer.size(), 0), "recv"))
    std::printf("client: the server says: %.*s", static_cast<int>(got), buffer.data());
}
