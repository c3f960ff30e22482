// Lab 04, exercise: stop and wait, the sender.
//
// Send each line with its number, "0 The wind blows". Go on when exactly that number has come
// back; say it again if it has not within 200 ms; give up after ten attempts. This one says
// everything once, and does not listen.
//
//   check:  ./wirelab check 04-udp reliable_sender
//   hint:   ./wirelab hint 04-udp reliable_sender
//   read:   SO_RCVTIMEO in socket(7); RFC 8085 §3
#include <netdb.h>
#include <sys/socket.h>

#include <cstdio>
#include <cstring>
#include <string>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 3) {
    std::fprintf(stderr, "usage: %s HOST PORT\n", words[0]);
    return 2;
  }
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_DGRAM;
  addrinfo* address = nullptr;
  if (const int error = getaddrinfo(words[1], words[2], &wanted, &address); error != 0) {
    std::fprintf(stderr, "%s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  const Fd server(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
  check(connect(server, address->ai_addr, address->ai_addrlen), "connect");
  freeaddrinfo(address);

  // One line of a poem each: "0 Two roads", and the answer "0". Nothing new is sent before it.
  const char* const lines[] = {"The wind blows", "through the wire", "and is heard", "at its end"};
  unsigned number = 0;
  for (const char* line : lines) {
    const std::string datagram = std::to_string(number) + " " + line;
    check(send(server, datagram.data(), datagram.size(), 0), "send");
    std::printf("reliable_sender: %u sent\n", number);
    ++number;
  }
}
