// Wrong: every second line is taken for data. Data may hold line ends, or none.
#include <cstdio>

#include "labs/05-http-client/connection.hpp"
#include "labs/05-http-client/stream.hpp"

void print_body(Stream& stream) {
  while (stream.line() != "0") {
    const std::string data = stream.some(4096);
    std::fwrite(data.data(), 1, data.size(), stdout);
  }
}

int main(int count, char** words) {
  if (count != 4) {
    std::fprintf(stderr, "usage: %s HOST PORT PATH\n", words[0]);
    return 2;
  }
  try {
    const auto deadline = Clock::now() + std::chrono::seconds(10);
    const Fd server = connect_to(words[1], words[2], deadline);
    Stream stream(
        [&](char* to, std::size_t room) { return recv_some(server, to, room, deadline); });
    send_all(server, std::string("GET ") + words[3] + " HTTP/1.1\r\nHost: " + words[1] + "\r\n\r\n",
             deadline);
    while (!stream.line().empty()) {  // the head: we know what it says
    }
    print_body(stream);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "unchunk: %s\n", error.what());
    return 1;
  }
}
