// Lab 08, several clients in one: the first asks for what it is told, the others ask for something
// quick, one after the other. Who is answered first?
//
//   run:    ./wirelab run 08-async --scenario thinking
//   alone:  build/labs/08-async/askers localhost 7008 think
//   expect: the quick ones, unless somebody blocks
//   read:   poll(2)
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <string>
#include <vector>

#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 4) {
    std::fprintf(stderr, "usage: %s HOST PORT FIRST-QUESTION\n", words[0]);
    return 2;
  }
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* address = nullptr;
  if (const int error = getaddrinfo(words[1], words[2], &wanted, &address); error != 0) {
    std::fprintf(stderr, "%s: %s\n", words[1], gai_strerror(error));
    return 1;
  }
  const std::vector<std::string> questions{words[3], "quick one", "quick two"};
  std::vector<Fd> servers;
  for (std::size_t i = 0; i < questions.size(); ++i) {
    servers.emplace_back(check(socket(address->ai_family, address->ai_socktype, 0), "socket"));
    check(connect(servers.back(), address->ai_addr, address->ai_addrlen), "connect");
  }
  freeaddrinfo(address);
  for (std::size_t i = 0; i < questions.size(); ++i) {
    const std::string line = questions[i] + "\n";
    check(send(servers[i], line.data(), line.size(), MSG_NOSIGNAL), "send");
    usleep(100'000);  // so that the first has surely been read when the others come
  }

  std::vector<std::string> answers(questions.size());
  for (std::size_t open = questions.size(); open > 0;) {
    std::vector<pollfd> sockets;
    for (std::size_t i = 0; i < questions.size(); ++i)
      sockets.push_back({answers[i].ends_with('\n') ? -1 : int{servers[i]}, POLLIN, 0});
    if (check(poll(sockets.data(), sockets.size(), 5000), "poll") == 0) {
      std::printf("askers: %zu of them wait in vain\n", open);
      return 1;
    }
    for (std::size_t i = 0; i < questions.size(); ++i) {
      if (!sockets[i].revents) continue;
      std::array<char, 256> buffer;
      const ssize_t got = check(recv(servers[i], buffer.data(), buffer.size(), 0), "recv");
      if (got == 0) {
        std::printf("askers: no answer to \"%s\"\n", questions[i].c_str());
        return 1;
      }
      answers[i].append(buffer.data(), static_cast<std::size_t>(got));
      if (!answers[i].ends_with('\n')) continue;
      std::printf("askers: %s", answers[i].c_str());
      --open;
    }
  }
}
