// Lab 06, a client that sends exactly what it is told, right or wrong, and shows what comes back.
//
//   run:    ./wirelab run 06-http-server --scenario two-lengths
//   alone:  build/labs/06-http-server/ask localhost 7006 'GET / HTTP/1.1\r\nHost: me\r\n\r\n'
//   expect: whatever the server makes of it; with --dribble each byte is a segment of its own
//   read:   RFC 9112 §2.1 (what a message looks like), §11.2 (request smuggling)
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "labs/support/lab.hpp"

/// \r \n \t \\ \0 and \xHH stand for the bytes that a shell cannot hold.
std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
      continue;
    }
    switch (const char sign = text[++i]) {
      case 'r': out += '\r'; break;
      case 'n': out += '\n'; break;
      case 't': out += '\t'; break;
      case '0': out += '\0'; break;
      case 'x':
        out +=
            static_cast<char>(std::strtol(std::string(text.substr(i + 1, 2)).c_str(), nullptr, 16));
        i += 2;
        break;
      default: out += sign;
    }
  }
  return out;
}

int main(int count, char** words) {
  const bool dribble = count > 1 && std::string_view(words[1]) == "--dribble";
  const int first = dribble ? 2 : 1;
  if (count < first + 3) {
    std::fprintf(stderr, "usage: %s [--dribble] HOST PORT TEXT...\n", words[0]);
    return 2;
  }
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* address = nullptr;
  if (const int error = getaddrinfo(words[first], words[first + 1], &wanted, &address);
      error != 0) {
    std::fprintf(stderr, "%s: %s\n", words[first], gai_strerror(error));
    return 1;
  }
  const Fd server(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
  const int on = 1;
  check(setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");
  check(connect(server, address->ai_addr, address->ai_addrlen), "connect");
  freeaddrinfo(address);

  // A server that refuses may close before it has heard everything: that ends the sending only.
  for (int i = first + 2; i < count; ++i) {
    const std::string text = unescape(words[i]);
    std::string_view left = text;
    while (!left.empty()) {
      const ssize_t sent = send(server, left.data(), dribble ? 1 : left.size(), MSG_NOSIGNAL);
      if (sent < 0) break;
      left.remove_prefix(static_cast<std::size_t>(sent));
    }
  }
  shutdown(server, SHUT_WR);  // nothing more to ask: a server that waits for more learns it here

  std::array<char, 4096> buffer;
  ssize_t got;
  while ((got = recv(server, buffer.data(), buffer.size(), 0)) > 0)
    std::fwrite(buffer.data(), 1, static_cast<std::size_t>(got), stdout);
  if (got < 0) {
    std::fflush(stdout);
    std::fprintf(stderr, "ask: the connection was cut off: %s\n", std::strerror(errno));
    return 1;
  }
}
