// Lab 08, the server: lab 06's site once more, by one thread that never waits for a single client.
//
//   run:    ./wirelab run 08-async
//   alone:  build/labs/08-async/server 7008 labs/06-http-server/www
//   expect: ten thousand idle connections cost memory, and nothing else
//   read:   reactor.hpp, connection.hpp, then this; epoll(7), epoll_wait(2)
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstdlib>
#include <unordered_map>

#include "connection.hpp"
#include "descriptors.hpp"

int main(int count, char** words) {
  if (count < 3 || count > 4 || std::atoi(words[count - 1]) < (count == 4)) {
    std::fprintf(stderr, "usage: %s PORT FOLDER [SECONDS-PER-REQUEST]\n", words[0]);
    return 2;
  }
  Patience patience;
  if (count == 4) patience.idle = patience.request = std::chrono::seconds(std::atoi(words[3]));
  Fd root(open(words[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (root < 0) {
    std::fprintf(stderr, "%s: %s\n", words[2], std::strerror(errno));
    return 1;
  }
  const Site site(std::move(root));
  raise_descriptor_limit();

  addrinfo wanted{};
  wanted.ai_family = AF_INET6;  // serves IPv4 too, as in lab 01
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE;
  addrinfo* local = nullptr;
  if (const int error = getaddrinfo(nullptr, words[1], &wanted, &local); error != 0) {
    std::fprintf(stderr, "port %s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  const Fd listener(
      check(socket(local->ai_family, local->ai_socktype | SOCK_NONBLOCK, 0), "socket"));
  const int on = 1, off = 0;
  check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
  check(setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), "setsockopt");
  check(setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");  // inherited
  check(bind(listener, local->ai_addr, local->ai_addrlen), "bind");
  freeaddrinfo(local);
  check(listen(listener, 4096), "listen");

  Reactor reactor;
  std::unordered_map<int, std::unique_ptr<Connection>> connections;
  bool accepting = true;

  // A listening socket is readable when a connection can be accepted. Several at once, since ten
  // thousand may come together, but not all of them before anybody else has his turn.
  reactor.watch(listener, EPOLLIN, [&](std::uint32_t) {
    for (int i = 0; i < 64; ++i) {
      Fd fd(accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (fd >= 0) {
        const int number = fd;
        Connection* one = (connections[number] =
                               std::make_unique<Connection>(std::move(fd), reactor, site, patience))
                              .get();
        reactor.watch(number, EPOLLIN, [&connections, number, one](std::uint32_t) {
          one->go_on();
          if (one->over()) connections.erase(number);
        });
      } else if (errno == EMFILE || errno == ENFILE) {
        // No descriptor left. The connection stays in the backlog and the listener readable: we
        // would be called again at once, for ever. So we do not listen until the next tick.
        reactor.change(listener, 0);
        accepting = false;
        return;
      } else if (errno != ECONNABORTED && errno != EINTR) {
        return;  // EAGAIN: nobody left
      }
    }
  });

  reactor.every(std::chrono::milliseconds(100), [&] {
    const auto now = Clock::now();
    for (auto& [fd, connection] : connections) connection->on_time(now);
    std::erase_if(connections, [](const auto& one) { return one.second->over(); });
    if (!accepting) reactor.change(listener, EPOLLIN);
    accepting = true;
  });
  reactor.run();
}
