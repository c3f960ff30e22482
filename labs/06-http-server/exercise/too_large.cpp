// Exercise too_large: this server refuses bodies that are too large, but its refusal is torn up by a RST.
// Let it arrive.
//
//   check:  ./wirelab check 06-http-server too_large
//   read:   RFC 9112 §9.6; shutdown(2), close(2); the reference is ../too_large.cpp
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <string>

#include "labs/06-http-server/request.hpp"
#include "labs/support/lab.hpp"

constexpr std::uint64_t most = 1000;  // bytes of a body

/// "200 …" or "413 …" for this head. The whole number counts: 4294967297 is not 1.
std::string judge(const std::string& head) {
  const std::size_t at = head.find("Content-Length: ");
  std::uint64_t length = 0;
  if (at != head.npos) {
    const char* digits = head.data() + at + 16;
    const auto [end, error] = std::from_chars(digits, head.data() + head.size(), length);
    if (error != std::errc() || *end != '\r') length = most + 1;  // no number, or beyond 64 bits
  }
  return length > most ? "413 Content Too Large" : "200 OK";
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
