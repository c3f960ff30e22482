#include "tracer/tracking/pending_segments.hpp"

#include <algorithm>

namespace tracer {

std::vector<std::unique_ptr<PendingSegments::Queue>>& PendingSegments::spare() {
  thread_local std::vector<std::unique_ptr<Queue>> queues;
  return queues;
}

void PendingSegments::give_back() {
  constexpr std::size_t most_queues = 256, most_segments = 64;  // large ones are not worth keeping
  if (spare().size() < most_queues && queue_->segments.capacity() <= most_segments) {
    queue_->segments.clear();
    queue_->head = 0;
    queue_->in_order = true;
    spare().push_back(std::move(queue_));
  }
  queue_.reset();
}

void PendingSegments::add(SeqNumber start, SeqNumber end, Timestamp time, std::uint64_t frame) {
  if (!queue_ && !spare().empty()) {
    queue_ = std::move(spare().back());
    spare().pop_back();
  } else if (!queue_) {
    queue_ = std::make_unique<Queue>();
    queue_->segments.reserve(4);  // more than a short connection needs at a time
  }
  auto& [segments, head, in_order] = *queue_;
  if (segments.size() - head >= capacity) return;
  if (head == segments.size()) {
    segments.clear();
    head = 0;
    in_order = true;
  } else {
    in_order = in_order && start >= segments.back().end;
    if (head > 64 && head * 2 > segments.size()) {  // reuse the room at the front
      segments.erase(segments.begin(), segments.begin() + static_cast<std::ptrdiff_t>(head));
      head = 0;
    }
  }
  // In place: a processor waits when it copies as one what it has just written in parts.
  Segment& added = segments.emplace_back();
  added.start = start;
  added.end = end;
  added.time = time;
  added.frame = frame;
}

PendingSegments::Acknowledged PendingSegments::acknowledge(SeqNumber ack) {
  if (empty()) return {};
  Queue& queue = *queue_;
  // In order, and no longer than half the space: all that is before `ack` is at the front.
  if (!queue.in_order || queue.segments.back().end - queue.oldest().start < 0)
    return acknowledge_each(ack);
  Acknowledged found;
  while (!queue.empty() && queue.oldest().end <= ack) {
    if (queue.oldest().end == ack) found = {queue.oldest().frame, queue.oldest().time};
    ++queue.head;
  }
  if (!queue.empty() && queue.oldest().start < ack) queue.segments[queue.head].start = ack;
  return found;
}

PendingSegments::Acknowledged PendingSegments::acknowledge_each(SeqNumber ack) {
  auto& [segments, head, in_order] = *queue_;
  Acknowledged found;
  std::size_t kept = head;
  for (std::size_t i = head; i < segments.size(); ++i) {
    Segment segment = segments[i];
    if (segment.end == ack) {
      if (found.frame == 0) found = {segment.frame, segment.time};
      continue;
    }
    if (segment.start < ack && ack < segment.end) segment.start = ack;
    if (segment.end > ack) segments[kept++] = segment;
  }
  segments.resize(kept);
  return found;
}

std::uint32_t PendingSegments::span(SeqNumber base) const {
  const auto& [segments, head, in_order] = *queue_;
  if (in_order && segments.back().end.value - base.value >= segments[head].start.value - base.value)
    return segments.back().end.value - segments[head].start.value;
  std::uint32_t lowest = 0xffffffff, highest = 0;
  for (std::size_t i = head; i < segments.size(); ++i) {
    lowest = std::min(lowest, segments[i].start.value - base.value);
    highest = std::max(highest, segments[i].end.value - base.value);
  }
  return highest - lowest;
}

}  // namespace tracer
