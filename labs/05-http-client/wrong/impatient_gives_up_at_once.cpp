// Wrong: it does not wait at all.
#include <poll.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "labs/05-http-client/connection.hpp"
#include "labs/support/lab.hpp"

int main(int count, char** words) {
  if (count != 5 || std::atoi(words[4]) < 1) {
    std::fprintf(stderr, "usage: %s HOST PORT PATH MILLISECONDS\n", words[0]);
    return 2;
  }
  // One deadline for everything, fixed before the first wait.
  const auto deadline = Clock::now() + std::chrono::milliseconds(std::atoi(words[4]));
  try {
    const Fd server = connect_to(words[1], words[2], deadline);
    send_all(server,
             std::string("GET ") + words[3] + " HTTP/1.1\r\nHost: " + words[1] +
                 "\r\nConnection: close\r\n\r\n",
             deadline);
    std::array<char, 4096> buffer;
    for (;;) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
      pollfd readable{server, POLLIN, 0};
      // Each wait gets what is left, and not the whole again.
      if (left <= 0 || check(poll(&readable, 1, 0), "poll") == 0) {
        std::printf("impatient: no time left\n");
        return 1;
      }
      const ssize_t got = check(recv(server, buffer.data(), buffer.size(), 0), "recv");
      if (got == 0) break;
      std::fwrite(buffer.data(), 1, static_cast<std::size_t>(got), stdout);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "impatient: %s\n", error.what());
    return 1;
  }
}
