// Wrong: it does all that it should, and then says that it failed.
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <list>
#include <string>
#include <thread>

#include "labs/support/lab.hpp"

/// The answer to a line takes a second, and goes out in ten pieces.
void serve(Fd client) {
  std::array<char, 256> buffer;
  if (recv(client, buffer.data(), buffer.size(), 0) <= 0) return;
  for (int i = 1; i <= 10; ++i) {
    usleep(100'000);
    const std::string piece = "piece " + std::to_string(i) + " of 10\n";
    if (send(client, piece.data(), piece.size(), MSG_NOSIGNAL) < 0) return;
  }
}

int main(int count, char** words) {
  if (count < 2 || count > 3) {
    std::fprintf(stderr, "usage: %s PORT [MILLISECONDS-UNTIL-CLOSING]\n", words[0]);
    return 2;
  }
  // A signal handler may do next to nothing. So the signals are blocked, before there is any thread
  // (each inherits the mask), and come as something to read.
  sigset_t closing;
  sigemptyset(&closing);
  for (const int number : {SIGINT, SIGTERM, SIGALRM}) sigaddset(&closing, number);
  check(sigprocmask(SIG_BLOCK, &closing, nullptr), "sigprocmask");
  const Fd signals(check(signalfd(-1, &closing, SFD_CLOEXEC), "signalfd"));

  addrinfo wanted{};
  wanted.ai_family = AF_INET6;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE;
  addrinfo* local = nullptr;
  if (const int error = getaddrinfo(nullptr, words[1], &wanted, &local); error != 0) {
    std::fprintf(stderr, "port %s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  std::list<std::jthread> guests;  // a jthread is waited for when it is destroyed
  {
    const Fd listener(
        check(socket(local->ai_family, local->ai_socktype | SOCK_NONBLOCK, 0), "socket"));
    const int on = 1, off = 0;
    check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
    check(setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), "setsockopt");
    check(bind(listener, local->ai_addr, local->ai_addrlen), "bind");
    freeaddrinfo(local);
    check(listen(listener, 64), "listen");

    // Closing time may be known beforehand: so long after the first guest has come the clock sends
    // the signal (setitimer(2)).
    const long after = count == 3 ? std::atol(words[2]) : 0;
    const itimerval timer{{0, 0}, {after / 1000, after % 1000 * 1000}};

    for (;;) {
      std::array<pollfd, 2> waiting{{{listener, POLLIN, 0}, {signals, POLLIN, 0}}};
      check(poll(waiting.data(), waiting.size(), -1), "poll");
      if (waiting[1].revents) break;
      Fd client(accept(listener, nullptr, nullptr));
      if (client < 0) continue;
      if (guests.empty()) check(setitimer(ITIMER_REAL, &timer, nullptr), "setitimer");
      guests.emplace_back(serve, std::move(client));
    }
  }  // The listener is closed: from now on the kernel answers a SYN with RST.
  std::printf("graceful: closing time, %zu to be served to the end\n", guests.size());
  guests.clear();
  std::printf("graceful: good night\n");
  return 1;
}
