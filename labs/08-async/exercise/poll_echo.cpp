// Exercise poll_echo: one client at a time is served here, and whoever says nothing keeps all others
// waiting. Serve them all, in this one thread, with poll().
//
//   check:  ./wirelab check 08-async poll_echo
//   read:   poll(2); the reference is ../poll_echo.cpp
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "labs/support/lab.hpp"

Fd listen_on(const char* port) {
  addrinfo wanted{};
  wanted.ai_family = AF_INET6;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE;
  addrinfo* local = nullptr;
  if (const int error = getaddrinfo(nullptr, port, &wanted, &local); error != 0) {
    std::fprintf(stderr, "port %s: %s\n", port, gai_strerror(error));
    std::exit(1);
  }
  Fd listener(check(socket(local->ai_family, local->ai_socktype, 0), "socket"));
  const int on = 1, off = 0, small = 64 * 1024;
  check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
  check(setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), "setsockopt");
  // Small buffers, inherited by what is accepted: what happens when they are full, happens soon.
  check(setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), "setsockopt");
  check(setsockopt(listener, SOL_SOCKET, SO_SNDBUF, &small, sizeof small), "setsockopt");
  check(bind(listener, local->ai_addr, local->ai_addrlen), "bind");
  freeaddrinfo(local);
  check(listen(listener, 128), "listen");
  return listener;
}

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s PORT\n", words[0]);
    return 2;
  }
  const Fd listener = listen_on(words[1]);
  for (;;) {
    const Fd client(check(accept(listener, nullptr, nullptr), "accept"));
    std::array<char, 4096> buffer;
    while (const ssize_t got = check(recv(client, buffer.data(), buffer.size(), 0), "recv"))
      check(send(client, buffer.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL), "send");
  }
}
