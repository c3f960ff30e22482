#include "tracer/cli/output.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "tracer/bytes/failure.hpp"

namespace tracer {

void refuse_to_overwrite(const std::vector<std::string>& inputs, const std::string& target) {
  struct stat there {};
  if (target == "-" || stat(target.c_str(), &there) != 0 || !S_ISREG(there.st_mode)) return;
  for (const std::string& input : inputs) {
    struct stat read {};
    const int known = input == "-" ? fstat(STDIN_FILENO, &read) : stat(input.c_str(), &read);
    if (known == 0 && read.st_dev == there.st_dev && read.st_ino == there.st_ino)
      throw Failure(exit_code::failed, target + ": that is the capture being read",
                    "write to another file; the one that is read stays as it is");
  }
}

Output::Output(const std::string& path) : name_(path) {
  if (path.empty() || path == "-") return;
  fd_ = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (fd_ < 0)
    throw Failure(errno == EACCES || errno == EPERM ? exit_code::not_permitted : exit_code::failed,
                  path + ": " + std::strerror(errno), "choose a folder that you may write to");
  struct stat file {};
  holds_older_ = fstat(fd_, &file) == 0 && S_ISREG(file.st_mode) && file.st_size > 0;
}

Output::~Output() {
  if (fd_ > STDERR_FILENO) close(fd_);
}

void Output::flush() {
  std::size_t at = 0;
  if (holds_older_ && ftruncate(fd_, 0) != 0) fail(errno);
  holds_older_ = false;
  while (at < text.size()) {
    const ssize_t wrote = write(fd_, text.data() + at, text.size() - at);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0 && errno == EPIPE) _exit(exit_code::done);
    if (wrote < 0) fail(errno);
    at += static_cast<std::size_t>(wrote);
  }
  text.clear();
}

void Output::fail(int why) {
  text.clear();
  throw Failure(exit_code::failed,
                (name_.empty() ? "standard output" : name_) + ": " + std::strerror(why),
                why == ENOSPC ? "make room on the disk" : "");
}

}  // namespace tracer
