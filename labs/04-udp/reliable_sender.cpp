// Lab 04: what UDP does not do, we do ourselves: stop and wait.
//
//   run:    ./wirelab run 04-udp --scenario stop-and-wait
//   alone:  build/labs/04-udp/reliable_sender localhost 7004   (with reliable_receiver running)
//   expect: a datagram that got lost is sent again, with the same number
//   read:   SO_RCVTIMEO in socket(7); RFC 8085 §3.3 (reliability), §3.1.1 (timers)
#include <netdb.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
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
  check(connect(server, address->ai_addr, address->ai_addrlen), "connect");
  freeaddrinfo(address);

  // Longer than a round trip, or we repeat what is only late.
  const timeval patience{0, 200'000};
  check(setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), "setsockopt");

  // One line of a poem each: "0 Two roads", and the answer "0". Nothing new is sent before it.
  const char* const lines[] = {"The wind blows", "through the wire", "and is heard", "at its end"};
  unsigned number = 0;
  for (const char* line : lines) {
    const std::string datagram = std::to_string(number) + " " + line;
    int attempts = 0;
    for (bool acknowledged = false; !acknowledged;) {
      if (++attempts > 10) {
        std::printf("reliable_sender: no answer to %u after 10 attempts\n", number);
        return 1;
      }
      check(send(server, datagram.data(), datagram.size(), 0), "send");

      // Wait for our number. An answer to an earlier one, which was only late, is no news: keep
      // waiting, and do not send for it (RFC 1123 §4.2.3.1 tells of the "sorcerer's apprentice").
      for (;;) {
        char answer[16];
        const ssize_t got = recv(server, answer, sizeof answer, 0);
        if (got < 0 && errno == EAGAIN) break;  // lost, there or back: we cannot know which
        check(got, "recv");
        acknowledged = std::string(answer, static_cast<std::size_t>(got)) == std::to_string(number);
        if (acknowledged) break;
      }
    }
    std::printf("reliable_sender: %u acknowledged, attempts: %d\n", number, attempts);
    ++number;
  }
}
