#pragma once

#include <sys/types.h>

#include <functional>

namespace bench {

/// Another process that does `work` until this object goes: it is then ended. It also ends when
/// this process does, however that happens.
class Child {
 public:
  /// Throws TripError if the system allows no further process.
  explicit Child(const std::function<void()>& work);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

 private:
  pid_t pid_;
};

}  // namespace bench
