#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "labs/testbed/messages.hpp"
#include "labs/testbed/testbed.hpp"

namespace testbed {
namespace {

/// The wire's packets by what is in them.
class EventsByContent {
 public:
  void add(std::uint64_t content, const WireEvent& event) {
    lists_[content].events.push_back(&event);
  }
  /// The first one with this content that was not taken before; null if there is none.
  const WireEvent* take(std::uint64_t content) {
    const auto found = lists_.find(content);
    if (found == lists_.end() || found->second.taken == found->second.events.size()) return nullptr;
    return found->second.events[found->second.taken++];
  }

 private:
  struct List {
    std::vector<const WireEvent*> events;
    std::size_t taken = 0;
  };
  std::unordered_map<std::uint64_t, List> lists_;
};

}  // namespace

void number_frames(RunResult& result) {
  // Two readers fed `frames`; bring them into the order of time, each vantage keeping its own.
  std::vector<std::size_t> order(result.frames.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return result.frames[a].time < result.frames[b].time;
  });
  std::vector<tracer::Frame> sorted;
  for (const std::size_t i : order) sorted.push_back(result.frames[i]);
  for (std::size_t i = 0; i < sorted.size(); ++i) result.frames[i] = sorted[i];

  EventsByContent sent_by[2], given_to[2];
  for (const WireEvent& event : result.wire) {
    const auto from = static_cast<std::size_t>(event.from);
    sent_by[from].add(event.digest, event);
    for (std::size_t copy = 0; copy < event.sent.size(); ++copy)
      given_to[1 - from].add(event.sent_digest, event);
  }
  std::size_t strangers = 0;
  for (std::size_t i = 0; i < result.frames.size(); ++i) {
    tracer::Frame& frame = result.frames[i];
    const bool outbound = frame.direction == tracer::Direction::outbound;
    const WireEvent* event =
        (outbound ? sent_by : given_to)[frame.vantage].take(digest(frame.bytes));
    if (!event) {
      ++strangers;
      continue;
    }
    frame.packet_id = event->id;
    std::string comment;
    if (outbound && event->dropped)
      comment = "lost on the wire: " + event->cause;
    else if (event->corrupted)
      comment = fmt::format("byte {} changed on the wire: {}", event->corrupt_at, event->cause);
    if (!comment.empty())
      frame.comment = tracer::as_text(result.frames.copy(tracer::as_bytes(comment)));
  }
  if (strangers == 0 || !result.complete) return;
  result.complete = false;
  result.incomplete_because =
      fmt::format("{} captured frames are not those that the wire carried", strangers);
}

}  // namespace testbed
