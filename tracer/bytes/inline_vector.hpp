// A vector that never allocates: the capacity is part of the type.
#pragma once

#include <array>
#include <cstddef>

namespace tracer {

/// Holds up to `Capacity` values in place. T must be cheap to default-construct.
template <class T, std::size_t Capacity>
class InlineVector {
 public:
  /// False, and nothing added, if it is full.
  bool push_back(const T& value) {
    if (size_ == Capacity) return false;
    held_[size_++] = value;
    return true;
  }
  void clear() { size_ = 0; }
  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  bool full() const { return size_ == Capacity; }
  T& operator[](std::size_t i) { return held_[i]; }
  const T& operator[](std::size_t i) const { return held_[i]; }
  T& back() { return held_[size_ - 1]; }
  const T& back() const { return held_[size_ - 1]; }
  const T* begin() const { return held_.data(); }
  const T* end() const { return held_.data() + size_; }
  T* begin() { return held_.data(); }
  T* end() { return held_.data() + size_; }

 private:
  std::array<T, Capacity> held_;  // only the first size_ are meaningful
  std::size_t size_ = 0;
};

}  // namespace tracer
