// Lab 08, a client that talks without listening, until it can send no more. Then it listens.
//
//   run:    ./wirelab run 08-async --scenario back-pressure
//   alone:  build/labs/08-async/flood localhost 7008
//   expect: send() stops at what the buffers of both ends hold; in the end every byte came back
//   read:   send(2), SO_SNDBUF in socket(7), tcp_wmem and tcp_rmem in tcp(7)
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count < 3 || count > 4) {
    std::fprintf(stderr, "usage: %s HOST PORT [MILLISECONDS-TO-BE-DEAF]\n", words[0]);
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
  const int small = 32 * 1024;  // so that they are full soon
  check(setsockopt(server, SOL_SOCKET, SO_RCVBUF, &small, sizeof small), "setsockopt");
  check(setsockopt(server, SOL_SOCKET, SO_SNDBUF, &small, sizeof small), "setsockopt");
  check(connect(server, address->ai_addr, address->ai_addrlen), "connect");
  freeaddrinfo(address);

  constexpr std::size_t whole = 2'000'000;
  std::string letter;
  for (std::size_t i = 0; letter.size() < whole; ++i) letter += std::to_string(i) + ' ';
  letter.resize(whole);

  // Not a byte is read here. If for half a second nothing can be sent, somebody has had enough.
  std::size_t sent = 0, back = 0;
  pollfd writable{server, POLLOUT, 0};
  while (sent < whole && poll(&writable, 1, 500) == 1)
    sent += static_cast<std::size_t>(check(
        send(server, letter.data() + sent, whole - sent, MSG_DONTWAIT | MSG_NOSIGNAL), "send"));
  std::printf("flood: %s\n", sent < whole ? "send() takes no more: back-pressure"
                                          : "all 2 MB went out, though nobody read an answer");
  std::fflush(stdout);
  if (count == 4) {
    usleep(static_cast<useconds_t>(std::atoi(words[3])) * 1000);
    std::printf("flood: now I listen\n");
    std::fflush(stdout);
  }

  // Now both ways.
  std::array<char, 64 * 1024> buffer;
  while (back < whole) {
    pollfd both{server, static_cast<short>(POLLIN | (sent < whole ? POLLOUT : 0)), 0};
    if (check(poll(&both, 1, 5000), "poll") == 0) {
      std::printf("flood: nothing comes any more after %zu bytes\n", back);
      return 1;
    }
    if (both.revents & POLLOUT)
      sent += static_cast<std::size_t>(check(
          send(server, letter.data() + sent, whole - sent, MSG_DONTWAIT | MSG_NOSIGNAL), "send"));
    if (!(both.revents & ~POLLOUT)) continue;
    const auto got =
        static_cast<std::size_t>(check(recv(server, buffer.data(), buffer.size(), 0), "recv"));
    if (got == 0 || letter.compare(back, got, buffer.data(), got) != 0) {
      std::printf("flood: %s after %zu bytes\n",
                  got == 0 ? "the server has closed" : "other bytes came back", back);
      return 1;
    }
    back += got;
  }
  std::printf("flood: every byte came back\n");
}
