#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "tracer/bytes/frame.hpp"

namespace tracer {

/// Frames kept after their source has moved on: the bytes are copied once, into large pieces that
/// never move. For drawings and reports, which look back; streams do without.
class FrameStore {
 public:
  /// The stored frame's bytes and comment live as long as the store.
  const Frame& add(const Frame& frame) {
    Frame kept = frame;
    kept.bytes = copy(frame.bytes);
    if (!frame.comment.empty()) kept.comment = as_text(copy(as_bytes(frame.comment)));
    frames_.push_back(kept);
    return frames_.back();
  }
  std::size_t size() const { return frames_.size(); }
  Frame& operator[](std::size_t i) { return frames_[i]; }
  const Frame& operator[](std::size_t i) const { return frames_[i]; }
  auto begin() const { return frames_.begin(); }
  auto end() const { return frames_.end(); }

  /// Keeps any bytes as long as the store lives.
  Bytes copy(Bytes bytes) {
    if (pieces_.empty() || used_ + bytes.size() > capacity_) {
      capacity_ = bytes.size() > piece_bytes ? bytes.size() : piece_bytes;
      pieces_.push_back(std::make_unique_for_overwrite<std::byte[]>(capacity_));
      used_ = 0;
    }
    std::byte* to = pieces_.back().get() + used_;
    if (!bytes.empty()) std::memcpy(to, bytes.data(), bytes.size());
    used_ += bytes.size();
    return {to, bytes.size()};
  }

 private:
  static constexpr std::size_t piece_bytes = 1 << 20;
  std::vector<std::unique_ptr<std::byte[]>> pieces_;
  std::size_t used_ = 0, capacity_ = 0;
  std::vector<Frame> frames_;
};

}  // namespace tracer
