// Lab 06: a body in chunks, "5\r\nhello\r\n0\r\n\r\n", taken apart as its bytes come (RFC 9112 §7.1).
#pragma once

#include "request.hpp"

class ChunkedBody {
 public:
  explicit ChunkedBody(const Limits& limits) : limits_(limits) {}

  /// Takes what it can from the front of `bytes`. true: the body is whole.
  bool take(std::string_view& bytes, std::string& body) {
    while (state_ != State::done) {
      if (state_ == State::data && left_ > 0) {
        const std::size_t size =
            static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
        if (size == 0) return false;
        body += bytes.substr(0, size);
        bytes.remove_prefix(size);
        left_ -= size;
        continue;
      }
      // All else consists of lines: the size, the empty line behind the data, the trailer.
      const std::size_t end = bytes.find('\n');
      if (end == bytes.npos) {
        if (bytes.size() > longest_line) throw Refusal{400, "a line between chunks is too long"};
        return false;
      }
      if (end == 0 || bytes[end - 1] != '\r')
        throw Refusal{400, "a line between chunks ends without CR"};
      take_line(bytes.substr(0, end - 1), body.size());
      bytes.remove_prefix(end + 1);
    }
    return true;
  }

 private:
  enum class State { size, data, trailer, done };
  static constexpr std::size_t longest_line = 4096;

  void take_line(std::string_view line, std::size_t so_far) {
    switch (state_) {
      case State::size:
        left_ = size_of_chunk(line);
        if (left_ > limits_.body - so_far) throw Refusal{413, "the body is too large"};
        state_ = left_ == 0 ? State::trailer : State::data;
        break;
      case State::data:
        if (!line.empty()) throw Refusal{400, "a chunk is longer than it said"};
        state_ = State::size;
        break;
      case State::trailer:  // fields after the body: read, and dropped (RFC 9110 §6.5.1)
        trailer_bytes_ += line.size();
        if (trailer_bytes_ > limits_.head) throw Refusal{431, "the trailer is too large"};
        if (line.empty())
          state_ = State::done;
        else if (!is_token(line.substr(0, line.find(':'))))
          throw Refusal{400, "a trailer field without a name"};
        break;
      case State::done: break;
    }
  }

  /// "1a" or "1a;name=value": hexadecimal digits, then perhaps an extension, which nobody here knows.
  static std::uint64_t size_of_chunk(std::string_view line) {
    std::uint64_t size = 0;
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), size, 16);
    const std::string_view rest = line.substr(static_cast<std::size_t>(end - line.data()));
    if (error == std::errc::result_out_of_range) throw Refusal{413, "a chunk beyond all bounds"};
    if (error != std::errc() || line.starts_with('-'))
      throw Refusal{400, "the size of a chunk is no number"};
    if (!rest.empty() && !trim(rest).starts_with(';'))
      throw Refusal{400, "odd characters after the size of a chunk"};
    if (rest.find('\r') != rest.npos || rest.find('\0') != rest.npos)
      throw Refusal{400, "a control character in a chunk's line"};
    return size;
  }

  Limits limits_;
  State state_ = State::size;
  std::uint64_t left_ = 0;  // of the chunk
  std::size_t trailer_bytes_ = 0;
};
