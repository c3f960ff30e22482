// HTTP/1.x messages read in place (RFC 9112).
#pragma once

#include <cstdint>
#include <optional>

#include "tracer/bytes/bytes.hpp"
#include "tracer/wire/text_lines.hpp"

namespace tracer {

/// The first line of a message. Parts that are missing are empty.
struct HttpStartLine {
  bool response = false;
  Bytes line;  // without its end
  Bytes method, target, version;
  std::uint16_t code = 0;
  Bytes code_text, phrase;

  /// None if the line begins neither a response nor a request with a method that is known.
  static std::optional<HttpStartLine> parse(Bytes line);
};

/// Is this the first line of some HTTP message, whatever the method? It has to say "HTTP/1." at
/// its start or its end.
bool looks_like_http(Bytes bytes);

/// One header field. `value` is without the blanks before it; `whole` is the line with its end.
struct HttpHeader {
  Bytes name, value, whole;
};

/// Walks the header lines after the first line, up to the empty one (RFC 9112 §5).
class HttpHeaderReader {
 public:
  /// `rest` starts after the first line.
  explicit HttpHeaderReader(Bytes rest) : rest_(rest) {}
  /// Lines without a colon have an empty name.
  std::optional<HttpHeader> next();
  /// What comes after the lines read so far.
  Bytes rest() const { return rest_; }

 private:
  Bytes rest_;
  bool done_ = false;
};

/// Bytes up to and including the empty line that ends the header; none if it is not there yet.
std::optional<std::size_t> http_header_size(Bytes bytes);

/// How the end of a body is told (RFC 9112 §6.3).
struct HttpBody {
  enum class End : std::uint8_t { none, length, chunks, close };
  End end = End::none;
  std::uint64_t length = 0;
  bool plain_chunked = false;  // the coding is written in lower case, as everybody does
};
/// `head` is a whole header, with the first line. `request_method` is that of the latest request.
HttpBody http_body(const HttpStartLine& start, Bytes head, std::string_view request_method);

/// Follows a chunked body (RFC 9112 §7.1) as its bytes come.
class HttpChunks {
 public:
  /// Takes what belongs to the body and returns how many bytes that was. done() or damaged() end it.
  std::size_t take(Bytes bytes);
  bool done() const { return state_ == State::done; }
  bool damaged() const { return state_ == State::damaged; }

 private:
  enum class State : std::uint8_t { size, extension, data, data_end, trailer, done, damaged };
  State state_ = State::size;
  std::uint64_t left_ = 0;
  std::uint8_t digits_ = 0;
  bool line_empty_ = true;
};

}  // namespace tracer
