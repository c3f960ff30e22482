// Wrong: it reads on while the client takes nothing: 2 MB of memory for one client, and no end.
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <map>
#include <string>

#include "labs/08-async/reactor.hpp"

struct Client {
  Fd fd;
  std::string unsent;
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

  const auto talk = [&](int fd, std::uint32_t events) {
    Client& client = clients.at(fd);
    if (events & EPOLLIN) {
      std::array<char, 16 * 1024> buffer;
      const ssize_t got = recv(fd, buffer.data(), buffer.size(), 0);
      if (got < 0 && errno == EAGAIN) return;
      if (got <= 0) return leave(fd);
      client.unsent.append(buffer.data(), static_cast<std::size_t>(got));
    }
    while (!client.unsent.empty()) {
      const ssize_t sent = send(fd, client.unsent.data(), client.unsent.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno != EAGAIN) return leave(fd);
      // The client takes no more. From now on we wait for that, and read nothing: what it sends
      // stays in the kernel, whose window closes. Reading on would fill our memory instead.
      if (sent < 0) return reactor.change(fd, EPOLLIN | EPOLLOUT);
      client.unsent.erase(0, static_cast<std::size_t>(sent));
    }
    reactor.change(fd, EPOLLIN);
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
