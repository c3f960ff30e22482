#include "bench/stats/histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <utility>

namespace bench {

std::size_t Histogram::bucket_of(std::uint64_t value) {
  value = std::min(value, largest);
  // The top bits + 1 bits of the value choose the bucket; small values have one each.
  const unsigned width = static_cast<unsigned>(std::bit_width(value));
  const unsigned shift = width > bits + 1 ? width - bits - 1 : 0;
  return (std::size_t{shift} << bits) + static_cast<std::size_t>(value >> shift);
}

std::uint64_t Histogram::lowest(std::size_t bucket) {
  constexpr std::size_t octave = std::size_t{1} << bits;
  if (bucket < 2 * octave) return bucket;
  const std::size_t shift = (bucket >> bits) - 1;
  return static_cast<std::uint64_t>((bucket & (octave - 1)) | octave) << shift;
}

void Histogram::record(std::uint64_t value, std::uint64_t times) {
  if (times == 0) return;
  const std::size_t bucket = bucket_of(value);
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  buckets_[bucket] += times;
  count_ += times;
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
}

Histogram Histogram::restore(std::vector<std::uint64_t> buckets, std::uint64_t min,
                             std::uint64_t max) {
  Histogram made;
  for (const std::uint64_t count : buckets) made.count_ += count;
  made.buckets_ = std::move(buckets);
  made.min_ = min;
  made.max_ = max;
  return made;
}

void Histogram::merge(const Histogram& other) {
  if (other.buckets_.size() > buckets_.size()) buckets_.resize(other.buckets_.size());
  for (std::size_t i = 0; i < other.buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

double Histogram::quantile(double q) const {
  const double wanted = std::ceil(q * static_cast<double>(count_) - 1e-9);
  const auto rank =
      static_cast<std::uint64_t>(std::clamp(wanted, 1.0, static_cast<double>(count_)));
  std::uint64_t before = 0;
  std::size_t bucket = 0;
  while (before + buckets_[bucket] < rank) before += buckets_[bucket++];
  const auto low = static_cast<double>(lowest(bucket));
  const auto width = static_cast<double>(lowest(bucket + 1) - lowest(bucket)) - 1;
  const double within =
      (static_cast<double>(rank - before) - 0.5) / static_cast<double>(buckets_[bucket]);
  return std::clamp(low + width * within, static_cast<double>(min_), static_cast<double>(max_));
}

}  // namespace bench
