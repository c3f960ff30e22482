#include "tracer/tracking/pending_segments.hpp"

#include <algorithm>

namespace tracer {

void PendingSegments::add(Segment segment) {
  if (segments_.size() - head_ >= capacity) return;
  if (empty()) {
    segments_.clear();
    head_ = 0;
    in_order_ = true;
  } else {
    in_order_ = in_order_ && segment.start >= segments_.back().end;
    if (head_ > 64 && head_ * 2 > segments_.size()) {  // reuse the room at the front
      segments_.erase(segments_.begin(), segments_.begin() + static_cast<std::ptrdiff_t>(head_));
      head_ = 0;
    }
  }
  segments_.push_back(segment);
}

PendingSegments::Acknowledged PendingSegments::acknowledge(SeqNumber ack) {
  if (empty()) return {};
  // In order, and no longer than half the space: all that is before `ack` is at the front.
  if (!in_order_ || segments_.back().end - oldest().start < 0) return acknowledge_each(ack);
  Acknowledged found;
  while (!empty() && oldest().end <= ack) {
    if (oldest().end == ack) found = {oldest().frame, oldest().time};
    ++head_;
  }
  if (!empty() && oldest().start < ack) segments_[head_].start = ack;
  return found;
}

PendingSegments::Acknowledged PendingSegments::acknowledge_each(SeqNumber ack) {
  Acknowledged found;
  std::size_t kept = head_;
  for (std::size_t i = head_; i < segments_.size(); ++i) {
    Segment segment = segments_[i];
    if (segment.end == ack) {
      if (found.frame == 0) found = {segment.frame, segment.time};
      continue;
    }
    if (segment.start < ack && ack < segment.end) segment.start = ack;
    if (segment.end > ack) segments_[kept++] = segment;
  }
  segments_.resize(kept);
  return found;
}

std::uint32_t PendingSegments::span(SeqNumber base) const {
  if (in_order_ && segments_.back().end.value - base.value >= oldest().start.value - base.value)
    return segments_.back().end.value - oldest().start.value;
  std::uint32_t lowest = 0xffffffff, highest = 0;
  for (std::size_t i = head_; i < segments_.size(); ++i) {
    lowest = std::min(lowest, segments_[i].start.value - base.value);
    highest = std::max(highest, segments_[i].end.value - base.value);
  }
  return highest - lowest;
}

}  // namespace tracer
