// Lab 01, exercise: the client.
//
// Connect to HOST and PORT, send a letter of 16 KiB, say that this is all, and print what the
// server answers after "client: the server says: ".
//
//   check:  ./wirelab check 01-sockets client
//   hint:   ./wirelab hint 01-sockets client
//   read:   getaddrinfo(3), connect(2), send(2), shutdown(2), recv(2)
#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <string>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 3) {
    std::fprintf(stderr, "usage: %s HOST PORT\n", words[0]);
    return 2;
  }

  // A name may stand for several addresses, of both families: try them in the order given.
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* addresses = nullptr;
  if (const int error = getaddrinfo(words[1], words[2], &wanted, &addresses); error != 0) {
    std::fprintf(stderr, "%s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  // From here it is yours:
  //   1. a socket of the family that the address has, and connect() to it
  //   2. send all of the letter; send() may take less than it is given
  //   3. say "that is all", so that the server knows, and still listen
  freeaddrinfo(addresses);
  const std::string letter(16 * 1024, 'x');
  const Fd server(check(socket(AF_INET, SOCK_STREAM, 0), "socket"));

  std::array<char, 256> buffer;
  while (const ssize_t got = check(recv(server, buffer.data(), buffer.size(), 0), "recv"))
    std::printf("client: the server says: %.*s", static_cast<int>(got), buffer.data());
}
