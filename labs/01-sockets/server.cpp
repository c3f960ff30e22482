// Lab 01, the server: which of these calls put something on the wire?
//
//   run:    ./wirelab run 01-sockets
//   alone:  build/labs/01-sockets/server 7001
//   expect: the handshake is over before accept() returns; accept() itself sends nothing
//   read:   socket(2), bind(2), listen(2), accept(2); RFC 9293 §3.5
#include <netdb.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <string>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 2) {
    std::fprintf(stderr, "usage: %s PORT\n", words[0]);
    return 2;
  }

  // Which local address? AI_PASSIVE asks for the wildcard: whatever address a client uses.
  addrinfo wanted{};
  wanted.ai_family = AF_INET6;  // an IPv6 socket also serves IPv4, as ::ffff:10.0.0.1 (dual stack)
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = AI_PASSIVE;
  addrinfo* local = nullptr;
  if (const int error = getaddrinfo(nullptr, words[1], &wanted, &local); error != 0) {
    std::fprintf(stderr, "port %s: %s\n", words[1], gai_strerror(error));
    return 1;
  }

  // A socket is a place in this kernel: nothing leaves the machine.
  const Fd listener(check(socket(local->ai_family, local->ai_socktype, 0), "socket"));
  const int on = 1, off = 0;
  check(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on), "setsockopt");
  check(setsockopt(listener, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off), "setsockopt");

  // bind() gives it a port, listen() lets the kernel answer SYNs to it. Still nothing is sent.
  check(bind(listener, local->ai_addr, local->ai_addrlen), "bind");
  check(listen(listener, 8), "listen");
  freeaddrinfo(local);

  // The kernel shakes hands by itself; accept() fetches a connection that stands already.
  sockaddr_storage peer{};
  socklen_t peer_size = sizeof peer;
  auto* const peer_address = reinterpret_cast<sockaddr*>(&peer);
  const Fd client(check(accept(listener, peer_address, &peer_size), "accept"));
  std::array<char, NI_MAXHOST> host;
  std::array<char, NI_MAXSERV> port;
  getnameinfo(peer_address, peer_size, host.data(), host.size(), port.data(), port.size(),
              NI_NUMERICHOST | NI_NUMERICSERV);
  std::printf("server: %s, port %s is calling\n", host.data(), port.data());

  // recv() gives what has arrived so far, in pieces that are not those of send(). 0 is the FIN.
  std::array<char, 4096> buffer;
  std::size_t received = 0;
  while (const ssize_t got = check(recv(client, buffer.data(), buffer.size(), 0), "recv"))
    received += static_cast<std::size_t>(got);

  const std::string answer = "received " + std::to_string(received) + " bytes\n";
  check(send(client, answer.data(), answer.size(), MSG_NOSIGNAL), "send");
  std::printf("server: %s", answer.c_str());
  // Leaving main() closes both sockets; closing the connected one sends our FIN.
}
