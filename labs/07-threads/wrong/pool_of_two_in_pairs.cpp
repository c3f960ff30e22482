// Wrong: the next two get their turn when both of the last two have gone.
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "labs/support/lab.hpp"

void serve(const Fd& client) {
  const std::string greeting = "your turn\n";
  if (send(client, greeting.data(), greeting.size(), MSG_NOSIGNAL) < 0) return;
  std::array<char, 256> buffer;
  while (recv(client, buffer.data(), buffer.size(), 0) > 0) {  // until the client has had enough
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
  check(listen(listener, 64), "listen");

  for (;;) {
    std::vector<std::jthread> pair;  // both are waited for
    for (int i = 0; i < 2; ++i)
      pair.emplace_back(
          [client = Fd(check(accept(listener, nullptr, nullptr), "accept"))] { serve(client); });
  }
}
