#pragma once

#include <algorithm>
#include <chrono>

namespace tracer {

/// How often something may be done whose cost grows: never more than a quarter of the time.
class Pace {
 public:
  using Clock = std::chrono::steady_clock;

  bool due() const { return Clock::now() >= next_; }
  /// Milliseconds until due(), for poll(2); at least 1.
  int wait() const {
    return static_cast<int>(std::max<std::int64_t>(
        1, std::chrono::ceil<std::chrono::milliseconds>(next_ - Clock::now()).count()));
  }
  template <class Work>
  void work(const Work& what) {
    const auto start = Clock::now();
    what();
    const auto end = Clock::now();
    next_ = end + std::max<Clock::duration>(std::chrono::milliseconds(10), 3 * (end - start));
  }

 private:
  Clock::time_point next_{};
};

}  // namespace tracer
