// Sends a letter of so many bytes, says that it is complete, and reads the answer.
#include <netdb.h>
#include <sys/socket.h>

#include <string>

#include "labs/support/lab.hpp"

int main(int, char** words) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* address = nullptr;
  if (getaddrinfo(words[1], words[2], &wanted, &address) != 0) return 1;
  const Fd server(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
  check(connect(server, address->ai_addr, address->ai_addrlen), "connect");
  freeaddrinfo(address);
  const std::string letter(static_cast<std::size_t>(std::stoi(words[3])), 'x');
  send(server, letter.data(), letter.size(), MSG_NOSIGNAL);
  shutdown(server, SHUT_WR);
  char buffer[4096];
  for (ssize_t got; (got = recv(server, buffer, sizeof buffer, 0)) > 0;)
    std::printf("%.*s", static_cast<int>(got), buffer);
}
