// Lab 02, a client that asks ten times: a header of 4 bytes, a body of 96, then it waits.
//
//   run:    ./wirelab run 02-streams --scenario write-write-read
//   alone:  build/labs/02-streams/ask localhost 7002 plain   (with answer running)
//   expect: "plain" waits 40 ms for nothing, again and again; the three others do not
//   read:   TCP_NODELAY, TCP_CORK, TCP_QUICKACK in tcp(7), writev(2); RFC 896, RFC 9293 §3.7.4
#include <netdb.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  const std::string_view how = count >= 4 ? words[3] : "";
  const int questions = count == 5 ? std::atoi(words[4]) : 10;
  if (how != "plain" && how != "nodelay" && how != "cork" && how != "together") {
    std::fprintf(stderr, "usage: %s HOST PORT plain|nodelay|cork|together [QUESTIONS]\n", words[0]);
    return 2;
  }
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* address = nullptr;
  if (const int error = getaddrinfo(words[1], words[2], &wanted, &address); error != 0) {
    std::fprintf(stderr, "%s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  // A connection that is gone shall be an error to tell; writev() has no MSG_NOSIGNAL.
  signal(SIGPIPE, SIG_IGN);
  const Fd server(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
  check(connect(server, address->ai_addr, address->ai_addrlen), "connect");
  freeaddrinfo(address);

  const int on = 1, off = 0;
  // "Send every write at once": for programs that write whole messages.
  if (how == "nodelay")
    check(setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");

  std::string header = "ask:", body(96, 'x');
  const auto start = std::chrono::steady_clock::now();
  for (int round = 0; round < questions; ++round) {
    if (how == "together") {
      // One call: nothing has to be held back, since nothing is missing.
      iovec parts[2] = {{header.data(), header.size()}, {body.data(), body.size()}};
      check(writev(server, parts, 2), "writev");
    } else {
      // "cork" holds segments back that are not full, until the cork is drawn.
      if (how == "cork")
        check(setsockopt(server, IPPROTO_TCP, TCP_CORK, &on, sizeof on), "setsockopt");
      check(send(server, header.data(), header.size(), 0), "send");
      // "plain": the header has left and is not acknowledged yet, so Nagle's algorithm keeps this
      // small segment back. The server delays that ACK, in the hope of an answer to put it on.
      // Both wait for each other, until the server's timer runs out.
      check(send(server, body.data(), body.size(), 0), "send");
      if (how == "cork")
        check(setsockopt(server, IPPROTO_TCP, TCP_CORK, &off, sizeof off), "setsockopt");
    }
    char reply[2];
    if (check(recv(server, reply, sizeof reply, MSG_WAITALL), "recv") != sizeof reply) {
      std::printf("ask: the server hung up\n");
      return 1;
    }
  }
  const auto took = std::chrono::steady_clock::now() - start;
  std::printf("ask: %s: %d questions in %.1f ms\n", words[3], questions,
              std::chrono::duration<double, std::milli>(took).count());
}
