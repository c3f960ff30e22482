// Lab 07, two guests: one comes before closing time, one after it.
//
//   run:    ./wirelab run 07-threads --scenario closing-time
//   alone:  build/labs/07-threads/guests localhost 7007   (with: graceful 7007 300)
//   expect: the first has the whole answer, the second is refused
//   read:   ECONNREFUSED in connect(2)
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
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* address = nullptr;
  if (const int error = getaddrinfo(words[1], words[2], &wanted, &address); error != 0) {
    std::fprintf(stderr, "%s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  const Fd early(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
  check(connect(early, address->ai_addr, address->ai_addrlen), "connect");
  check(send(early, "slow\n", 5, MSG_NOSIGNAL), "send");

  std::string answer;
  std::array<char, 256> buffer;
  ssize_t got;
  bool came_late = false;
  while ((got = recv(early, buffer.data(), buffer.size(), 0)) > 0) {
    answer.append(buffer.data(), static_cast<std::size_t>(got));
    // 900 ms after the question: closing time (300 ms) is over.
    if (came_late || answer.find("piece 9") == answer.npos) continue;
    came_late = true;
    const Fd late(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
    const int result = connect(late, address->ai_addr, address->ai_addrlen);
    std::printf("guests: who comes late is %s\n",
                result < 0 && errno == ECONNREFUSED ? "refused" : "let in");
  }
  freeaddrinfo(address);
  std::printf("guests: the early one got %s\n",
              answer.ends_with("piece 10 of 10\n") && got == 0 ? "everything" : "only a part");
}
