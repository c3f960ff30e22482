// Lab 05: from pieces to lines and bodies. recv() gives what has arrived so far: half a line, or
// three responses. What is read too much stays here for whoever asks next.
#pragma once

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

class Stream {
 public:
  /// Fills the buffer it is given with 1 byte or more and says how many; 0 is the end. It may be
  /// recv(), or what decrypts (lab 12): nothing below knows.
  using Source = std::function<std::size_t(char* to, std::size_t room)>;

  explicit Stream(Source source) : source_(std::move(source)) {}

  /// A line without its CR LF. Bounded, because who sends it may never end it.
  std::string line() {
    std::size_t searched = 0;
    for (;;) {
      const std::size_t end = buffer_.find('\n', searched);
      if (end != buffer_.npos) {
        if (end == 0 || buffer_[end - 1] != '\r')
          throw std::runtime_error("a line ends without CR");
        std::string result = buffer_.substr(0, end - 1);
        buffer_.erase(0, end + 1);
        return result;
      }
      searched = buffer_.size();
      if (searched > longest_line) throw std::runtime_error("a line of more than 16 KiB");
      if (!fill()) throw std::runtime_error("the connection ended in the middle of a line");
    }
  }

  /// At least 1 byte, at most `most`; empty at the end.
  std::string some(std::size_t most) {
    if (buffer_.empty()) fill();
    const std::size_t size = std::min(most, buffer_.size());
    std::string result = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return result;
  }

  /// Has anything been read that nobody has taken?
  bool empty() const { return buffer_.empty(); }

 private:
  static constexpr std::size_t longest_line = 16 * 1024;

  bool fill() {
    const std::size_t before = buffer_.size();
    buffer_.resize(before + 16 * 1024);
    const std::size_t got = source_(buffer_.data() + before, 16 * 1024);
    buffer_.resize(before + got);
    return got > 0;
  }

  Source source_;
  std::string buffer_;
};
