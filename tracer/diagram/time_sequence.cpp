#include "tracer/diagram/time_sequence.hpp"

#include <algorithm>
#include <span>

#include "tracer/diagram/stretches.hpp"

namespace tracer {
namespace {

/// Follows 32-bit numbers that wrap: the position nearest to the latest one.
class Unwrap {
 public:
  std::int64_t operator()(std::uint32_t number) {
    if (!known_) {
      known_ = true;
      return latest_ = static_cast<std::int32_t>(number);
    }
    return latest_ += static_cast<std::int32_t>(number - static_cast<std::uint32_t>(latest_));
  }

 private:
  std::int64_t latest_ = 0;
  bool known_ = false;
};

/// One direction: its segments, and what it hears in the other direction's.
class Sender {
 public:
  Sender(const Ladder& ladder, std::uint8_t lane) : ladder_(ladder) { out.sender = lane; }

  void sends(const Row& row) {
    const Label& label = row.label;
    const std::int64_t from = position_(label.seq);
    std::int64_t to = from + label.length;
    if (label.flags.has(TcpFlags::syn)) ++to;
    if (label.flags.has(TcpFlags::fin)) ++to;
    const auto time = at(row, out.sender);
    if (!time || (to == from && !label.flags.has(TcpFlags::rst))) return;
    const bool lost =
        row.fate == Fate::lost || row.fate == Fate::corrupted || row.has(Note::Kind::lost);
    TimeSequence::Segment segment{
        row.number, *time, from, to, label.length, label.flags, to > from && sent_.meets(from, to),
        lost,       {}};
    if (ladder_.two_ended && !lost) segment.arrived = at(row, 1 - out.sender);
    // The byte of a zero-window probe goes out again with those after it: that is no repair.
    if (to > from && !row.has(Note::Kind::zero_window_probe)) sent_.add(from, to);
    out.segments.push_back(segment);
  }

  void hears(const Row& row) {
    const Label& label = row.label;
    const auto time = row.fate == Fate::corrupted ? std::nullopt : at(row, out.sender);
    if (!time || !label.flags.has(TcpFlags::ack)) return;
    const std::int64_t ack = position_(label.ack);
    if (!label.flags.has(TcpFlags::rst)) {
      const std::int64_t before = out.acks.empty() ? ack : out.acks.back().to;
      std::uint64_t duplicate = 0;
      for (const Note& note : row.notes)
        if (note.kind == Note::Kind::duplicate_ack) duplicate = note.count;
      out.acks.push_back({row.number, *time, before, ack, duplicate});
      out.windows.push_back({row.number, *time, ack + label.window, label.window == 0});
    }
    for (const auto& [left, right] : label.sack) {
      const std::int64_t from = ack + static_cast<std::int32_t>(left - label.ack),
                         to = ack + static_cast<std::int32_t>(right - label.ack);
      out.sacks.push_back({row.number, *time, from, to, to <= ack});
    }
  }

  TimeSequence out;

 private:
  std::optional<Nanoseconds> at(const Row& row, std::size_t lane) const {
    if (!row.time[lane]) return std::nullopt;
    return *row.time[lane] - ladder_.start;
  }

  const Ladder& ladder_;
  Unwrap position_;  // one for both, since ACKs speak of what was sent
  Stretches sent_;
};

}  // namespace

TimeSequences time_sequences(const Ladder& ladder, std::size_t most) {
  TimeSequences result;
  result.left_out = ladder.rows.size() - std::min(most, ladder.rows.size());
  for (const std::uint8_t lane : {std::uint8_t{0}, std::uint8_t{1}}) {
    // In the order in which that end sent and heard.
    std::vector<const Row*> rows;
    for (const Row& row : std::span(ladder.rows).first(ladder.rows.size() - result.left_out))
      if (row.label.kind == Label::Kind::tcp && row.time[lane]) rows.push_back(&row);
    std::stable_sort(rows.begin(), rows.end(), [lane](const Row* a, const Row* b) {
      return *a->time[lane] < *b->time[lane];
    });
    Sender sender(ladder, lane);
    for (const Row* row : rows) row->from == lane ? sender.sends(*row) : sender.hears(*row);
    result.of[lane] = std::move(sender.out);
  }
  return result;
}

}  // namespace tracer
