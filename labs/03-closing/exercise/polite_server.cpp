// Lab 03, exercise: let the other finish.
//
// Read until the client has said everything, print "polite_server: the client has said everything,
// N bytes", answer "received N bytes", and close in order. This one answers what it does not know
// yet.
//
//   check:  ./wirelab check 03-closing polite_server
//   hint:   ./wirelab hint 03-closing polite_server
//   read:   recv(2), close(2); RFC 9293 §3.6
#include <netinet/in.h>
#include <sys/socket.h>

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

  char buffer[1000];
  const ssize_t received = check(recv(client, buffer, sizeof buffer, 0), "recv");
  const std::string answer = "received " + std::to_string(received) + " bytes\n";
  check(send(client, answer.data(), answer.size(), MSG_NOSIGNAL), "send");
}
