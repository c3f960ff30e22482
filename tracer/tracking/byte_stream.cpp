#include "tracer/tracking/byte_stream.hpp"

#include <algorithm>

namespace tracer {

bool ByteStream::add(SeqNumber seq, Bytes payload) {
  if (gave_up_) return false;
  if (viewing_) {  // the segment that was viewed is gone; keep_unread() saved what was left of it
    viewing_ = false;
    view_ = {};
  }
  if (read_ == held_.size()) {
    held_.clear();
    read_ = 0;
  } else if (read_ > held_.size() / 2) {
    held_.erase(held_.begin(), held_.begin() + static_cast<std::ptrdiff_t>(read_));
    read_ = 0;
  }
  begin(seq);
  const std::int32_t ahead = seq - next_;
  if (ahead > 0) {
    early_bytes_ += payload.size();
    if (early_bytes_ > most_early || early_.size() >= most_early_segments) {
      give_up();
      return false;
    }
    const auto at = std::upper_bound(early_.begin(), early_.end(), seq,
                                     [](SeqNumber a, const auto& b) { return a < b.first; });
    early_.emplace(at, seq, std::vector<std::byte>(payload.begin(), payload.end()));
    return false;
  }
  const auto old = static_cast<std::size_t>(-static_cast<std::int64_t>(ahead));
  if (old >= payload.size()) return false;
  payload = payload.subspan(old);
  if (held_.empty() && early_.empty()) {
    viewing_ = true;
    view_ = payload;
    next_ = next_ + static_cast<std::uint32_t>(payload.size());
    return true;
  }
  append(payload);
  std::size_t used = 0;
  while (used < early_.size() && !(early_[used].first > next_)) {
    const Bytes bytes = early_[used].second;
    const auto known = static_cast<std::size_t>(next_ - early_[used].first);
    if (known < bytes.size()) append(bytes.subspan(known));
    early_bytes_ -= bytes.size();
    ++used;
  }
  early_.erase(early_.begin(), early_.begin() + static_cast<std::ptrdiff_t>(used));
  if (held_.size() - read_ > most_unread) give_up();
  return !gave_up_;
}

void ByteStream::append(Bytes bytes) {
  held_.insert(held_.end(), bytes.begin(), bytes.end());
  next_ = next_ + static_cast<std::uint32_t>(bytes.size());
}

void ByteStream::keep_unread() {
  if (!viewing_) return;
  held_.assign(view_.begin(), view_.end());
  read_ = 0;
  viewing_ = false;
  view_ = {};
}

void ByteStream::jump(SeqNumber next) {
  begun_ = true;
  next_ = next;
  viewing_ = false;
  view_ = {};
  held_.clear();
  read_ = 0;
  early_.clear();
  early_bytes_ = 0;
}

void ByteStream::give_up() {
  jump(next_);
  held_.shrink_to_fit();
  early_.shrink_to_fit();
  gave_up_ = true;
}

}  // namespace tracer
