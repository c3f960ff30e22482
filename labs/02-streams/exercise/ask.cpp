// Lab 02, exercise: ask without waiting for nothing.
//
// Ten questions of a header (4 bytes) and a body (96), each followed by an answer of 2 bytes.
// Header and body shall leave together. This one writes twice and then reads.
//
//   check:  ./wirelab check 02-streams ask
//   hint:   ./wirelab hint 02-streams ask
//   read:   writev(2), TCP_CORK in tcp(7), MSG_MORE in send(2)
#include <netdb.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdio>
#include <string>
#include <string_view>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  const std::string_view how = count == 4 ? words[3] : "";
  if (how != "plain" && how != "nodelay" && how != "cork" && how != "together") {
    std::fprintf(stderr, "usage: %s HOST PORT plain|nodelay|cork|together\n", words[0]);
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

  std::string header = "ask:", body(96, 'x');
  const auto start = std::chrono::steady_clock::now();
  for (int round = 0; round < 10; ++round) {
    check(send(server, header.data(), header.size(), 0), "send");
    check(send(server, body.data(), body.size(), 0), "send");
    char reply[2];
    if (check(recv(server, reply, sizeof reply, MSG_WAITALL), "recv") != sizeof reply) {
      std::printf("ask: the server hung up\n");
      return 1;
    }
  }
  const auto took = std::chrono::steady_clock::now() - start;
  std::printf("ask: %s: 10 questions in %.1f ms\n", words[3],
              std::chrono::duration<double, std::milli>(took).count());
}
