// Opens two connections; the first begins to speak when the second has been answered.
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
  const Fd first(connected(words)), second(connected(words));
  write_letter(second);
  write_letter(first);
}
