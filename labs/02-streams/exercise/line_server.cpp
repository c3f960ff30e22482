// Lab 02, exercise: a server of lines.
//
// Answer every line with "you said: " and the line; print it after "line_server: ". A line may
// come in many pieces, a piece may hold many lines, and a line of more than 1000 bytes is refused
// with "that line is too long". This one takes every piece for a line.
//
//   check:  ./wirelab check 02-streams line_server
//   hint:   ./wirelab hint 02-streams line_server
//   read:   recv(2), std::string::find
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "labs/support/lab.hpp"

/// send() may take a part: this is the loop of the lab's `upload`, for a blocking socket.
void send_all(int socket, const std::string& data) {
  for (std::size_t sent = 0; sent < data.size();)
    sent += static_cast<std::size_t>(
        check(send(socket, data.data() + sent, data.size() - sent, MSG_NOSIGNAL), "send"));
}

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

  char buffer[4096];
  while (const ssize_t got = check(recv(client, buffer, sizeof buffer, 0), "recv")) {
    const std::string line(buffer, static_cast<std::size_t>(got));
    std::printf("line_server: %s\n", line.c_str());
    send_all(client, "you said: " + line + "\n");
  }
}
