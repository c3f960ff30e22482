#include "tracer/capture/input.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "tracer/bytes/failure.hpp"

namespace tracer {
namespace {
constexpr std::size_t first_capacity = 64 * 1024;  // stays near the processor

int open_to_read(const std::string& path) {
  if (path == "-") return STDIN_FILENO;
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    const int why = errno;
    throw Failure(why == EACCES ? exit_code::not_permitted : exit_code::failed,
                  path + ": " + (why == ENOENT ? "no such file" : std::strerror(why)),
                  why == ENOENT ? "give a capture file, or -i INTERFACE for live traffic"
                                : "check the file's owner and mode with ls -l");
  }
  return fd;
}

}  // namespace

Input::Input(const std::string& path)
    : Input(path == "-" ? "standard input" : path, open_to_read(path)) {}

Input::Input(std::string name, int fd)
    : name_(std::move(name)),
      fd_(fd),
      buffer_(std::make_unique_for_overwrite<std::byte[]>(first_capacity)),
      capacity_(first_capacity) {}

Input::~Input() {
  if (fd_ > 0) close(fd_);
}

std::unique_ptr<Input> Input::again() {
  struct stat file {};
  if (fd_ == STDIN_FILENO || fstat(fd_, &file) != 0 || !S_ISREG(file.st_mode)) return nullptr;
  const int copy = fcntl(fd_, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
  if (copy < 0) return nullptr;
  std::unique_ptr<Input> other(new Input(name_, copy));
  if (!end_) end_ = static_cast<std::uint64_t>(file.st_size);
  other->end_ = end_;
  return other;
}

/// As read(2), into the free end of the buffer.
std::ptrdiff_t Input::read_more() {
  std::byte* const to = buffer_.get() + filled_;
  if (!end_) return read(fd_, to, capacity_ - filled_);
  const std::uint64_t from = consumed_ + (filled_ - at_);
  if (from >= *end_) return 0;
  const auto room = std::min<std::uint64_t>(capacity_ - filled_, *end_ - from);
  return pread(fd_, to, static_cast<std::size_t>(room), static_cast<off_t>(from));
}

bool Input::fill(std::size_t count) {
  if (count > capacity_ - at_) {
    const std::size_t left = filled_ - at_;
    if (count > capacity_) {
      capacity_ = std::max(count, capacity_ * 2);
      auto larger = std::make_unique_for_overwrite<std::byte[]>(capacity_);
      std::memcpy(larger.get(), buffer_.get() + at_, left);
      buffer_ = std::move(larger);
    } else {
      std::memmove(buffer_.get(), buffer_.get() + at_, left);
    }
    at_ = 0;
    filled_ = left;
  }
  while (filled_ - at_ < count) {
    const std::ptrdiff_t got = read_more();
    if (got < 0 && errno == EINTR) continue;
    if (got < 0)
      throw Failure(exit_code::failed, name_ + ": " + std::strerror(errno),
                    errno == EISDIR ? "give a capture file, not a folder" : "");
    if (got == 0) return false;
    filled_ += static_cast<std::size_t>(got);
  }
  return true;
}

bool Input::skip(std::uint64_t count) {
  while (count > 0) {
    if (at_ == filled_ && !fill(1)) return false;
    const auto step = std::min<std::uint64_t>(count, filled_ - at_);
    consume(static_cast<std::size_t>(step));
    count -= step;
  }
  return true;
}

}  // namespace tracer
