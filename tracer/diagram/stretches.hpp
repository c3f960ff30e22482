#pragma once

#include <algorithm>
#include <cstdint>
#include <map>

namespace tracer {

/// Stretches of a sequence space, kept apart and in order: what was sent, what has arrived.
class Stretches {
 public:
  /// Is any of [from, to) in them?
  bool meets(std::int64_t from, std::int64_t to) const {
    const auto after = held_.lower_bound(to);
    return after != held_.begin() && std::prev(after)->second > from;
  }
  /// Adds [from, to) and returns how much of it is new.
  std::int64_t add(std::int64_t from, std::int64_t to) {
    std::int64_t fresh = to - from;
    const std::int64_t begin = from, end = to;
    auto at = held_.lower_bound(from);
    if (at != held_.begin() && std::prev(at)->second >= from) --at;
    while (at != held_.end() && at->first <= to) {
      fresh -= std::max<std::int64_t>(0, std::min(end, at->second) - std::max(begin, at->first));
      from = std::min(from, at->first);
      to = std::max(to, at->second);
      at = held_.erase(at);
    }
    held_.emplace(from, to);
    return fresh;
  }

 private:
  std::map<std::int64_t, std::int64_t> held_;  // from, to; neighbours joined
};

}  // namespace tracer
