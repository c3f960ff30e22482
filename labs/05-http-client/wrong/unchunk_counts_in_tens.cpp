// Wrong: sizes read as decimal numbers. 23 is 35.
#include <cstdio>
#include <cstdlib>

#include "labs/05-http-client/connection.hpp"
#include "labs/05-http-client/stream.hpp"

/// Prints the body: "23\r\n" in hex, so many bytes, "\r\n"; at last "0\r\n", perhaps fields, "\r\n".
void print_body(Stream& stream) {
  for (;;) {
    const std::string line = stream.line();
    char* end = nullptr;
    std::size_t left = std::strtoul(line.c_str(), &end, 10);
    if (end == line.c_str()) throw std::runtime_error("this is no size of a chunk: " + line);
    if (left == 0) break;
    while (left > 0) {
      const std::string piece = stream.some(left);
      if (piece.empty()) throw std::runtime_error("the answer is cut short");
      std::fwrite(piece.data(), 1, piece.size(), stdout);
      left -= piece.size();
    }
    stream.line();  // the CR LF behind the data
  }
  while (!stream.line().empty()) {  // trailer fields
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
