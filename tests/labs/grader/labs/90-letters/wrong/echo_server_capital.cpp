// Wrong: what comes back begins with a capital letter.
#include <netinet/in.h>
#include <sys/socket.h>

#include <string>

#include "labs/support/lab.hpp"

int main(int, char** words) {
  const Fd here(check(socket(AF_INET6, SOCK_DGRAM, 0), "socket"));
  sockaddr_in6 address{};
  address.sin6_family = AF_INET6;
  address.sin6_port = htons(static_cast<std::uint16_t>(std::stoi(words[1])));
  check(bind(here, reinterpret_cast<sockaddr*>(&address), sizeof address), "bind");
  for (;;) {
    char buffer[2048];
    sockaddr_in6 from{};
    socklen_t size = sizeof from;
    const ssize_t got =
        check(recvfrom(here, buffer, sizeof buffer, 0, reinterpret_cast<sockaddr*>(&from), &size),
              "recvfrom");
    buffer[0] = 'P';
    check(sendto(here, buffer, static_cast<std::size_t>(got), 0, reinterpret_cast<sockaddr*>(&from),
                 size),
          "sendto");
  }
}
