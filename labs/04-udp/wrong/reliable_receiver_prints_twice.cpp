// Wrong on purpose: it takes a repeated line for a new one.
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s PORT\n", words[0]);
    return 2;
  }
  const Fd socket_fd(check(socket(AF_INET6, SOCK_DGRAM, 0), "socket"));
  sockaddr_in6 here{};
  here.sin6_family = AF_INET6;
  here.sin6_port = htons(static_cast<in_port_t>(std::atoi(words[1])));
  check(bind(socket_fd, reinterpret_cast<sockaddr*>(&here), sizeof here), "bind");

  unsigned expected = 0;  // the number of the next new line
  for (;;) {
    char buffer[2048];
    sockaddr_in6 there{};
    socklen_t size = sizeof there;
    const ssize_t got = check(
        recvfrom(socket_fd, buffer, sizeof buffer, 0, reinterpret_cast<sockaddr*>(&there), &size),
        "recvfrom");
    const std::string datagram(buffer, static_cast<std::size_t>(got));

    // "0 The wind blows". Anything else is not for us, and gets no answer.
    const std::size_t space = datagram.find(' ');
    if (space == std::string::npos || space == 0 || space > 6) continue;
    const std::string digits = datagram.substr(0, space);
    if (digits.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto number = static_cast<unsigned>(std::stoul(digits));
    if (number > expected) continue;  // from the future: somebody forgot the lines between

    {
      std::printf("reliable_receiver: %s\n", datagram.substr(space + 1).c_str());
      std::fflush(stdout);
      expected = number + 1;
    }
    // Also for a line that we have already: our answer got lost, or was late. Without a second
    // answer the sender would repeat itself for ever.
    check(sendto(socket_fd, digits.data(), digits.size(), 0,
                 reinterpret_cast<const sockaddr*>(&there), size),
          "sendto");
  }
}
