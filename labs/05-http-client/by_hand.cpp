// Lab 05, first program: a request is a few lines of text, and so is the answer's beginning.
//
//   run:    ./wirelab run 05-http-client --scenario by-hand
//   alone:  build/labs/05-http-client/by_hand localhost 7005 /story
//   expect: one segment asks; the answer ends where the server closes, because we asked for that
//   read:   RFC 9112 §3 (request line), §9.6 (Connection: close); RFC 9110 §7.2 (Host)
#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <string>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 4) {
    std::fprintf(stderr, "usage: %s HOST PORT PATH\n", words[0]);
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

  // Lines end in CR LF, an empty one ends the head. Host is the one field that every request must
  // have: many sites may live at one address. "close" asks the server to end the connection after
  // its answer, so that we need not understand where that ends.
  const std::string request = std::string("GET ") + words[3] + " HTTP/1.1\r\n" +
                              "Host: " + words[1] + ":" + words[2] + "\r\n" +
                              "Connection: close\r\n" + "\r\n";
  std::size_t sent = 0;
  while (sent < request.size())
    sent += static_cast<std::size_t>(
        check(send(server, request.data() + sent, request.size() - sent, MSG_NOSIGNAL), "send"));

  // Status line, fields, empty line, body: printed as they come. Nothing here knows which is which.
  std::array<char, 4096> buffer;
  while (const ssize_t got = check(recv(server, buffer.data(), buffer.size(), 0), "recv"))
    std::fwrite(buffer.data(), 1, static_cast<std::size_t>(got), stdout);
}
