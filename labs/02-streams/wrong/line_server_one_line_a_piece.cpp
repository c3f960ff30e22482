// Wrong on purpose: of several lines in a piece it answers the first.
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

  // What has come and is no whole line yet waits here. Without a limit, a client that never
  // sends a newline would fill our memory.
  constexpr std::size_t longest_line = 1000;
  std::string waiting;

  char buffer[4096];
  while (const ssize_t got = check(recv(client, buffer, sizeof buffer, 0), "recv")) {
    waiting.append(buffer, static_cast<std::size_t>(got));

    // A piece may hold no line, or one, or several and a half.
    if (const std::size_t end = waiting.find('\n');
        end != std::string::npos && end <= longest_line) {
      const std::string line = waiting.substr(0, end);
      waiting.clear();
      std::printf("line_server: %s\n", line.c_str());
      send_all(client, "you said: " + line + "\n");
    }
    if (waiting.size() > longest_line) {
      send_all(client, "that line is too long\n");
      std::printf("line_server: a line of more than %zu bytes: no more of this\n", longest_line);
      check(shutdown(client, SHUT_WR), "shutdown");
      // What is still coming is read and thrown away; why, is lab 03's story.
      while (check(recv(client, buffer, sizeof buffer, 0), "recv") > 0) {
      }
      return 0;
    }
  }
  if (!waiting.empty()) std::printf("line_server: %zu bytes without an end\n", waiting.size());
}
