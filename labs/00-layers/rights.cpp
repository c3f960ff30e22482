// Lab 00: who may capture? This program may not; its datagram is captured all the same.
//
//   run:    ./wirelab run 00-layers --scenario rights
//   alone:  build/labs/00-layers/rights localhost 7000   (with hear running)
//   expect: no capability, no packet socket, and a row in the ladder
//   read:   capabilities(7), packet(7), user_namespaces(7)
#include <linux/if_ether.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 3) {
    std::fprintf(stderr, "usage: %s HOST PORT\n", words[0]);
    return 2;
  }
  // What root may do is cut into some forty capabilities; the kernel asks for one of them, never
  // for "root". The set in force stands in /proc, a bit each: CAP_NET_RAW is number 13.
  std::ifstream status("/proc/self/status");
  std::string line;
  while (std::getline(status, line) && !line.starts_with("CapEff:")) {
  }
  const auto capabilities = std::stoull(line.size() > 8 ? line.substr(8) : "0", nullptr, 16);
  std::printf("rights: I am user %u, with capabilities %llx\n", getuid(), capabilities);

  const Fd packets(socket(AF_PACKET, SOCK_RAW, htons(ETH_P_IP)));
  std::printf("rights: may I capture? %s\n", packets >= 0 ? "yes" : std::strerror(errno));

  // Sending needs no right at all.
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_DGRAM;
  addrinfo* address = nullptr;
  if (const int error = getaddrinfo(words[1], words[2], &wanted, &address); error != 0) {
    std::fprintf(stderr, "%s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  const Fd server(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
  check(sendto(server, "here I am", 9, 0, address->ai_addr, address->ai_addrlen), "sendto");
  freeaddrinfo(address);
}
