// Wrong on purpose: it closes with bytes unread.
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

  char question[9];
  check(recv(client, question, sizeof question, MSG_WAITALL), "recv");

  // Room for the whole answer, so that send() need not wait: the first 14,480 bytes leave at once
  // (10 segments, the initial window), the rest waits in the buffer for ACKs.
  const int room = 200'000;
  check(setsockopt(client, SOL_SOCKET, SO_SNDBUF, &room, sizeof room), "setsockopt");
  const std::string answer(100'000, 'x');
  const ssize_t sent = check(send(client, answer.data(), answer.size(), MSG_NOSIGNAL), "send");
  std::printf("lingering_server: send() took all %zd bytes\n", sent);
}
