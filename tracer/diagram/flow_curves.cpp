#include <algorithm>
#include <map>
#include <set>

#include "tracer/diagram/stretches.hpp"
#include "tracer/diagram/time_sequence.hpp"

namespace tracer {
namespace {

constexpr std::int64_t bins = 50;

/// 1, 2 or 5 times a power of ten that is at least `time`.
Nanoseconds nice(Nanoseconds time) {
  std::int64_t step = 1;
  while (step < 1'000'000'000'000'000'000 / 10 && step * 10 < time.count()) step *= 10;
  for (const std::int64_t factor : {1, 2, 5, 10})
    if (step * factor >= time.count()) return Nanoseconds(step * factor);
  return time;
}

}  // namespace

FlowCurves flow_curves(const TimeSequence& sequence, bool two_ended) {
  FlowCurves curves;
  // In order of time at the sender: segments and ACKs.
  std::map<std::int64_t, const TimeSequence::Segment*> outstanding;  // by end
  std::set<std::int64_t> twice;
  std::int64_t next = 0, acknowledged = 0;
  bool begun = false;
  auto ack = sequence.acks.begin();
  const auto in_flight = [&](Nanoseconds time) {
    curves.in_flight.push_back(
        {time, static_cast<double>(std::max<std::int64_t>(0, next - acknowledged))});
  };
  const auto hear = [&](const TimeSequence::Ack& one) {
    if (!begun || one.to <= acknowledged || one.to > next) return;
    // An ACK that covers anything sent twice does not say which of the two it answers (Karn).
    const bool clear = twice.empty() || *twice.begin() > one.to;
    if (const auto segment = outstanding.find(one.to); segment != outstanding.end() && clear)
      curves.round_trip.push_back(
          {one.time, static_cast<double>((one.time - segment->second->time).count()) / 1e6});
    acknowledged = one.to;
    outstanding.erase(outstanding.begin(), outstanding.upper_bound(one.to));
    twice.erase(twice.begin(), twice.upper_bound(one.to));
    in_flight(one.time);
  };
  for (const TimeSequence::Segment& segment : sequence.segments) {
    for (; ack != sequence.acks.end() && ack->time < segment.time; ++ack) hear(*ack);
    if (segment.to == segment.from) continue;
    if (!begun) acknowledged = next = segment.from;
    begun = true;
    if (segment.again) {
      for (auto at = outstanding.upper_bound(segment.from);
           at != outstanding.end() && at->second->from < segment.to; ++at)
        twice.insert(at->first);
      twice.insert(segment.to);
    }
    outstanding.emplace(segment.to, &segment);
    next = std::max(next, segment.to);
    in_flight(segment.time);
  }
  for (; ack != sequence.acks.end(); ++ack) hear(*ack);

  // Payload counts when it reaches the receiver, and once.
  std::vector<std::pair<Nanoseconds, std::int64_t>> delivered;
  std::vector<const TimeSequence::Segment*> arrivals;
  for (const TimeSequence::Segment& segment : sequence.segments)
    if (segment.length > 0 && (segment.arrived || !two_ended)) arrivals.push_back(&segment);
  const auto moment = [&](const TimeSequence::Segment* one) {
    return two_ended ? *one->arrived : one->time;
  };
  std::stable_sort(arrivals.begin(), arrivals.end(),
                   [&](auto* a, auto* b) { return moment(a) < moment(b); });
  Stretches held;
  for (const auto* one : arrivals) {
    const std::int64_t begin = one->from + (one->flags.has(TcpFlags::syn) ? 1 : 0),
                       fresh = held.add(begin, begin + one->length);
    if (fresh > 0) delivered.emplace_back(moment(one), fresh);
  }
  if (delivered.empty()) return curves;
  const Nanoseconds first = delivered.front().first, span = delivered.back().first - first;
  curves.bin = nice(std::max(span / bins, Nanoseconds(100'000)));
  std::map<std::int64_t, std::int64_t> bytes;
  const auto bin_of = [&](Nanoseconds time) {
    return (time.count() >= 0 ? time.count() : time.count() - curves.bin.count() + 1) /
           curves.bin.count();
  };
  for (const auto& [time, count] : delivered) bytes[bin_of(time)] += count;
  const double seconds = static_cast<double>(curves.bin.count()) / 1e9;
  curves.throughput.push_back({curves.bin * bytes.begin()->first, 0});
  for (std::int64_t bin = bytes.begin()->first; bin <= bytes.rbegin()->first + 1; ++bin) {
    const auto at = bytes.find(bin);
    curves.throughput.push_back(
        {curves.bin * bin, at == bytes.end() ? 0 : static_cast<double>(at->second) * 8 / seconds});
  }
  return curves;
}

}  // namespace tracer
