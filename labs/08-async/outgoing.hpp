// Lab 08: what a client has yet to get: bytes, and perhaps a file after them. A socket that does not
// block takes what fits, so the rest must be kept, with a note of how far it got.
#pragma once

#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include "labs/06-http-server/site.hpp"

class Outgoing {
 public:
  enum class Progress { all_sent, must_wait, failed };

  bool empty() const { return out_.empty() && left_ == 0; }
  /// Not behind a file, and no more than fits into one send().
  bool takes_more() const { return !file_ && out_.size() < 64 * 1024; }
  void add(std::string_view bytes) { out_ += bytes; }

  /// False if the file was cut short meanwhile: the client must see that, by our closing.
  bool add(const Reply& reply, bool head_only) {
    out_ += head_of(reply);
    if (head_only) return true;
    out_ += reply.body;
    if (!reply.file) return true;
    if (reply.length > 16 * 1024) {
      file_ = reply.file;
      offset_ = reply.offset;
      left_ = reply.length;
      return true;
    }
    // A small file leaves with its head, in one call.
    const std::size_t before = out_.size(), size = static_cast<std::size_t>(reply.length);
    out_.resize(before + size);
    const ssize_t got = pread(*reply.file, out_.data() + before, size, reply.offset);
    out_.resize(before + (got > 0 ? static_cast<std::size_t>(got) : 0));
    return got == static_cast<ssize_t>(size);
  }

  /// Sends as much as the client takes now.
  Progress send(int fd) {
    while (sent_ < out_.size()) {
      // MSG_MORE: the file follows at once.
      const int flags = MSG_NOSIGNAL | (left_ > 0 ? MSG_MORE : 0);
      const ssize_t sent = ::send(fd, out_.data() + sent_, out_.size() - sent_, flags);
      if (sent < 0) return why_not();
      sent_ += static_cast<std::size_t>(sent);
    }
    while (left_ > 0) {
      const std::size_t piece =
          static_cast<std::size_t>(std::min<std::uint64_t>(left_, 256 * 1024));
      const ssize_t sent = sendfile(fd, *file_, &offset_, piece);
      if (sent < 0) return why_not();
      if (sent == 0) return Progress::failed;  // the file was cut short
      left_ -= static_cast<std::uint64_t>(sent);
    }
    out_.clear();
    if (out_.capacity() > 64 * 1024) out_.shrink_to_fit();
    sent_ = 0;
    file_.reset();
    return Progress::all_sent;
  }

 private:
  static Progress why_not() {
    return errno == EAGAIN || errno == EINTR ? Progress::must_wait : Progress::failed;
  }

  std::string out_;
  std::size_t sent_ = 0;      // of out_
  std::shared_ptr<Fd> file_;  // follows out_
  off_t offset_ = 0;
  std::uint64_t left_ = 0;  // of the file
};
