// Lab 07, shared state: a thread for each client, and one roll of tickets for all. No number may be
// given out twice, and none left out.
//
//   run:    ./wirelab run 07-threads --scenario tickets
//           ./wirelab run 07-threads --scenario no-lock     two clients get the same ticket
//   alone:  build/labs/07-threads/tickets 7007, and build/labs/07-threads/queuers localhost 7007
//   expect: with the lock, each number once; without it, on the wire, some twice
//   read:   std::mutex; "data race" in the C++ standard, [intro.races]
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include "labs/support/lab.hpp"

std::mutex roll_lock;  // guards printed
int printed = 0;       // tickets so far

// Atomic, so that without the lock each read and write is whole; what is not whole is the pair.
std::atomic<int> unguarded{0};

/// Printing takes 20 ms. Who reads the number before and writes it after must not be alone with the
/// thought that nobody came in between.
int next_ticket(bool with_lock) {
  if (!with_lock) {
    const int before = unguarded;
    usleep(20'000);
    unguarded = before + 1;
    return before + 1;
  }
  const std::lock_guard lock(roll_lock);  // one at a time, from here to the end of the function
  usleep(20'000);
  return ++printed;
}

void serve(Fd client, bool with_lock) {
  std::array<char, 256> buffer;
  for (;;) {
    // Outside the lock, since it may wait for long.
    const ssize_t got = recv(client, buffer.data(), buffer.size(), 0);
    if (got <= 0) return;
    for (ssize_t i = 0; i < got; ++i) {
      if (buffer[static_cast<std::size_t>(i)] != '\n') continue;
      const std::string ticket = "ticket " + std::to_string(next_ticket(with_lock)) + "\n";
      if (send(client, ticket.data(), ticket.size(), MSG_NOSIGNAL) < 0) return;
    }
  }
}

int main(int count, char** words) {
  if (count < 2 || count > 3 || (count == 3 && std::string_view(words[2]) != "unlocked")) {
    std::fprintf(stderr, "usage: %s PORT [unlocked]\n", words[0]);
    return 2;
  }
  addrinfo wanted{};
  wanted.ai_family = AF_INET6;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE;
  addrinfo* local = nullptr;
  if (const int error = getaddrinfo(nullptr, words[1], &wanted, &local); error != 0) {
    std::fprintf(stderr, "port %s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  const Fd listener(check(socket(local->ai_family, local->ai_socktype, 0), "socket"));
  const int on = 1, off = 0;
  check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
  check(setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), "setsockopt");
  check(bind(listener, local->ai_addr, local->ai_addrlen), "bind");
  freeaddrinfo(local);
  // 1 only! It bounds those who wait to be accepted, not the clients.
  check(listen(listener, 1), "listen");

  for (;;) {
    Fd client(check(accept(listener, nullptr, nullptr), "accept"));
    std::thread(serve, std::move(client), count == 2).detach();
  }
}
