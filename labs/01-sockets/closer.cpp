// Lab 01: who owns TIME_WAIT, the server or who closes first?
//
//   run:    ./wirelab run 01-sockets --scenario server-closes-first
//   alone:  build/labs/01-sockets/closer 7001 first   (and caller localhost 7001 last beside it)
//   expect: "first" finds its own port taken for a minute; "last" has it back at once
//   read:   tcp(7), SO_REUSEADDR in socket(7); RFC 9293 §3.6.1
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  const std::string_view when = count == 3 ? words[2] : "";
  if (when != "first" && when != "last") {
    std::fprintf(stderr, "usage: %s PORT first|last\n", words[0]);
    return 2;
  }
  sockaddr_in6 here{};
  here.sin6_family = AF_INET6;
  here.sin6_port = htons(static_cast<in_port_t>(std::atoi(words[1])));
  {
    // Without SO_REUSEADDR, which every other server of these labs sets, to see what it is for.
    const Fd listener(check(socket(AF_INET6, SOCK_STREAM, 0), "socket"));
    check(bind(listener, reinterpret_cast<sockaddr*>(&here), sizeof here), "bind");
    check(listen(listener, 8), "listen");
    const Fd client(check(accept(listener, nullptr, nullptr), "accept"));

    // "first": our FIN goes out at once. "last": only after the client's FIN has come.
    if (when == "first") check(shutdown(client, SHUT_WR), "shutdown");
    char buffer[4096];
    while (check(recv(client, buffer, sizeof buffer, 0), "recv") > 0) {
    }
  }  // both sockets are closed here: the program holds nothing more, but perhaps the kernel does

  // Who sent the first FIN keeps the connection for a minute, in TIME_WAIT: its last ACK may get
  // lost, and then it must answer the other's FIN again. The other end is free when that ACK
  // arrives; two seconds are plenty for it.
  const Fd again(check(socket(AF_INET6, SOCK_STREAM, 0), "socket"));
  int result = -1;
  for (int attempt = 0; attempt < 20 && result != 0; ++attempt) {
    if (attempt > 0) usleep(100'000);
    result = bind(again, reinterpret_cast<sockaddr*>(&here), sizeof here);
    if (result != 0 && errno != EADDRINUSE) check(result, "bind");
  }
  std::printf("closer: I closed %s; my port is %s\n", words[2],
              result == 0 ? "free again" : "still taken by a connection in TIME_WAIT");
}
