// Wrong: it asks both times, but connects both times too.
#include <cstdio>
#include <cstdlib>

#include "labs/05-http-client/connection.hpp"
#include "labs/05-http-client/stream.hpp"

int main(int count, char** words) {
  if (count != 5) {
    std::fprintf(stderr, "usage: %s HOST PORT PATH PATH\n", words[0]);
    return 2;
  }
  try {
    const auto deadline = Clock::now() + std::chrono::seconds(10);
    for (const char* path : {words[3], words[4]}) {
      const Fd server = connect_to(words[1], words[2], deadline);
      Stream stream(
          [&](char* to, std::size_t room) { return recv_some(server, to, room, deadline); });
      send_all(server, std::string("GET ") + path + " HTTP/1.1\r\nHost: " + words[1] + "\r\n\r\n",
               deadline);
      std::size_t left = 0;
      for (std::string line = stream.line(); !line.empty(); line = stream.line())
        if (line.starts_with("Content-Length: "))
          left = std::strtoul(line.c_str() + 16, nullptr, 10);
      while (left > 0) {  // what comes may be less than the body, or more
        const std::string piece = stream.some(left);
        if (piece.empty()) throw std::runtime_error("the answer is cut short");
        std::fwrite(piece.data(), 1, piece.size(), stdout);
        left -= piece.size();
      }
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "two_on_one: %s\n", error.what());
    return 1;
  }
}
