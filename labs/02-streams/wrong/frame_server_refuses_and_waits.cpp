// Wrong on purpose: it refuses, and waits for the 4 GiB all the same.
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "labs/support/lab.hpp"

/// Exactly `size` bytes, in as many calls as it takes. False: the stream ended before.
bool receive_all(int socket, char* data, std::size_t size) {
  for (std::size_t have = 0; have < size;) {
    const ssize_t got = check(recv(socket, data + have, size - have, 0), "recv");
    if (got == 0) return false;
    have += static_cast<std::size_t>(got);
  }
  return true;
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

  constexpr std::uint32_t longest = 64 * 1024;
  for (;;) {
    // The header may be cut as well: even 4 bytes can come in four pieces.
    std::uint32_t header = 0;
    if (!receive_all(client, reinterpret_cast<char*>(&header), sizeof header)) break;
    const std::uint32_t length = ntohl(header);  // the wire has the high byte first

    // A stranger wrote that number. Look at it before any memory is asked for.
    if (length > longest) {
      std::printf("frame_server: a message of %u bytes: refused\n", length);
      char nothing[4096];
      while (recv(client, nothing, sizeof nothing, 0) > 0) {
      }
      return 0;
    }
    std::string message(length, '\0');
    if (!receive_all(client, message.data(), length)) {
      std::printf("frame_server: the stream ended inside a message\n");
      return 0;
    }
    std::printf("frame_server: a message of %u bytes: %.20s\n", length, message.c_str());

    // Header and message in one call, so that they can travel in one segment.
    message.insert(0, reinterpret_cast<const char*>(&header), sizeof header);
    for (std::size_t sent = 0; sent < message.size();)
      sent += static_cast<std::size_t>(
          check(send(client, message.data() + sent, message.size() - sent, MSG_NOSIGNAL), "send"));
  }
}
