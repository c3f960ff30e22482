// Lab 02, a server that counts, and takes its time to begin.
//
//   run:    ./wirelab run 02-streams --scenario short-sends
//   alone:  build/labs/02-streams/counter 7002
//   expect: the window closes while it sleeps, and opens when it reads
//   read:   recv(2), SO_RCVBUF in socket(7); RFC 9293 §3.8.6
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s PORT\n", words[0]);
    return 2;
  }
  const Fd listener(check(socket(AF_INET6, SOCK_STREAM, 0), "socket"));
  const int on = 1;
  check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
  sockaddr_in6 here{};
  here.sin6_family = AF_INET6;
  here.sin6_port = htons(static_cast<in_port_t>(std::atoi(words[1])));
  check(bind(listener, reinterpret_cast<sockaddr*>(&here), sizeof here), "bind");
  check(listen(listener, 8), "listen");
  const Fd client(check(accept(listener, nullptr, nullptr), "accept"));

  sleep(1);  // unread bytes fill our receive buffer, then the client's send buffer

  char buffer[65'536];
  std::size_t received = 0, calls = 0;
  while (const ssize_t got = check(recv(client, buffer, sizeof buffer, 0), "recv")) {
    received += static_cast<std::size_t>(got);
    ++calls;
  }
  std::printf("counter: %zu bytes in %zu pieces\n", received, calls);
  const std::string answer = "received " + std::to_string(received) + " bytes\n";
  check(send(client, answer.data(), answer.size(), MSG_NOSIGNAL), "send");
}
