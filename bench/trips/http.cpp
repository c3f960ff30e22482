#include "bench/trips/http.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <string_view>

#include "bench/trips/messages.hpp"

namespace bench {
namespace {

constexpr std::string_view end_of_head = "\r\n\r\n";

/// Appends what comes next; false at the end of the stream.
bool read_more(const End& end, std::string& text) {
  std::array<std::byte, 16'384> buffer;
  std::ptrdiff_t got;
  do got = read_some(end, Waiting::blocking, buffer, {});
  while (got < 0);
  text.append(reinterpret_cast<const char*>(buffer.data()), static_cast<std::size_t>(got));
  return got > 0;
}

void write_text(const End& end, std::string_view text) {
  write_all(end, std::as_bytes(std::span(text)));
}

}  // namespace

void answer_http(const End& end, std::size_t size) {
  const std::string response = fmt::format(
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n{:w<{}}", size, "",
      size);
  std::string text;
  for (;;) {
    std::size_t head = text.find(end_of_head);
    while (head == std::string::npos) {
      if (!read_more(end, text)) return;
      head = text.find(end_of_head);
    }
    const bool last =
        std::string_view(text).substr(0, head).find("Connection: close") != std::string_view::npos;
    text.erase(0, head + end_of_head.size());
    write_text(end, response);
    if (last) return;
  }
}

std::string http_request(bool keep) {
  return fmt::format("GET / HTTP/1.1\r\nHost: server\r\nConnection: {}\r\n\r\n",
                     keep ? "keep-alive" : "close");
}

void read_http_response(const End& end) {
  static constexpr std::string_view length_name = "Content-Length: ";
  std::string text;
  std::size_t wanted = 0;
  do {
    if (!read_more(end, text))
      throw TripError("the server closed the connection within a response");
    const std::size_t head = text.find(end_of_head), length = text.find(length_name);
    if (wanted != 0 || head == std::string::npos) continue;
    std::size_t body = 0;
    if (length != std::string::npos)
      std::from_chars(text.data() + length + length_name.size(), text.data() + head, body);
    wanted = head + end_of_head.size() + body;
  } while (wanted == 0 || text.size() < wanted);
}

}  // namespace bench
