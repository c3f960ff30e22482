// Lab 02, a tiresome client: every byte in a segment of its own. `\n` in TEXT is a newline.
//
//   run:    ./wirelab run 02-streams --scenario lines-dribbled
//   alone:  build/labs/02-streams/dribble localhost 7002 'hello\n'
//   expect: many segments of one byte, and the same answers as for one segment
//   read:   TCP_NODELAY in tcp(7), printf(1) for \n and \xNN
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>

#include "labs/support/lab.hpp"

/// TEXT with \n for a newline and \xNN for any byte, so that a shell can hand over both.
std::string unescaped(const std::string& text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text.compare(i, 2, "\\n") == 0) {
      bytes += '\n';
      i += 1;
    } else if (text.compare(i, 2, "\\x") == 0 && i + 4 <= text.size()) {
      bytes += static_cast<char>(std::strtoul(text.substr(i + 2, 2).c_str(), nullptr, 16));
      i += 3;
    } else {
      bytes += text[i];
    }
  }
  return bytes;
}

int main(int count, char** words) {
  if (count != 4) {
    std::fprintf(stderr, "usage: %s HOST PORT TEXT\n", words[0]);
    return 2;
  }
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* address = nullptr;
  if (const int error = getaddrinfo(words[1], words[2], &wanted, &address); error != 0) {
    std::fprintf(stderr, "%s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  const Fd server(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
  check(connect(server, address->ai_addr, address->ai_addrlen), "connect");
  freeaddrinfo(address);

  const int on = 1;
  check(setsockopt(server, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on), "setsockopt");
  for (const char byte : unescaped(words[3])) {
    check(send(server, &byte, 1, MSG_NOSIGNAL), "send");
    usleep(2'000);  // so that the reader wakes up for every one
  }
  check(shutdown(server, SHUT_WR), "shutdown");

  char buffer[256];
  while (const ssize_t got = check(recv(server, buffer, sizeof buffer, 0), "recv"))
    std::printf("%.*s", static_cast<int>(got), buffer);
}
