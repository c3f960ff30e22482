// Wrong: the length as an int. 4294967297 becomes 1, and is welcome.
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "labs/06-http-server/request.hpp"
#include "labs/support/lab.hpp"

constexpr std::uint64_t most = 1000;  // bytes of a body

std::string judge(const std::string& head) {
  const std::size_t at = head.find("Content-Length: ");
  const int length =
      at == head.npos ? 0 : static_cast<int>(std::strtoul(head.c_str() + at + 16, nullptr, 10));
  return length > static_cast<int>(most) ? "413 Content Too Large" : "200 OK";
}

void serve(const Fd& client) {
  std::string head;
  std::array<char, 1024> buffer;
  while (head.find("\r\n\r\n") == head.npos) {
    const ssize_t got = recv(client, buffer.data(), buffer.size(), 0);
    if (got <= 0 || head.size() > 16 * 1024) return;
    head.append(buffer.data(), static_cast<std::size_t>(got));
  }
  const std::string reply =
      "HTTP/1.1 " + judge(head) + "\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
  send(client, reply.data(), reply.size(), MSG_NOSIGNAL);

  // To close now would be a RST, since input is unread, and a RST can overtake the reply. So: our
  // FIN, then read what comes until the client's FIN, for two seconds at most.
  shutdown(client, SHUT_WR);
  const timeval patience{2, 0};
  setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  for (int i = 0; i < 10'000 && recv(client, buffer.data(), buffer.size(), 0) > 0; ++i) {
  }
}

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s PORT\n", words[0]);
    return 2;
  }
  addrinfo wanted{};
  wanted.ai_family = AF_INET6;  // serves IPv4 too, as in lab 01
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE;
  addrinfo* local = nullptr;
  if (const int error = getaddrinfo(nullptr, words[1], &wanted, &local); error != 0) {
    std::fprintf(stderr, "port %s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  const Fd listener(check(socket(local->ai_family, local->ai_socktype, 0), "socket"));
  const int on = 1, off = 0;
  check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
  check(setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), "setsockopt");
  check(bind(listener, local->ai_addr, local->ai_addrlen), "bind");
  freeaddrinfo(local);
  check(listen(listener, 16), "listen");
  for (;;) serve(Fd(check(accept(listener, nullptr, nullptr), "accept")));
}
