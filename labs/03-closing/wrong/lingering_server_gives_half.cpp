// Wrong on purpose: it takes what fits into one buffer for the answer.
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <chrono>
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
  const ssize_t sent = check(send(client, answer.data(), 65536, MSG_NOSIGNAL), "send");
  std::printf("lingering_server: send() took all %zd bytes\n", sent);

  // Our FIN queues up behind the answer. Then read what we do not want, until the client's FIN:
  // only a socket with nothing unread closes in peace.
  check(shutdown(client, SHUT_WR), "shutdown");

  // But not for ever: a client that never stops must not keep us. (SO_RCVTIMEO would not do: it
  // starts anew with every call, and with every byte.)
  using std::chrono::milliseconds, std::chrono::steady_clock;
  const auto patience = steady_clock::now() + milliseconds(1000);
  char unwanted[4096];
  for (ssize_t got = 1, thrown_away = 0; got > 0; thrown_away += got) {
    const auto left = std::chrono::duration_cast<milliseconds>(patience - steady_clock::now());
    pollfd input{client, POLLIN, 0};
    if (left.count() <= 0 || check(poll(&input, 1, static_cast<int>(left.count())), "poll") == 0) {
      std::printf("lingering_server: the client does not stop: enough\n");
      break;
    }
    got = check(recv(client, unwanted, sizeof unwanted, 0), "recv");
    if (got == 0) std::printf("lingering_server: %zd bytes were not for us\n", thrown_away);
  }
}
