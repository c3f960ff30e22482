// Lab 08, a crowd: many connections that say nothing, and one that asks a question in between.
//
//   run:    ./wirelab run 08-async --scenario crowd
//   alone:  build/labs/08-async/idle localhost 7008 10000
//   expect: the question is answered as if nobody else were there
//   read:   connect(2), EMFILE in accept(2), setrlimit(2)
#include <netdb.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count < 4 || count > 5 || std::atoi(words[3]) < 0) {
    std::fprintf(stderr, "usage: %s HOST PORT COUNT [SECONDS-TO-STAY]\n", words[0]);
    return 2;
  }
  rlimit descriptors{};
  check(getrlimit(RLIMIT_NOFILE, &descriptors), "getrlimit");
  descriptors.rlim_cur = descriptors.rlim_max;
  check(setrlimit(RLIMIT_NOFILE, &descriptors), "setrlimit");

  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* address = nullptr;
  if (const int error = getaddrinfo(words[1], words[2], &wanted, &address); error != 0) {
    std::fprintf(stderr, "%s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  std::vector<Fd> crowd;
  for (int i = 0; i <= std::atoi(words[3]); ++i) {
    crowd.emplace_back(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
    check(connect(crowd.back(), address->ai_addr, address->ai_addrlen), "connect");
  }
  freeaddrinfo(address);
  std::printf("idle: %zu connections\n", crowd.size() - 1);

  // The last one speaks.
  const std::string request =
      std::string("GET /hello.txt HTTP/1.1\r\nHost: ") + words[1] + "\r\n\r\n";
  const auto asked = std::chrono::steady_clock::now();
  check(send(crowd.back(), request.data(), request.size(), MSG_NOSIGNAL), "send");
  std::array<char, 4096> buffer;
  const ssize_t got = check(recv(crowd.back(), buffer.data(), buffer.size(), 0), "recv");
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - asked;
  const std::string answer(buffer.data(), static_cast<std::size_t>(got));
  std::printf("idle: %s after %.3f ms\n", answer.substr(0, answer.find('\r')).c_str(),
              took.count());
  std::fflush(stdout);
  if (count == 5) sleep(static_cast<unsigned>(std::atoi(words[4])));
}
