// Lab 02, the client of frame_server: one message a word, and each of them comes back.
//
//   run:    ./wirelab run 02-streams --scenario frames
//   alone:  build/labs/02-streams/frame_client localhost 7002 hello world
//   expect: 00 00 00 05 before "hello": the length in network byte order
//   read:   writev(2), htonl(3), MSG_WAITALL in recv(2)
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count < 4) {
    std::fprintf(stderr, "usage: %s HOST PORT WORD...\n", words[0]);
    return 2;
  }
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* address = nullptr;
  if (const int error = getaddrinfo(words[1], words[2], &wanted, &address); error != 0) {
    std::fprintf(stderr, "%s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  // A connection that is gone shall be an error to tell; writev() has no MSG_NOSIGNAL.
  signal(SIGPIPE, SIG_IGN);
  const Fd server(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
  check(connect(server, address->ai_addr, address->ai_addrlen), "connect");
  freeaddrinfo(address);

  for (int i = 3; i < count; ++i) {
    const std::size_t length = std::strlen(words[i]);
    std::uint32_t header = htonl(static_cast<std::uint32_t>(length));

    // Two pieces of memory, one system call: no copy, and no segment with the header alone.
    // (So short a message fits into an idle socket's buffer; a longer one would need the loop.)
    iovec parts[2] = {{&header, sizeof header}, {words[i], length}};
    check(writev(server, parts, 2), "writev");

    // MSG_WAITALL lets the kernel do the loop: it returns less only at the end of the stream.
    if (check(recv(server, &header, sizeof header, MSG_WAITALL), "recv") != sizeof header) {
      std::printf("frame_client: the server hung up before an answer\n");
      return 1;
    }
    std::string answer(std::min<std::size_t>(ntohl(header), 64 * 1024), '\0');
    const ssize_t got = check(recv(server, answer.data(), answer.size(), MSG_WAITALL), "recv");
    std::printf("frame_client: %zd bytes came back: %s\n", got, answer.c_str());
  }
}
