// Wrong: a roll for each thread. No lock is needed, and every client gets number 1.
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <string>
#include <thread>

#include "labs/support/lab.hpp"

thread_local int printed = 0;  // tickets so far; all threads see the same one

/// Printing a ticket takes 20 ms.
int next_ticket() {
  const int mine = printed + 1;
  usleep(20'000);
  printed = mine;
  return mine;
}

void serve(Fd client) {
  std::array<char, 256> buffer;
  for (;;) {
    // Outside the lock, since it may wait for long.
    const ssize_t got = recv(client, buffer.data(), buffer.size(), 0);
    if (got <= 0) return;
    for (ssize_t i = 0; i < got; ++i) {
      if (buffer[static_cast<std::size_t>(i)] != '\n') continue;
      const std::string ticket = "ticket " + std::to_string(next_ticket()) + "\n";
      if (send(client, ticket.data(), ticket.size(), MSG_NOSIGNAL) < 0) return;
    }
  }
}

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s PORT\n", words[0]);
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
    std::thread(serve, std::move(client)).detach();
  }
}
