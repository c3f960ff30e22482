// Wrong on purpose: sendto() without connect(): nobody tells it that nobody is there.
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
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

  // UDP promises nothing, so who waits for an answer must know how long.
  const timeval patience{0, 300'000};
  check(setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), "setsockopt");

  int answered = 0;
  for (int number = 1; number <= 5; ++number) {
    const std::string question = "ping " + std::to_string(number);
    check(
        sendto(server, question.data(), question.size(), 0, address->ai_addr, address->ai_addrlen),
        "sendto");

    std::array<char, 2048> buffer;
    const ssize_t got = recv(server, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EAGAIN) {
      std::printf("client: no answer to \"%s\"\n", question.c_str());
      continue;
    }
    check(got, "recv");
    std::printf("client: \"%.*s\" came back\n", static_cast<int>(got), buffer.data());
    ++answered;
  }
  std::printf("client: %d of 5 answered\n", answered);
  freeaddrinfo(address);
}
