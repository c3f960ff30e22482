#include "tracer/diagram/tcp_story.hpp"

#include <algorithm>

namespace tracer {
namespace {

using namespace std::chrono_literals;

/// Sequence space that a segment takes, and the row that it is.
struct Sent {
  SeqNumber start, end;
  std::size_t row;
};

/// Relative numbers are enough: a connection's own space starts at its initial number.
SeqNumber start_of(const Label& label) { return {label.seq}; }
SeqNumber end_of(const Label& label) {
  return SeqNumber{label.seq} + label.length + (label.flags.has(TcpFlags::syn) ? 1 : 0) +
         (label.flags.has(TcpFlags::fin) ? 1 : 0);
}
bool takes_space(const Label& label) {
  return label.length > 0 || label.flags.has(TcpFlags::syn | TcpFlags::fin);
}

class Story {
 public:
  Story(Ladder& ladder, const FrameStore& frames)
      : ladder_(ladder), rows_(ladder.rows), frames_(frames) {}

  void tell() {
    find_round_trip();
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i].label.kind != Label::Kind::tcp) continue;
      retransmission(i);
      duplicate_ack(rows_[i]);
      if (!ladder_.two_ended) take_back_losses(rows_[i]);
    }
    states();
  }

 private:
  /// From a SYN to the SYN-ACK, at the originator; generous if there was none.
  void find_round_trip() {
    for (const Row& syn : rows_) {
      if (!syn.label.flags.has(TcpFlags::syn) || syn.label.flags.has(TcpFlags::ack) ||
          !syn.time[syn.from])
        continue;
      for (const Row& answer : rows_) {
        if (!may_look()) return;
        if (answer.from != syn.from && answer.label.flags.has(TcpFlags::syn) &&
            answer.time[syn.from] && *answer.time[syn.from] > *syn.time[syn.from])
          round_trip_ = std::min(round_trip_, *answer.time[syn.from] - *syn.time[syn.from]);
      }
    }
  }

  void retransmission(std::size_t index) {
    Row& row = rows_[index];
    const Label& label = row.label;
    if (!takes_space(label) || row.has(Note::Kind::keep_alive) ||
        row.has(Note::Kind::zero_window_probe))
      return;
    auto& sent = sent_[row.from];
    const SeqNumber start = start_of(label), end = end_of(label);
    const bool behind = !sent.empty() && start < highest_[row.from];
    if (behind) {
      const auto original = std::find_if(sent.rbegin(), sent.rend(), [&](const Sent& one) {
        return !may_look() || (one.start <= start && start < one.end);
      });
      if (original != sent.rend() && patience_ > 0) repeat(row, index, original->row);
    }
    sent.push_back({start, end, index});
    if (!behind || end > highest_[row.from]) highest_[row.from] = end;
  }

  void repeat(Row& row, std::size_t index, std::size_t of) {
    Row& original = rows_[of];
    if (row.has(Note::Kind::overtaken) && !ladder_.two_ended) return;  // late, not sent again
    // In a simultaneous open each end answers with a SYN-ACK of the number that its SYN had (RFC 9293 §3.5).
    if (row.label.flags.has(TcpFlags::syn) && row.label.flags.has(TcpFlags::ack) &&
        !original.label.flags.has(TcpFlags::ack))
      return;
    Note note{Note::Kind::retransmit, original.number, 0, {}, {}};
    const auto now = row.time[row.from], before = original.time[row.from];
    if (now && before) {
      note.time = *now - *before;
      note.kind = why(row, index, *before);
    }
    const bool arrived = original.fate == Fate::arrived || original.fate == Fate::duplicated;
    if (arrived && !original.has(Note::Kind::corrupted)) {
      // It had arrived; the sender could not know. What made it send again is still what it was.
      const auto came = original.time[1 - row.from];
      const bool late = ladder_.two_ended && now && came && *came > *now;
      note.text = late ? "it was only late" : "it had arrived";
      if (note.kind == Note::Kind::retransmit) note.kind = Note::Kind::needless_retransmit;
    }
    if (!ladder_.two_ended && !acknowledged(original, index) && !original.has(Note::Kind::lost))
      original.notes.push_back({Note::Kind::lost, 0, 0, {}, "probably"});
    row.notes.push_back(note);
    repeats_.emplace_back(of, index);
  }

  /// A sender repeats a segment because ACKs tell of a hole (RFC 5681 §3.2, RFC 6675, RFC 8985), and
  /// then at once, or because a timer ran out in silence (RFC 6298 §5.4). Both leave a mark in what
  /// had reached the sender by then.
  Note::Kind why(const Row& row, std::size_t index, Timestamp since) const {
    const Timestamp now = *row.time[row.from];
    std::optional<Timestamp> latest;
    bool hole = false;
    for (std::size_t i = index; i-- > 0 && may_look();) {
      const Row& heard = rows_[i];
      if (heard.from == row.from) {
        if (heard.time[row.from] && *heard.time[row.from] < since) break;
        continue;
      }
      const auto arrival = heard.time[row.from];
      if (!arrival || *arrival > now || *arrival < since || heard.fate == Fate::lost) continue;
      latest = std::max(latest.value_or(*arrival), *arrival);
      const bool above = std::ranges::any_of(heard.label.sack, [&](auto& block) {
        return SeqNumber{block.first} > start_of(row.label);
      });
      hole = hole || above || heard.has(Note::Kind::duplicate_ack);
    }
    if (hole && now - *latest <= round_trip_ / 2 + 10ms) return Note::Kind::fast_retransmit;
    return Note::Kind::timeout_retransmit;
  }

  /// A D-SACK (RFC 2883) tells that data came twice: then neither sending of it was lost. It follows
  /// soon after the second, so only the latest repeats are asked.
  void take_back_losses(const Row& heard) {
    constexpr std::size_t latest = 64;
    for (const auto& [from, to] : heard.label.sack) {
      if (SeqNumber{to} > SeqNumber{heard.label.ack}) continue;
      for (std::size_t i = repeats_.size() - std::min(latest, repeats_.size()); i < repeats_.size();
           ++i) {
        Row &original = rows_[repeats_[i].first], &again = rows_[repeats_[i].second];
        const bool covered = SeqNumber{original.label.seq} >= SeqNumber{from} &&
                             end_of(original.label) <= SeqNumber{to};
        if (original.from == heard.from || !covered) continue;
        std::erase_if(original.notes,
                      [](const Note& note) { return note.kind == Note::Kind::lost; });
        for (Note& note : again.notes)
          if (note.about == original.number) note.text = "it had arrived";
      }
    }
  }

  bool acknowledged(const Row& original, std::size_t before) const {
    for (std::size_t i = before; i-- > 0 && rows_[i].number > original.number && may_look();)
      if (rows_[i].from != original.from && rows_[i].label.flags.has(TcpFlags::ack) &&
          SeqNumber{rows_[i].label.ack} >= end_of(original.label))
        return true;
    return false;
  }

  /// RFC 5681 §2, and RFC 6675 §2: an ACK that moves nothing while data is outstanding; a changed
  /// window excuses it only if no SACK block tells of data above. Blocks below tell of data that
  /// came twice (D-SACK, RFC 2883), and that is no sign of loss.
  void duplicate_ack(Row& row) {
    const Label& label = row.label;
    auto& last = last_ack_[row.from];
    const bool bare = label.length == 0 && label.flags.has(TcpFlags::ack) && !label.flags.control();
    const bool same = last && last->ack == label.ack;
    const bool outstanding = SeqNumber{label.ack} < highest_[1 - row.from];
    const bool above = std::ranges::any_of(
        label.sack, [&](auto& block) { return SeqNumber{block.second} > SeqNumber{label.ack}; });
    const bool only_duplicates = !label.sack.empty() && !above;
    const bool answers_probe =
        row.has(Note::Kind::keep_alive_ack) || row.has(Note::Kind::keep_alive) || label.window == 0;
    if (bare && same && outstanding && !answers_probe && !only_duplicates &&
        (label.window == last->window || above)) {
      row.notes.push_back({Note::Kind::duplicate_ack, last->row, ++last->duplicates, {}, {}});
      last->window = label.window;
    } else if (label.flags.has(TcpFlags::ack)) {
      if (same)
        last->window = label.window;
      else
        last = LastAck{label.ack, label.window, row.number, 0};
    }
  }

  /// Each end in the order of its own clock: what it sends when it leaves, what it gets on arrival.
  void states() {
    struct Event {
      Timestamp time;
      std::size_t row;
      bool arrival;
    };
    std::vector<Event> events;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const Row& row = rows_[i];
      if (row.label.kind != Label::Kind::tcp) continue;
      if (row.time[row.from]) events.push_back({*row.time[row.from], i, false});
      const bool takes_effect = row.fate != Fate::lost && row.fate != Fate::corrupted;
      if (takes_effect && row.time[1 - row.from])
        events.push_back({*row.time[1 - row.from], i, true});
    }
    std::stable_sort(events.begin(), events.end(),
                     [](const Event& a, const Event& b) { return a.time < b.time; });
    TcpEnd ends[2];
    Packet packet;
    for (const Event& event : events) {
      Row& row = rows_[event.row];
      decode(frames_[event.arrival && row.arrival != Passage::none ? row.arrival
                     : row.departure != Passage::none              ? row.departure
                                                                   : row.arrival],
             1, packet);
      if (!packet.tcp) continue;
      const std::uint8_t lane = event.arrival ? static_cast<std::uint8_t>(1 - row.from) : row.from;
      const TcpState before = ends[lane].state();
      if (event.arrival)
        ends[lane].receives(*packet.tcp, packet.tcp_length().value_or(0));
      else
        ends[lane].sends(*packet.tcp, packet.tcp_length().value_or(0));
      if (ends[lane].state() != before) row.state[lane] = ends[lane].state();
    }
  }

  /// Each repeat is searched for among what came before. In a real capture it lies near; one made to
  /// cost time runs out of patience, and what comes after is told without.
  bool may_look() const { return patience_ > 0 && --patience_ > 0; }

  struct LastAck {
    std::uint32_t ack, window;
    std::uint32_t row;
    std::uint64_t duplicates;
  };

  Ladder& ladder_;
  std::vector<Row>& rows_;
  const FrameStore& frames_;
  mutable std::uint64_t patience_ = 200'000'000;  // comparisons, about a second
  Nanoseconds round_trip_ = 200ms;
  std::vector<Sent> sent_[2];
  SeqNumber highest_[2];
  std::vector<std::pair<std::size_t, std::size_t>> repeats_;  // the first sending, the second
  std::optional<LastAck> last_ack_[2];
};

}  // namespace

void tell_tcp_story(Ladder& ladder, const FrameStore& frames) { Story(ladder, frames).tell(); }

}  // namespace tracer
