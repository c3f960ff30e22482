// Wrong: one connection, but the first body is read until the server closes, which it does not.
#include <cstdio>

#include "labs/05-http-client/connection.hpp"
#include "labs/05-http-client/stream.hpp"

int main(int count, char** words) {
  if (count != 5) {
    std::fprintf(stderr, "usage: %s HOST PORT PATH PATH\n", words[0]);
    return 2;
  }
  try {
    const auto deadline = Clock::now() + std::chrono::seconds(10);
    const Fd server = connect_to(words[1], words[2], deadline);
    Stream stream(
        [&](char* to, std::size_t room) { return recv_some(server, to, room, deadline); });
    for (const char* path : {words[3], words[4]}) {
      send_all(server, std::string("GET ") + path + " HTTP/1.1\r\nHost: " + words[1] + "\r\n\r\n",
               deadline);
      while (!stream.line().empty()) {
      }
      for (std::string piece; !(piece = stream.some(4096)).empty();)
        std::fwrite(piece.data(), 1, piece.size(), stdout);
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "two_on_one: %s\n", error.what());
    return 1;
  }
}
