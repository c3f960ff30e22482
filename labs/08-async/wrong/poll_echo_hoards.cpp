// Wrong: it reads on from a client who takes nothing, and keeps it all in memory.
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "labs/support/lab.hpp"

struct Client {
  Fd fd;
  std::string unsent;  // what it has not taken yet
};

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
  Fd listener(check(socket(local->ai_family, local->ai_socktype | SOCK_NONBLOCK, 0), "socket"));
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

/// Sends what the client takes now. false: it is gone.
bool flush(Client& client) {
  while (!client.unsent.empty()) {
    const ssize_t sent = send(client.fd, client.unsent.data(), client.unsent.size(), MSG_NOSIGNAL);
    if (sent < 0) return errno == EAGAIN;  // its buffer is full: poll() tells when to go on
    client.unsent.erase(0, static_cast<std::size_t>(sent));
  }
  return true;
}

/// Reads what is there, and sends it back. false: the client is done or gone.
bool talk(Client& client, short events) {
  if ((events & POLLOUT) && !flush(client)) return false;
  if (!(events & ~POLLOUT)) return true;
  std::array<char, 4096> buffer;
  const ssize_t got = recv(client.fd, buffer.data(), buffer.size(), 0);
  if (got < 0) return errno == EAGAIN;  // poll() may be wrong: see its BUGS
  if (got == 0) return false;
  client.unsent.append(buffer.data(), static_cast<std::size_t>(got));
  return flush(client);
}

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s PORT\n", words[0]);
    return 2;
  }
  const Fd listener = listen_on(words[1]);
  std::vector<Client> clients;
  for (;;) {
    // Whom do we listen to now? Who has not taken what we sent gets no more to say (back-pressure):
    // his window fills up, and his send() waits. Else our memory would be his.
    std::vector<pollfd> sockets{{listener, POLLIN, 0}};
    for (const Client& one : clients)
      sockets.push_back(
          {one.fd, static_cast<short>(POLLIN | (one.unsent.empty() ? 0 : POLLOUT)), 0});

    // The one place where this program waits: for all of them at once.
    check(poll(sockets.data(), sockets.size(), -1), "poll");

    for (std::size_t i = clients.size(); i > 0; --i)  // from behind, since some are removed
      if (sockets[i].revents && !talk(clients[i - 1], sockets[i].revents))
        clients.erase(clients.begin() + static_cast<std::ptrdiff_t>(i - 1));
    if (sockets[0].revents) {
      Fd fd(accept4(listener, nullptr, nullptr, SOCK_NONBLOCK));
      if (fd >= 0)
        clients.push_back({std::move(fd), ""});
      else if (errno != EAGAIN && errno != ECONNABORTED)
        check(-1, "accept");
    }
  }
}
