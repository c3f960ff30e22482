// Lab 02, exercise: messages that say how long they are.
//
// A message is 4 bytes of length (high byte first) and as many bytes. Print "frame_server: a
// message of N bytes: TEXT" and send it back in the same form. More than 64 KiB: print
// "frame_server: a message of N bytes: refused", and end. This one believes what it reads, and
// believes that it read it whole.
//
//   check:  ./wirelab check 02-streams frame_server
//   hint:   ./wirelab hint 02-streams frame_server
//   read:   recv(2), ntohl(3)
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>

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

  std::uint32_t length = 0;
  while (check(recv(client, &length, sizeof length, 0), "recv") > 0) {
    char message[100];
    const ssize_t got = check(recv(client, message, sizeof message, 0), "recv");
    std::printf("frame_server: a message of %u bytes: %.*s\n", length, static_cast<int>(got),
                message);
    check(send(client, message, static_cast<std::size_t>(got), MSG_NOSIGNAL), "send");
  }
}
