#include "tracer/diagram/time_axis.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

namespace tracer {
namespace {

constexpr double longest_pause = 4;  // typical delays; longer ones are cut

/// b - a; at most what 64 bits hold, since a capture may claim any two times.
Nanoseconds between(Timestamp a, Timestamp b) {
  std::int64_t difference = 0;
  if (__builtin_sub_overflow(b.time_since_epoch().count(), a.time_since_epoch().count(),
                             &difference))
    return b < a ? Nanoseconds::min() : Nanoseconds::max();
  return Nanoseconds(difference);
}

std::optional<Nanoseconds> median(std::vector<Nanoseconds> times) {
  std::erase_if(times, [](Nanoseconds time) { return time <= Nanoseconds{0}; });
  if (times.empty()) return std::nullopt;
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::nth_element(times.begin(), middle, times.end());
  return *middle;
}

std::optional<Nanoseconds> one_way(const Ladder& ladder) {
  std::vector<Nanoseconds> delays;
  for (const Row& row : ladder.rows)
    if (row.time[0] && row.time[1])
      delays.push_back(between(*row.time[row.from], *row.time[1u - row.from]));
  return median(std::move(delays));
}

/// From the SYN to the ACK of the SYN-ACK is one round trip, wherever the capture was made.
std::optional<Nanoseconds> handshake(const Ladder& ladder) {
  const Row* syn = nullptr;
  bool answered = false;
  for (const Row& row : ladder.rows) {
    if (row.label.kind != Label::Kind::tcp) continue;
    const TcpFlags flags = row.label.flags;
    if (flags.has(TcpFlags::rst)) return std::nullopt;
    if (flags.has(TcpFlags::syn) && !flags.has(TcpFlags::ack)) {
      syn = &row;
      answered = false;
    } else if (flags.has(TcpFlags::syn)) {
      answered = syn && row.from != syn->from;
    } else if (answered && row.from == syn->from && row.time[0] && syn->time[0] &&
               *row.time[0] > *syn->time[0]) {
      return between(*syn->time[0], *row.time[0]) / 2;
    }
  }
  return std::nullopt;
}

std::optional<Nanoseconds> turns(const Ladder& ladder) {
  std::vector<Nanoseconds> pauses;
  for (std::size_t i = 1; i < ladder.rows.size(); ++i) {
    const Row &before = ladder.rows[i - 1], &row = ladder.rows[i];
    if (row.from != before.from && row.time[0] && before.time[0])
      pauses.push_back(between(*before.time[0], *row.time[0]));
  }
  return median(std::move(pauses));
}

}  // namespace

Nanoseconds typical_delay(const Ladder& ladder) {
  std::optional<Nanoseconds> found;
  if (ladder.two_ended) found = one_way(ladder);
  if (!found) found = handshake(ladder);
  if (!found) found = turns(ladder);
  return std::max(found.value_or(std::chrono::milliseconds(1)), Nanoseconds{1});
}

TimeAxis::TimeAxis(std::span<const AxisEvent> events, const Scale& scale,
                   std::span<const AxisSpacing> spacings)
    : scale_(scale), heights_(events.size()) {
  if (events.empty()) return;
  std::vector<std::size_t> order(events.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return events[a].time < events[b].time; });
  std::vector<std::vector<AxisSpacing>> wanted(spacings.empty() ? 0 : events.size());
  for (const AxisSpacing& one : spacings) wanted[one.to].push_back(one);

  first_ = events[order[0]].time;
  std::optional<double> latest[2];  // labelled event of each lane
  double height = 0;
  Timestamp before = first_;
  for (const std::size_t index : order) {
    const AxisEvent& event = events[index];
    const double whole = even(between(before, event.time)), top = height;
    const bool cut = whole > longest_pause * scale_.typical_height;
    const double fair = cut ? scale_.cut_height : whole;
    height += fair;
    if (event.labelled && latest[event.lane])
      height = std::max(height, *latest[event.lane] + scale_.apart);
    if (!wanted.empty())
      for (const AxisSpacing& one : wanted[index])
        height = std::max(height, heights_[one.from] + one.distance);
    heights_[index] = height;
    if (event.labelled) latest[event.lane] = height;
    if (height > top)
      pieces_.push_back({before, event.time, top, height,
                         cut                         ? Piece::Kind::cut
                         : height - top > fair + 0.5 ? Piece::Kind::stretched
                                                     : Piece::Kind::even});
    before = event.time;
  }
}

double TimeAxis::even(Nanoseconds time) const {
  return static_cast<double>(time.count()) / static_cast<double>(scale_.typical.count()) *
         scale_.typical_height;
}

double TimeAxis::height_at(Timestamp time) const {
  if (pieces_.empty()) return 0;
  if (time < first_) return -even(between(time, first_));
  const auto after =
      std::lower_bound(pieces_.begin(), pieces_.end(), time,
                       [](const Piece& piece, Timestamp moment) { return piece.to < moment; });
  if (after == pieces_.end()) return total() + even(between(pieces_.back().to, time));
  if (after->to == after->from) return after->bottom;
  const double part = even(between(after->from, time)) / even(between(after->from, after->to));
  return after->top + part * (after->bottom - after->top);
}

}  // namespace tracer
