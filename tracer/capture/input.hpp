#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "tracer/bytes/bytes.hpp"

namespace tracer {

/// A file or a pipe, read front to back through one buffer that grows to the largest piece asked
/// for. Not mapped into memory: a file that shrinks while we read must not kill the process.
class Input {
 public:
  /// `path` "-" is standard input. Throws Failure (1) if it cannot be opened.
  explicit Input(const std::string& path);
  ~Input();
  Input(const Input&) = delete;
  Input& operator=(const Input&) = delete;

  /// The same file from its start, to be read by another thread. From now on both end where the file
  /// ends now, though it may grow. Null: no file, but a pipe or a device, which gives its bytes once.
  std::unique_ptr<Input> again();

  /// Makes `count` bytes available at data(); false if the input ends before.
  bool ensure(std::size_t count) { return filled_ - at_ >= count || fill(count); }
  /// What is available at the moment, at least what ensure() was last asked for.
  Bytes data() const { return {buffer_.get() + at_, filled_ - at_}; }
  /// REQUIRES: count <= data().size().
  void consume(std::size_t count) {
    at_ += count;
    consumed_ += count;
  }
  /// Skips bytes without keeping them; false if the input ends before.
  bool skip(std::uint64_t count);
  /// Goes on at this offset. REQUIRES: again() was called, for this one or the other.
  void move_to(std::uint64_t offset) {
    at_ = filled_ = 0;
    consumed_ = offset;
  }
  std::uint64_t consumed() const { return consumed_; }  // bytes from the start
  const std::string& name() const { return name_; }

 private:
  Input(std::string name, int fd);
  bool fill(std::size_t count);
  std::ptrdiff_t read_more();

  std::string name_;
  int fd_;
  std::unique_ptr<std::byte[]> buffer_;
  std::size_t capacity_ = 0, at_ = 0, filled_ = 0;
  std::uint64_t consumed_ = 0;
  std::optional<std::uint64_t> end_;  // offset in the file; set: others read it, too
};

}  // namespace tracer
