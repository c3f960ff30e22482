// Lab 00, the client: the same five bytes, once as a datagram and once as a stream.
//
//   run:    ./wirelab run 00-layers -T bytes
//   alone:  build/labs/00-layers/say localhost 7000 datagram hello   (with hear running)
//   expect: 5 bytes in, and a frame of 47 (UDP) or 71 (TCP) bytes on the wire
//   read:   socket(2), udp(7), tcp(7); RFC 1122 §1.1.3 (layers)
#include <netdb.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstring>
#include <string_view>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  const std::string_view how = count == 5 ? words[3] : "";
  if (how != "datagram" && how != "stream") {
    std::fprintf(stderr, "usage: %s HOST PORT datagram|stream TEXT\n", words[0]);
    return 2;
  }
  // The name becomes an address of the internet layer, the service a port of the transport layer.
  addrinfo wanted{};
  wanted.ai_socktype = how == "datagram" ? SOCK_DGRAM : SOCK_STREAM;
  addrinfo* address = nullptr;
  if (const int error = getaddrinfo(words[1], words[2], &wanted, &address); error != 0) {
    std::fprintf(stderr, "%s: %s\n", words[1], gai_strerror(error));
    return 1;
  }

  // Which protocols will wrap our bytes is chosen here, and nowhere else: SOCK_DGRAM is UDP,
  // SOCK_STREAM is TCP, the address's family is IPv4 or IPv6. The link layer is the kernel's choice.
  const Fd server(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
  check(connect(server, address->ai_addr, address->ai_addrlen), "connect");
  freeaddrinfo(address);

  // The application layer: these bytes are all that we write. Everything before them in the frame
  // is written by the kernel.
  check(send(server, words[4], std::strlen(words[4]), MSG_NOSIGNAL), "send");
  std::printf("say: %zu bytes as a %s\n", std::strlen(words[4]), words[3]);
}
