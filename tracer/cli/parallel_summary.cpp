#include "tracer/cli/parallel_summary.hpp"

#include <sched.h>

#include <deque>
#include <exception>
#include <system_error>
#include <thread>

#include "tracer/render/summary.hpp"
#include "tracer/tracking/tracker.hpp"

namespace tracer {
namespace {

/// One thread's work, and what came of it.
class Follower {
 public:
  Follower(FrameSource& source, Share share) : source_(source), share_(share), tracker_(share) {}

  void follow(const std::atomic<bool>& interrupted) noexcept {
    try {
      Packet packet;
      std::uint64_t number = 0;
      while (!interrupted.load(std::memory_order_relaxed) && source_.next(packet.frame)) {
        ++number;
        if (is_seen_again(packet.frame) || !share_.may_have(packet.frame)) continue;
        decode(number, packet);
        tracker_.track(packet);
      }
    } catch (...) {
      failure_ = std::current_exception();
    }
  }
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

  /// The earliest conversation that was not taken yet; null: none is left.
  const Conversation* earliest() const {
    return taken_ < tracker_.conversations().size() ? &tracker_.conversations()[taken_] : nullptr;
  }
  void take() { ++taken_; }

 private:
  FrameSource& source_;
  Share share_;
  Tracker tracker_;
  std::exception_ptr failure_;
  std::size_t taken_ = 0;
};

void follow_all(std::deque<Follower>& followers, const std::atomic<bool>& interrupted) {
  std::vector<std::jthread> helpers;  // waited for when they go
  try {
    while (helpers.size() + 1 < followers.size()) {
      Follower& one = followers[helpers.size() + 1];
      helpers.emplace_back([&one, &interrupted] { one.follow(interrupted); });
    }
  } catch (const std::system_error&) {
    // No more threads for us: below.
  }
  followers[0].follow(interrupted);
  for (std::size_t i = helpers.size() + 1; i < followers.size(); ++i)
    followers[i].follow(interrupted);
}

/// The one that has the earliest conversation of all that were not taken yet; null: none has.
Follower* next_follower(std::deque<Follower>& followers) {
  Follower* next = nullptr;
  for (Follower& one : followers)
    if (one.earliest() && (!next || one.earliest()->first_number < next->earliest()->first_number))
      next = &one;
  return next;
}

}  // namespace

bool is_divisible(const Options& options) {
  return options.format == Options::Format::summary && options.files.size() == 1 &&
         options.rules.empty() && options.display_filter.empty() &&
         options.capture_filter.empty() && !options.write && options.count == UINT64_MAX;
}

std::size_t summary_threads() {
  cpu_set_t ours;
  CPU_ZERO(&ours);
  return sched_getaffinity(0, sizeof ours, &ours) == 0 && CPU_COUNT(&ours) > 1 ? 2 : 1;
}

void summarize(const TextStyle& style, const std::vector<std::unique_ptr<FrameSource>>& sources,
               const std::atomic<bool>& interrupted, Output& out) {
  std::deque<Follower> followers;
  const auto count = static_cast<std::uint32_t>(sources.size());
  for (std::uint32_t i = 0; i < count; ++i) followers.emplace_back(*sources[i], Share(i, count));
  follow_all(followers, interrupted);
  for (const Follower& one : followers) one.rethrow();
  while (Follower* const one = next_follower(followers)) {
    append_summary(out.text, *one->earliest(), style);
    one->take();
    out.flush_if_large();
  }
}

}  // namespace tracer
