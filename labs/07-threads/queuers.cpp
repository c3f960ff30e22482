// Lab 07, a queue of clients: all connect, then all ask at once, twice, and their tickets are compared.
//
//   run:    ./wirelab run 07-threads --scenario tickets
//   alone:  build/labs/07-threads/queuers localhost 7007
//   expect: the numbers 1 to 8, if the server counts as one
//   read:   poll(2)
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
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
  constexpr std::size_t clients = 4, rounds = 2;
  std::vector<Fd> servers;
  for (std::size_t i = 0; i < clients; ++i) {
    servers.emplace_back(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
    check(connect(servers.back(), address->ai_addr, address->ai_addrlen), "connect");
  }
  freeaddrinfo(address);

  const auto began = std::chrono::steady_clock::now();
  std::vector<int> tickets;
  for (std::size_t round = 0; round < rounds; ++round) {
    for (const Fd& server : servers) check(send(server, "next\n", 5, MSG_NOSIGNAL), "send");
    for (const Fd& server : servers) {
      std::string answer;
      while (!answer.ends_with('\n')) {
        pollfd readable{server, POLLIN, 0};
        std::array<char, 64> buffer;
        const ssize_t got = poll(&readable, 1, 5000) == 1
                                ? check(recv(server, buffer.data(), buffer.size(), 0), "recv")
                                : 0;
        if (got == 0) {
          std::printf("queuers: a client waits in vain\n");
          return 1;
        }
        answer.append(buffer.data(), static_cast<std::size_t>(got));
      }
      tickets.push_back(std::atoi(answer.c_str() + answer.find(' ')));
    }
  }
  const auto took = std::chrono::steady_clock::now() - began;

  std::sort(tickets.begin(), tickets.end());
  std::printf("queuers: the tickets");
  for (const int ticket : tickets) std::printf(" %d", ticket);
  const auto twice = std::adjacent_find(tickets.begin(), tickets.end());
  if (twice != tickets.end()) std::printf("\nqueuers: somebody else has number %d too", *twice);
  // 8 tickets of 20 ms each: with one roll and one lock it cannot go faster, whatever the threads.
  std::printf("\nqueuers: %s\n", took >= std::chrono::milliseconds(160)
                                     ? "no faster than one thread"
                                     : "faster than one thread could");
}
