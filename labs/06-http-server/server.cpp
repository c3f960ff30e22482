// Lab 06, the server: the files of a folder for everybody, and whatever comes, no more than those.
//
//   run:    ./wirelab run 06-http-server
//   alone:  build/labs/06-http-server/server 7006 labs/06-http-server/www
//           then look at http://localhost:7006/ with a browser, or with lab 05's get
//   expect: one connection, several requests; a FIN from us only after an error or a long silence
//   read:   fields, request, chunked, request_reader (what came), path, conditions, site, reply
//           (what goes back), connection.hpp (both in turn), in this order; RFC 9112
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>

#include "connection.hpp"
#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count < 3 || count > 4 || std::atoi(words[count - 1]) < (count == 4)) {
    std::fprintf(stderr, "usage: %s PORT FOLDER [SECONDS-PER-REQUEST]\n", words[0]);
    return 2;
  }
  Patience patience;
  if (count == 4) patience.idle = patience.request = std::chrono::seconds(std::atoi(words[3]));

  // The folder is opened once; every file is opened relative to it (openat2(2), in path.hpp).
  Fd root(open(words[2], O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (root < 0) {
    std::fprintf(stderr, "%s: %s\n", words[2], std::strerror(errno));
    return 1;
  }
  const Site site(std::move(root));

  addrinfo wanted{};
  wanted.ai_family = AF_INET6;  // serves IPv4 too, as in lab 01
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
  // Replies are written whole: nothing is gained by waiting for more (Nagle, lab 02). Inherited.
  check(setsockopt(listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");
  check(bind(listener, local->ai_addr, local->ai_addrlen), "bind");
  freeaddrinfo(local);
  check(listen(listener, 512), "listen");

  // A process for each connection: a slow client holds up its own process and nobody else. So that
  // many of them do not take all memory, there is a bound; beyond it new ones wait in the backlog
  // until a process ends, and each does in the end (Patience).
  constexpr int most_children = 400;
  for (int children = 0;;) {
    while (children > 0 && waitpid(-1, nullptr, children < most_children ? WNOHANG : 0) > 0)
      --children;
    const int client_fd = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    // Gone before we looked: no reason to end (accept(2), "Error handling").
    if (client_fd < 0 && (errno == ECONNABORTED || errno == EINTR)) continue;
    const Fd client(check(client_fd, "accept"));
    const pid_t child = fork();
    if (child == 0) {
      close(listener);
      serve(client, site, {}, patience);
      _exit(0);
    }
    if (child > 0)
      ++children;
    else
      std::fprintf(stderr, "fork: %s\n", std::strerror(errno));  // too many: this client is let go
  }
}
