// Wrong on purpose: it sends 4096 bytes, since that is what buffers have.
#include <netdb.h>
#include <sys/socket.h>

#include <cstdio>
#include <string>

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

  const std::string letter(5000, 'x');
  check(send(server, letter.data(), 4096, MSG_NOSIGNAL), "send");

  // A stream has no end but this one: the FIN. close() would send one too, but then nobody would
  // be here to hear the answer.
  check(shutdown(server, SHUT_WR), "shutdown");
  std::printf("upload: I have said everything\n");

  char buffer[256];
  while (const ssize_t got = check(recv(server, buffer, sizeof buffer, 0), "recv"))
    std::printf("upload: the server says: %.*s", static_cast<int>(got), buffer);
  std::printf("upload: and now it has said everything\n");
}
