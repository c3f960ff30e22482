// Asks five times (or as often as told), and again where no answer comes in time.
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <string>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_DGRAM;
  addrinfo* address = nullptr;
  if (getaddrinfo(words[1], words[2], &wanted, &address) != 0) return 1;
  const Fd server(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
  check(connect(server, address->ai_addr, address->ai_addrlen), "connect");
  freeaddrinfo(address);
  const timeval patience{0, 200'000};
  check(setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), "setsockopt");
  const int questions = count > 3 ? std::stoi(words[3]) : 5;
  for (int number = 1; number <= questions; ++number) {
    const std::string question = "ping " + std::to_string(number);
    char buffer[2048];
    for (int attempt = 0; attempt < 4; ++attempt) {
      check(send(server, question.data(), question.size(), 0), "send");
      const ssize_t got = recv(server, buffer, sizeof buffer, 0);
      if (got >= 0) break;
      if (errno != EAGAIN) check(got, "recv");
    }
  }
}
