// Whole messages between the process that captures and the one that serves the page.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace tracer::live {

enum class Kind : char {
  settings = 'S',  // to the server, first: JSON about the page
  event = 'E',     // to the server: JSON for everybody who watches, kept for those who come later
  answer = 'A',    // to the server: number of a request, then what it asked for
  url = 'U',       // from the server, first: where the page is
  request = 'Q',   // from the server: a number, then words
};

/// Sends one message; false if the other end is gone. A number goes before the body where the kind
/// has one. Blocks while the other end is slow.
bool send(int descriptor, Kind kind, std::string_view body);
bool send(int descriptor, Kind kind, std::uint32_t number, std::string_view body);

/// Puts messages together from what arrives in pieces.
class Inbox {
 public:
  struct Message {
    Kind kind;
    std::uint32_t number;  // of requests and answers
    std::string body;
  };
  /// Reads once; false at the end, or if the other side talks nonsense.
  bool read_from(int descriptor);
  bool next(Message& message);

 private:
  std::string buffer_;
};

}  // namespace tracer::live
