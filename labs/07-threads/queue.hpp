// Lab 07: a queue between threads, with a bound. Who puts waits while it is full, who takes waits
// while it is empty; nobody spins.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>

template <class Item>
class BoundedQueue {
 public:
  explicit BoundedQueue(std::size_t most) : most_(most) {}

  void put(Item item) {
    std::unique_lock lock(mutex_);
    // wait() gives the lock back while it sleeps, and looks again when woken: it may have been woken
    // for nothing, or somebody else was quicker (pthread_cond_wait(3)).
    not_full_.wait(lock, [&] { return items_.size() < most_; });
    items_.push_back(std::move(item));
    not_empty_.notify_one();
  }

  /// Nothing: it is closed and empty.
  std::optional<Item> take() {
    std::unique_lock lock(mutex_);
    not_empty_.wait(lock, [&] { return !items_.empty() || closed_; });
    if (items_.empty()) return std::nullopt;
    Item item = std::move(items_.front());
    items_.pop_front();
    not_full_.notify_one();
    return item;
  }

  /// No more will come: all who wait to take are woken.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    not_empty_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable not_empty_, not_full_;
  std::deque<Item> items_;
  std::size_t most_;
  bool closed_ = false;
};
