#include "tracer/live/channel.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace tracer::live {
namespace {

constexpr std::size_t head_bytes =
    1 + 2 * sizeof(std::uint32_t);  // kind, number, length of the body
constexpr std::uint32_t longest_body = 1u << 30;

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t wrote = write(descriptor, bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(wrote));
  }
  return true;
}

}  // namespace

bool send(int descriptor, Kind kind, std::string_view body) {
  return send(descriptor, kind, 0, body);
}

bool send(int descriptor, Kind kind, std::uint32_t number, std::string_view body) {
  const auto length = static_cast<std::uint32_t>(body.size());
  std::string message(head_bytes, static_cast<char>(kind));
  std::memcpy(message.data() + 1, &number, sizeof number);
  std::memcpy(message.data() + 1 + sizeof number, &length, sizeof length);
  message += body;
  return write_all(descriptor, message);
}

bool Inbox::read_from(int descriptor) {
  std::array<char, 65'536> piece;
  ssize_t got;
  do got = read(descriptor, piece.data(), piece.size());
  while (got < 0 && errno == EINTR);
  if (got <= 0) return false;
  buffer_.append(piece.data(), static_cast<std::size_t>(got));
  return true;
}

bool Inbox::next(Message& message) {
  if (buffer_.size() < head_bytes) return false;
  std::uint32_t length = 0;
  std::memcpy(&message.number, buffer_.data() + 1, sizeof message.number);
  std::memcpy(&length, buffer_.data() + 1 + sizeof message.number, sizeof length);
  if (length > longest_body || buffer_.size() < head_bytes + length) return false;
  message.kind = static_cast<Kind>(buffer_[0]);
  message.body = buffer_.substr(head_bytes, length);
  buffer_.erase(0, head_bytes + length);
  return true;
}

}  // namespace tracer::live
