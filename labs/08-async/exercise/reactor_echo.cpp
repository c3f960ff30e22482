// Exercise reactor_echo: this echo works for small letters. Let it work for a client who sends 2 MB and
// reads nothing meanwhile: every byte must come back, and the server may not hoard them.
//
//   check:  ./wirelab check 08-async reactor_echo
//   read:   ../reactor.hpp, epoll_ctl(2); the reference is ../reactor_echo.cpp
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <map>

#include "labs/08-async/reactor.hpp"

struct Client {
  Fd fd;
};

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
  const Fd listener(
      check(socket(local->ai_family, local->ai_socktype | SOCK_NONBLOCK, 0), "socket"));
  const int on = 1, off = 0, small = 64 * 1024;
  check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
  check(setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), "setsockopt");
  // Small buffers, inherited by what is accepted: what happens when they are full, happens soon.
  check(setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), "setsockopt");
  check(setsockopt(listener, SOL_SOCKET, SO_SNDBUF, &small, sizeof small), "setsockopt");
  check(bind(listener, local->ai_addr, local->ai_addrlen), "bind");
  freeaddrinfo(local);
  check(listen(listener, 128), "listen");

  Reactor reactor;
  std::map<int, Client> clients;

  const auto leave = [&](int fd) {
    reactor.forget(fd);
    clients.erase(fd);  // closes it
  };

  const auto talk = [&](int fd, std::uint32_t) {
    Client& client = clients.at(fd);
    std::array<char, 16 * 1024> buffer;
    const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EAGAIN) return;
    if (got <= 0) return leave(fd);
    send(client.fd, buffer.data(), static_cast<std::size_t>(got), MSG_NOSIGNAL);
  };

  reactor.watch(listener, EPOLLIN, [&](std::uint32_t) {
    Fd fd(accept4(listener, nullptr, nullptr, SOCK_NONBLOCK));
    if (fd < 0) return;  // gone again
    const int number = fd;
    clients[number].fd = std::move(fd);
    reactor.watch(number, EPOLLIN, [&, number](std::uint32_t events) { talk(number, events); });
  });
  reactor.run();
}
