// Resets one connection in the middle of a letter, then behaves. Its exit status means nothing.
#include <netdb.h>
#include <sys/socket.h>

#include <string>

#include "labs/support/lab.hpp"

namespace {

int connected(char** words) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* address = nullptr;
  if (getaddrinfo(words[1], words[2], &wanted, &address) != 0) std::exit(1);
  const int made = check(socket(address->ai_family, address->ai_socktype, 0), "socket");
  check(connect(made, address->ai_addr, address->ai_addrlen), "connect");
  freeaddrinfo(address);
  return made;
}

void write_letter(int server) {
  check(send(server, "letter", 6, MSG_NOSIGNAL), "send");
  shutdown(server, SHUT_WR);
  char buffer[4096];
  while (recv(server, buffer, sizeof buffer, 0) > 0) {
  }
}

}  // namespace

int main(int, char** words) {
  {
    const Fd rude(connected(words));
    check(send(rude, "let", 3, MSG_NOSIGNAL), "send");
    const linger at_once{1, 0};  // close() then sends a RST
    setsockopt(rude, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  }
  usleep(200'000);
  const Fd polite(connected(words));
  write_letter(polite);
  return 1;
}
