// Lab 04, exercise: ask five times, and do not wait for ever.
//
// Send "ping 1" to "ping 5". Print "client: "ping N" came back" or "client: no answer to "ping
// N"", and at the end "client: A of 5 answered". If nobody has the port, end with a failure.
//
//   check:  ./wirelab check 04-udp client
//   hint:   ./wirelab hint 04-udp client
//   read:   udp(7), connect(2), SO_RCVTIMEO in socket(7)
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
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_DGRAM;
  addrinfo* address = nullptr;
  if (const int error = getaddrinfo(words[1], words[2], &wanted, &address); error != 0) {
    std::fprintf(stderr, "%s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  const Fd server(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));

  int answered = 0;
  for (int number = 1; number <= 5; ++number) {
    const std::string question = "ping " + std::to_string(number);
    check(
        sendto(server, question.data(), question.size(), 0, address->ai_addr, address->ai_addrlen),
        "sendto");

    std::array<char, 2048> buffer;
    const ssize_t got = check(recv(server, buffer.data(), buffer.size(), 0), "recv");
    std::printf("client: \"%.*s\" came back\n", static_cast<int>(got), buffer.data());
    ++answered;
  }
  std::printf("client: %d of 5 answered\n", answered);
  freeaddrinfo(address);
}
