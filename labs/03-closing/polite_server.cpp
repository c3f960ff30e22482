// Lab 03, the server: it lets the other finish, answers, and closes.
//
//   run:    ./wirelab run 03-closing
//   alone:  build/labs/03-closing/polite_server 7003
//   expect: CLOSE_WAIT while it answers; its own FIN comes last
//   read:   recv(2), close(2); RFC 9293 §3.6, §3.3.2 (figure 5: the states)
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

  // 0 is not "nothing there at the moment": it is the FIN, after the last byte.
  char buffer[4096];
  std::size_t received = 0;
  while (const ssize_t got = check(recv(client, buffer, sizeof buffer, 0), "recv"))
    received += static_cast<std::size_t>(got);
  std::printf("polite_server: the client has said everything, %zu bytes\n", received);

  // Half closed: the client cannot send any more, we still can, for as long as we like.
  usleep(50'000);
  const std::string answer = "received " + std::to_string(received) + " bytes\n";
  check(send(client, answer.data(), answer.size(), MSG_NOSIGNAL), "send");

  // Nothing is unread and all is handed to the kernel: it sends the answer, then our FIN, also
  // when this program is long gone.
}
