#include "labs/testbed/messages.hpp"

#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace testbed {
namespace {
struct Envelope {
  std::uint32_t size;  // of what follows
  std::uint32_t type;
};
}  // namespace

std::uint64_t digest(tracer::Bytes bytes) {
  constexpr std::uint64_t prime = 0x9e3779b97f4a7c15u;
  std::uint64_t hash = bytes.size() * prime;
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, std::min<std::size_t>(8, bytes.size() - at));
    hash = (hash ^ word) * prime;
    hash ^= hash >> 29;
  }
  return hash;
}

bool send_message(int fd, MessageType type, tracer::Bytes head, tracer::Bytes tail) {
  const Envelope envelope{static_cast<std::uint32_t>(head.size() + tail.size()),
                          static_cast<std::uint32_t>(type)};
  std::vector<std::byte> whole(sizeof envelope + envelope.size);
  std::memcpy(whole.data(), &envelope, sizeof envelope);
  if (!head.empty()) std::memcpy(whole.data() + sizeof envelope, head.data(), head.size());
  if (!tail.empty())
    std::memcpy(whole.data() + sizeof envelope + head.size(), tail.data(), tail.size());
  std::size_t at = 0;
  while (at < whole.size()) {
    const ssize_t wrote = write(fd, whole.data() + at, whole.size() - at);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return false;
    at += static_cast<std::size_t>(wrote);
  }
  return true;
}

bool MessageReader::read_from(int fd) {
  if (at_ > 0) {
    buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ = 0;
  }
  constexpr std::size_t piece = 256 * 1024;
  const std::size_t size = buffer_.size();
  buffer_.resize(size + piece);
  ssize_t got;
  do got = read(fd, buffer_.data() + size, piece);
  while (got < 0 && errno == EINTR);
  buffer_.resize(size + (got > 0 ? static_cast<std::size_t>(got) : 0));
  return got > 0;
}

bool MessageReader::next(Message& message) {
  Envelope envelope;
  if (buffer_.size() - at_ < sizeof envelope) return false;
  std::memcpy(&envelope, buffer_.data() + at_, sizeof envelope);
  if (buffer_.size() - at_ - sizeof envelope < envelope.size) return false;
  message.type = static_cast<MessageType>(envelope.type);
  message.body = tracer::Bytes(buffer_).subspan(at_ + sizeof envelope, envelope.size);
  at_ += sizeof envelope + envelope.size;
  return true;
}

}  // namespace testbed
