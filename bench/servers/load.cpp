#include "bench/servers/load.hpp"

#include <fmt/format.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <random>

#include "bench/servers/lane.hpp"
#include "bench/trips/endpoint.hpp"

namespace bench {
namespace {

using Clock = std::chrono::steady_clock;  // CLOCK_MONOTONIC, as the timer's

/// Which request is next, and since when its time counts.
class Plan {
 public:
  Plan(std::span<const Nanoseconds> due, Nanoseconds length) : due_(due), end_(start + length) {}

  const Clock::time_point start = Clock::now();
  /// The next request's intended start; none if there is no next one.
  std::optional<Clock::time_point> next(Clock::time_point now) const {
    if (due_.empty()) return now < end_ ? std::optional(now) : std::nullopt;
    return taken_ < due_.size() ? std::optional(start + due_[taken_]) : std::nullopt;
  }
  void take() { ++taken_; }
  /// Requests that are due and have not been taken; when all time is over.
  std::uint64_t left() const { return due_.empty() ? 0 : due_.size() - taken_; }
  Clock::time_point end() const { return due_.empty() ? end_ : start + due_.back(); }

 private:
  std::span<const Nanoseconds> due_;  // empty: a closed loop
  Clock::time_point end_;
  std::size_t taken_ = 0;
};

double processor_seconds() {
  timespec used{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

class AskingEnd {
 public:
  AskingEnd(const sockaddr_in& server, const Load& load)
      : load_(load),
        epoll_(must(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")),
        timer_(
            must(timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC), "timerfd_create")) {
    lanes_.reserve(load.connections);
    for (unsigned i = 0; i < load.connections; ++i) {
      free_.push_back(i);
      lanes_.emplace_back(server, load.keep, epoll_, i);
    }
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = load.connections;
    must(epoll_ctl(epoll_, EPOLL_CTL_ADD, timer_, &event), "epoll_ctl");
  }

  LoadResult follow(Plan plan) {
    const double before = processor_seconds();
    auto last = plan.start;
    for (;;) {
      auto now = Clock::now();
      std::optional<Clock::time_point> next;
      for (; (next = plan.next(now)) && *next <= now && !free_.empty(); now = Clock::now()) {
        const unsigned lane = free_.back();
        free_.pop_back();
        plan.take();
        if (lanes_[lane].ask(*next)) answered(lane, last = Clock::now());
      }
      if (!next && free_.size() == lanes_.size()) break;
      if (now > plan.end() + load_.patience) break;
      wait(next && !free_.empty() ? *next : plan.end() + load_.patience, last);
    }
    result_.unanswered = plan.left() + lanes_.size() - free_.size();
    result_.seconds = std::chrono::duration<double>(last - plan.start).count();
    result_.busy = (processor_seconds() - before) / std::max(result_.seconds, 1e-9);
    return std::move(result_);
  }

 private:
  /// Until then, or until there is something to read.
  void wait(Clock::time_point until, Clock::time_point& last) {
    const auto since_boot = std::max(until.time_since_epoch(), Clock::duration(1));
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since_boot);
    itimerspec alarm{};
    alarm.it_value = {seconds.count(), (since_boot - seconds).count()};
    if (until != alarm_)
      must(timerfd_settime(timer_, TFD_TIMER_ABSTIME, &alarm, nullptr), "timerfd_settime");
    alarm_ = until;
    std::array<epoll_event, 64> events;
    const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), -1);
    if (ready < 0) throw TripError(errno == EINTR ? "interrupted" : "epoll_wait failed");
    for (int i = 0; i < ready; ++i) {
      const unsigned lane = events[static_cast<std::size_t>(i)].data.u32;
      if (lane == lanes_.size())
        alarm_ = {};  // the timer: who is due is seen by follow()
      else if (lanes_[lane].go_on())
        answered(lane, last = Clock::now());
    }
    if (alarm_ == Clock::time_point()) {
      std::uint64_t expired;
      while (read(timer_, &expired, sizeof expired) > 0) {
      }
    }
  }

  void answered(unsigned lane, Clock::time_point now) {
    result_.times.record(static_cast<std::uint64_t>(
        std::max<Nanoseconds>(now - lanes_[lane].due(), Nanoseconds(1)).count()));
    free_.push_back(lane);
  }

  Load load_;
  Fd epoll_, timer_;
  std::vector<Lane> lanes_;
  std::vector<unsigned> free_;
  Clock::time_point alarm_{};
  LoadResult result_;
};

}  // namespace

LoadResult closed_loop(const sockaddr_in& server, const Load& load, Nanoseconds length) {
  AskingEnd asking(server, load);
  return asking.follow(Plan({}, length));
}

Nanoseconds reply_time(const sockaddr_in& server, Nanoseconds length, Nanoseconds patience) {
  const LoadResult result = closed_loop(server, {.connections = 1, .patience = patience}, length);
  if (result.times.empty()) throw TripError("the server does not reply");
  return Nanoseconds(std::llround(result.times.median()));
}

LoadResult open_loop(const sockaddr_in& server, const Load& load,
                     std::span<const Nanoseconds> due) {
  if (due.empty()) return {};
  AskingEnd asking(server, load);
  return asking.follow(Plan(due, {}));
}

std::vector<Nanoseconds> arrivals(double rate, Nanoseconds length, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::exponential_distribution<double> gap(rate);
  std::vector<Nanoseconds> due;
  for (double at = gap(random);; at += gap(random)) {
    const auto when = std::chrono::duration_cast<Nanoseconds>(std::chrono::duration<double>(at));
    if (when >= length) return due;
    due.push_back(when);
  }
}

}  // namespace bench
