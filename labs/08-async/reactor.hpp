// Lab 08: a reactor waits for all descriptors at once and calls whoever has something to do. epoll
// remembers the list between calls; poll() gets it anew each time and walks all of it, which is what
// makes it slow with ten thousand idle connections (epoll(7)).
#pragma once

#include <sys/epoll.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "labs/support/lab.hpp"

class Reactor {
 public:
  using Callback = std::function<void(std::uint32_t events)>;

  Reactor() : epoll_(check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1")) {}

  /// Calls `callback` whenever one of `events` (EPOLLIN, EPOLLOUT) is possible without waiting, again
  /// and again as long as it is (level-triggered).
  void watch(int fd, std::uint32_t events, Callback callback) {
    const auto index = static_cast<std::size_t>(fd);
    if (index >= watched_.size()) watched_.resize(index + 1);
    watched_[index] = {std::make_shared<Callback>(std::move(callback)),
                       watched_[index].generation + 1};
    control(EPOLL_CTL_ADD, fd, events);
  }
  void change(int fd, std::uint32_t events) { control(EPOLL_CTL_MOD, fd, events); }
  /// Before fd is closed. Also from within its own callback.
  void forget(int fd) {
    control(EPOLL_CTL_DEL, fd, 0);
    watched_[static_cast<std::size_t>(fd)].callback.reset();
  }

  /// Calls `tick` about that often.
  void every(std::chrono::milliseconds period, std::function<void()> tick) {
    period_ = period;
    tick_ = std::move(tick);
  }

  /// The loop. All callbacks run in it, one after the other: while one runs, nobody else is served.
  [[noreturn]] void run() {
    std::array<epoll_event, 256> events;
    auto next_tick = Clock::now() + period_;
    for (;;) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(next_tick - Clock::now()).count();
      const int timeout = tick_ ? static_cast<int>(std::max<long>(left, 0)) : -1;
      const int ready = epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), timeout);
      if (ready < 0 && errno != EINTR) check(ready, "epoll_wait");
      for (int i = 0; i < ready; ++i) call(events[static_cast<std::size_t>(i)]);
      if (tick_ && Clock::now() >= next_tick) {
        tick_();
        next_tick = Clock::now() + period_;
      }
    }
  }

 private:
  using Clock = std::chrono::steady_clock;
  struct Watched {
    std::shared_ptr<Callback> callback;
    std::uint32_t generation = 0;
  };

  void control(int operation, int fd, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.u64 = std::uint64_t{watched_[static_cast<std::size_t>(fd)].generation} << 32 |
                     static_cast<std::uint32_t>(fd);
    check(epoll_ctl(epoll_, operation, fd, &event), "epoll_ctl");
  }

  void call(const epoll_event& event) {
    // Of the events that came together an earlier one may have closed this descriptor, and a new
    // connection may have got its number: the generation tells.
    const auto fd = static_cast<std::size_t>(event.data.u64 & 0xffffffff);
    const Watched& watched = watched_[fd];
    if (!watched.callback || watched.generation != event.data.u64 >> 32) return;
    const std::shared_ptr<Callback> callback =
        watched.callback;  // lives on, though it forgets itself
    (*callback)(event.events);
  }

  Fd epoll_;
  std::vector<Watched> watched_;  // by descriptor
  std::chrono::milliseconds period_{0};
  std::function<void()> tick_;
};
