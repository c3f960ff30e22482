// Lab 07, four visitors who stay until they are told to go: how many have their turn at once?
//
//   run:    ./wirelab run 07-threads --scenario two-at-a-time
//   alone:  build/labs/07-threads/visitors localhost 7007   (with pool_of_two running)
//   expect: 2 of 4, and one more whenever one leaves
//   read:   poll(2)
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 3) {
    std::fprintf(stderr, "usage: %s HOST PORT\n", words[0]);
    return 2;
  }
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* address = nullptr;
  if (const int error = getaddrinfo(words[1], words[2], &wanted, &address); error != 0) {
    std::fprintf(stderr, "%s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  std::vector<Fd> visitors;
  for (int i = 0; i < 4; ++i) {
    visitors.emplace_back(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
    check(connect(visitors.back(), address->ai_addr, address->ai_addrlen), "connect");
  }
  freeaddrinfo(address);

  std::vector<bool> had_turn(visitors.size());
  for (std::size_t gone = 0; gone <= visitors.size(); ++gone) {
    // Whoever is greeted is greeted soon: until half a second passes in silence.
    for (;;) {
      std::vector<pollfd> sockets;
      for (std::size_t i = 0; i < visitors.size(); ++i)
        sockets.push_back({had_turn[i] ? -1 : int{visitors[i]}, POLLIN, 0});
      if (check(poll(sockets.data(), sockets.size(), 500), "poll") == 0) break;
      for (std::size_t i = 0; i < visitors.size(); ++i) {
        std::array<char, 64> buffer;
        if (!sockets[i].revents) continue;
        if (check(recv(visitors[i], buffer.data(), buffer.size(), 0), "recv") == 0) {
          std::printf("visitors: one was sent away\n");
          return 1;
        }
        had_turn[i] = true;
      }
    }
    const auto turns = std::count(had_turn.begin(), had_turn.end(), true);
    std::printf("visitors: %zu gone, %zu of 4 have had their turn\n", gone,
                static_cast<std::size_t>(turns));
    // Another one who had his turn leaves.
    for (std::size_t i = 0; i < visitors.size(); ++i)
      if (had_turn[i] && visitors[i] >= 0) {
        visitors[i] = Fd();
        break;
      }
    if (turns == 4) return 0;
  }
}
