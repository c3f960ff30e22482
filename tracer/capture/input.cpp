#include "tracer/capture/input.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "tracer/bytes/failure.hpp"

namespace tracer {
namespace {
constexpr std::size_t first_capacity = 256 * 1024;
}

Input::Input(const std::string& path) : name_(path == "-" ? "standard input" : path), fd_(0) {
  if (path != "-") fd_ = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd_ < 0) {
    const int why = errno;
    throw Failure(why == EACCES ? exit_code::not_permitted : exit_code::failed,
                  path + ": " + (why == ENOENT ? "no such file" : std::strerror(why)),
                  why == ENOENT ? "give a capture file, or -i INTERFACE for live traffic"
                                : "check the file's owner and mode with ls -l");
  }
  capacity_ = first_capacity;
  buffer_ = std::make_unique_for_overwrite<std::byte[]>(capacity_);
}

Input::~Input() {
  if (fd_ > 0) close(fd_);
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
    const ssize_t got = read(fd_, buffer_.get() + filled_, capacity_ - filled_);
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
