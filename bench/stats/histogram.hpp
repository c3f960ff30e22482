#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

/// Counts of durations in nanoseconds, in buckets that are narrow in proportion: every value is
/// known to within 1/256 of itself, whatever its size, so that no sample need be kept and none is
/// thrown away. (The idea is HdrHistogram's; a sorted array of samples would be exact, but takes
/// memory and time that grow with the run.)
class Histogram {
 public:
  static constexpr unsigned bits = 8;  // 2^bits buckets for each doubling
  static constexpr std::uint64_t largest =
      (std::uint64_t{1} << 43) - 1;  // 2.4 hours; more counts as this

  void record(std::uint64_t value, std::uint64_t times = 1);
  void merge(const Histogram& other);

  /// What buckets(), min() and max() of another gave.
  static Histogram restore(std::vector<std::uint64_t> buckets, std::uint64_t min,
                           std::uint64_t max);

  std::uint64_t count() const { return count_; }
  bool empty() const { return count_ == 0; }
  std::uint64_t min() const { return min_; }  // exact; REQUIRES: not empty
  std::uint64_t max() const { return max_; }  // exact

  /// The value that a share `q` (0 to 1) of all samples does not exceed, by nearest rank; within a
  /// bucket the samples are taken as evenly spread. REQUIRES: not empty.
  double quantile(double q) const;
  double median() const { return quantile(0.5); }
  /// Are there at least ten samples beyond this quantile, so that chance does not decide it?
  bool supports(double q) const { return (1 - q) * static_cast<double>(count_) >= 10 - 1e-6; }

  /// Bucket by bucket; bucket i holds values from lowest(i) to lowest(i + 1) - 1.
  const std::vector<std::uint64_t>& buckets() const { return buckets_; }
  static std::size_t bucket_of(std::uint64_t value);
  static std::uint64_t lowest(std::size_t bucket);

 private:
  std::vector<std::uint64_t> buckets_;  // up to the last that is in use
  std::uint64_t count_ = 0, min_ = UINT64_MAX, max_ = 0;
};

}  // namespace bench
