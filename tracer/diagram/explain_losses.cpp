// What was lost, damaged, late or double, how the sender noticed, and what it did.
#include <algorithm>

#include "tracer/diagram/explain_parts.hpp"
#include "tracer/diagram/role.hpp"
#include "tracer/diagram/time_axis.hpp"

namespace tracer::explaining {
namespace {

using namespace std::chrono_literals;
using Part = Sentence::Part;
constexpr std::size_t most_told = 6;  // of a kind, one by one

const Note* repeat_note(const Row& row) {
  for (const Note& note : row.notes)
    if (note.kind == Note::Kind::fast_retransmit || note.kind == Note::Kind::timeout_retransmit ||
        note.kind == Note::Kind::needless_retransmit || note.kind == Note::Kind::retransmit)
      return &note;
  return nullptr;
}

class Losses {
 public:
  explicit Losses(Telling& telling) : telling_(telling), rows_(telling.ladder.rows) {}

  void tell() {
    for (const Row& row : rows_) {
      const bool told = !telling_.two_ended() && has(row, TcpFlags::syn) &&
                        !has(row, TcpFlags::ack);  // by the opening
      if ((row.fate == Fate::lost || row.has(Note::Kind::lost)) && !told) lost_.push_back(&row);
      if (row.has(Note::Kind::corrupted)) corrupted_.push_back(&row);
      if (is_tcp(row) && repeats_row(row) && !seems_gone(repeats_row(row)))
        needless_.push_back(&row);
    }
    each(lost_, "lost", [&](const Row& row) { lost(row); });
    each(corrupted_, "corrupted", [&](const Row& row) { corrupted(row); });
    each(needless_, "sent again", [&](const Row& row) { needless(row); });
    duplicated();
    overtaken();
    gaps();
  }

 private:
  template <class Tell>
  void each(const std::vector<const Row*>& rows, const char* what, Tell tell_one) {
    for (std::size_t i = 0; i < rows.size() && i < most_told; ++i) tell_one(*rows[i]);
    if (rows.size() <= most_told) return;
    std::vector<std::uint32_t> more;
    for (std::size_t i = most_told; i < rows.size(); ++i) more.push_back(rows[i]->number);
    telling_.tell(Part::losses,
                  fmt::format("{} more {} {}: {}.", more.size(), more.size() == 1 ? "was" : "were",
                              what, numbers(more)),
                  more);
  }

  bool seems_gone(std::uint32_t number) const {
    const Row* row = telling_.find(number);
    return row && (row->fate == Fate::lost || row->has(Note::Kind::lost) ||
                   row->has(Note::Kind::corrupted));
  }

  static std::string what(const Row& row) {
    const Label& label = row.label;
    if (label.kind == Label::Kind::other && label.text.starts_with("IP fragment"))
      return "an IP fragment";
    if (!is_tcp(row))
      return label.kind == Label::Kind::udp ? fmt::format("a datagram of {}", bytes(label.length))
                                            : "a packet";
    if (label.flags.has(TcpFlags::syn))
      return label.flags.has(TcpFlags::ack) ? "a SYN-ACK" : "a SYN";
    if (label.flags.has(TcpFlags::rst)) return "a RST";
    if (label.length > 0)
      return fmt::format("{} of data from Seq {}{}", bytes(label.length), label.seq,
                         label.flags.has(TcpFlags::fin) ? " with the FIN" : "");
    return label.flags.has(TcpFlags::fin) ? "a FIN" : "an ACK without data";
  }

  void lost(const Row& row) {
    const bool certain = row.fate == Fate::lost;
    std::string cause;
    for (const Note& note : row.notes)
      if (note.kind == Note::Kind::lost && certain && !note.text.empty())
        cause = fmt::format(" (the wire's rule: {})", note.text);
    const Row* repeated = repetition(row);
    if (!certain && repeated && repeat_note(*repeated)->time < 1ms) {
      telling_.tell(
          Part::losses,
          fmt::format("#{} repeats #{} only {} later: the network may have doubled one packet, or "
                      "the capture seen it twice.",
                      repeated->number, row.number, duration(repeat_note(*repeated)->time)),
          {row.number, repeated->number});
      return;
    }
    const bool hole = repeated && !certain && tells_of_hole(row, *repeated);
    std::string text = fmt::format(
        "#{}, {} from {}, {}{}.", row.number, what(row), telling_.who(row.from),
        certain ? "was lost on the way"
        : hole
            ? "was probably lost"
            : "was not acknowledged in time: it was probably lost, or the answer was lost or late",
        cause);
    std::vector<std::uint32_t> evidence{row.number};
    std::string source;
    if (is_tcp(row)) {
      if (repeated)
        repair(row, *repeated, text, evidence, source);
      else if (space(row.label) == 0)
        unrepeated(row, text, evidence, source);
      else
        text += " It was not sent again within the capture.";
    } else if (const Row* datagram = whole_of(row)) {
      text += fmt::format(
          " It is a piece of the datagram {}: without it the other IP cannot put that together, "
          "and the program gets nothing of it.",
          numbers(datagram->pieces));
      evidence = datagram->pieces;
      source = telling_.fragments_source();
    } else if (row.label.kind == Label::Kind::udp) {
      text +=
          " UDP has no acknowledgments: it does not notice a loss, and sends nothing again by "
          "itself.";
      source = "RFC 768";
    }
    telling_.tell(Part::losses, std::move(text), std::move(evidence), std::move(source));
  }

  bool tells_of_hole(const Row& row, const Row& again) const {
    const Heard signs = heard(row, again);
    return !signs.duplicates.empty() || !signs.sacks.empty();
  }

  const Row* repetition(const Row& row) const {
    const auto found = std::ranges::find_if(
        rows_, [&](const Row& later) { return repeats_row(later) == row.number; });
    return found == rows_.end() ? nullptr : &*found;
  }

  /// The row that completes the datagram of which `row` is a fragment.
  const Row* whole_of(const Row& row) const {
    const auto found = std::ranges::find_if(rows_, [&](const Row& one) {
      return std::ranges::find(one.pieces, row.number) != one.pieces.end();
    });
    return found == rows_.end() ? nullptr : &*found;
  }

  /// Bare ACKs are not repeated; a later one says as much and more.
  void unrepeated(const Row& row, std::string& text, std::vector<std::uint32_t>& evidence,
                  std::string& source) const {
    if (!row.label.flags.has(TcpFlags::ack) || row.label.flags.has(TcpFlags::rst)) return;
    for (const Row& later : rows_) {
      if (later.number <= row.number || later.from != row.from || !has(later, TcpFlags::ack) ||
          !telling_.reached(later) || SeqNumber{later.label.ack} < SeqNumber{row.label.ack})
        continue;
      text += fmt::format(" It needs no repeating: #{} acknowledges as much{}.", later.number,
                          later.label.ack == row.label.ack ? "" : " and more");
      evidence.push_back(later.number);
      source = "RFC 9293 §3.4";
      return;
    }
  }

  /// What the sender had heard between the first sending and the second.
  struct Heard {
    std::vector<std::uint32_t> duplicates;  // duplicate ACKs for the missing byte
    std::vector<std::uint32_t> sacks;       // that tell of data above it
    const Row* latest = nullptr;            // the last packet before it sent again
  };
  Heard heard(const Row& row, const Row& again) const {
    Heard found;
    const std::size_t lane = row.from;
    const auto since = row.time[lane], until = again.time[lane];
    if (!since || !until) return found;
    for (const Row& other : rows_) {
      if (other.from == lane || !is_tcp(other) || !telling_.reached(other)) continue;
      const auto time = telling_.known_at(other, lane);
      if (!time || *time < *since || *time > *until ||
          (!telling_.two_ended() && other.number > again.number))
        continue;
      if (!found.latest || *time >= *found.latest->time[lane]) found.latest = &other;
      if (other.has(Note::Kind::duplicate_ack) && other.label.ack == row.label.seq)
        found.duplicates.push_back(other.number);
      if (std::ranges::any_of(other.label.sack, [&](const auto& block) {
            return SeqNumber{block.first} >= end_of(row.label);
          }))
        found.sacks.push_back(other.number);
    }
    return found;
  }

  void repair(const Row& row, const Row& again, std::string& text,
              std::vector<std::uint32_t>& evidence, std::string& source) const {
    const std::string sender = telling_.who(row.from), receiver = telling_.who(1u - row.from);
    const Note& note = *repeat_note(again);
    const Heard signs = heard(row, again);
    evidence.push_back(again.number);
    if (note.kind == Note::Kind::fast_retransmit) {
      if (!signs.duplicates.empty()) {
        text += fmt::format(
            " {} kept acknowledging {} ({} for it had {} by then: {}), and {} sent the data again "
            "as #{} without waiting for its timer: a fast retransmit.",
            receiver, row.label.seq, counted(signs.duplicates.size(), "duplicate ACK"),
            telling_.two_ended() ? "reached " + sender : "passed here", numbers(signs.duplicates),
            sender, again.number);
        evidence.insert(evidence.end(), signs.duplicates.begin(), signs.duplicates.end());
        source = signs.duplicates.size() >= 3 ? "RFC 5681 §3.2" : "RFC 6675 §5, RFC 8985 §6";
      } else if (!signs.sacks.empty()) {
        text += fmt::format(
            " SACK blocks ({}) told {} that later data had arrived, and it sent this again as #{} "
            "without waiting for its timer: a fast retransmit.",
            numbers(signs.sacks), sender, again.number);
        evidence.insert(evidence.end(), signs.sacks.begin(), signs.sacks.end());
        source = "RFC 6675 §5, RFC 8985 §6";
      } else {
        slow(row, again, note, signs, text, evidence, source);
      }
    } else {
      slow(row, again, note, signs, text, evidence, source);
    }
    if (again.fate == Fate::lost) text += " That one was lost as well.";
  }

  /// Not a fast retransmit: after silence a timer ran out; right after an ACK, that set it off.
  void slow(const Row& row, const Row& again, const Note& note, const Heard& signs,
            std::string& text, std::vector<std::uint32_t>& evidence, std::string& source) const {
    const std::string sender = telling_.who(row.from);
    const auto now = again.time[row.from];
    const auto last = signs.latest ? signs.latest->time[row.from] : std::nullopt;
    const Nanoseconds silence = now && last ? *now - *last : note.time;
    const bool ack_says_so = signs.latest && signs.latest->label.ack == row.label.seq &&
                             silence < 5ms && moves_on(*signs.latest);
    if (ack_says_so) {
      text += fmt::format(
          " {} sent it again as #{} right after #{}, which acknowledges everything before it.",
          sender, again.number, signs.latest->number);
      evidence.push_back(signs.latest->number);
      source = "RFC 6582 §3.2, RFC 5681 §3.1";
    } else if (silence >= least_silence()) {
      const std::string since =
          signs.latest ? fmt::format(", {} after the last packet from {} (#{}),", duration(silence),
                                     telling_.who(1u - row.from), signs.latest->number)
                       : ", in which no answer came,";
      text += fmt::format(" {} after sending it{} {} sent it again as #{}: a timer had {}run out.",
                          duration(note.time), since, sender, again.number,
                          telling_.two_ended() ? "" : "probably ");
      if (signs.latest) evidence.push_back(signs.latest->number);
      const bool doubled = waited_before(row) && note.time > *waited_before(row) * 17 / 10 &&
                           note.time < *waited_before(row) * 23 / 10;
      if (doubled) text += " It had waited twice as long as the time before: the timer backs off.";
      source = doubled ? "RFC 6298 §5.5"
               : !has(row, TcpFlags::syn) && is_last(row, again) && !repeats_row(row)
                   ? "RFC 6298 §5, or RFC 8985 §7 (tail loss probe)"
                   : "RFC 6298 §5";
    } else {
      text += fmt::format(" {} sent it again as #{}, {} later.", sender, again.number,
                          duration(note.time));
    }
  }

  /// Does this ACK acknowledge more than what its receiver had heard before?
  bool moves_on(const Row& ack) const {
    const std::size_t lane = 1u - ack.from;
    return std::ranges::none_of(rows_, [&](const Row& row) {
      return &row != &ack && row.from == ack.from && has(row, TcpFlags::ack) &&
             !has(row, TcpFlags::rst) && telling_.reached(row) && row.time[lane] &&
             *row.time[lane] <= *ack.time[lane] &&
             SeqNumber{row.label.ack} >= SeqNumber{ack.label.ack} &&
             (telling_.two_ended() || row.number < ack.number);
    });
  }

  /// How long its sender had waited before it sent `row`, where that is a repetition itself.
  static std::optional<Nanoseconds> waited_before(const Row& row) {
    const Note* note = repeat_note(row);
    return note && note->time > Nanoseconds(0) ? std::optional(note->time) : std::nullopt;
  }

  /// Longer than a host takes to answer. From one end the sender's own clock may be a round trip off.
  Nanoseconds least_silence() const {
    return telling_.two_ended() ? Nanoseconds(5ms)
                                : std::max<Nanoseconds>(100ms, typical_delay(telling_.ladder) * 4);
  }

  /// Had the sender sent nothing beyond this segment before it repeated it?
  bool is_last(const Row& row, const Row& again) const {
    return std::ranges::none_of(rows_, [&](const Row& other) {
      return other.from == row.from && other.number < again.number && is_tcp(other) &&
             end_of(other.label) > end_of(row.label);
    });
  }

  void corrupted(const Row& row) {
    std::string text = fmt::format(
        "#{}, {} from {}, was changed on the way: its checksum is wrong, so {} throws it away "
        "without a word.",
        row.number, what(row), telling_.who(row.from), telling_.who(1u - row.from));
    std::vector<std::uint32_t> evidence{row.number};
    std::string source = row.label.kind == Label::Kind::udp ? "RFC 1122 §4.1.3.4"
                         : is_tcp(row)                      ? "RFC 9293 §3.1"
                                                            : "";
    if (is_tcp(row)) {
      std::string more_source;
      if (const Row* again = repetition(row)) repair(row, *again, text, evidence, more_source);
      if (!more_source.empty()) source += ", " + more_source;
    }
    telling_.tell(Part::losses, std::move(text), std::move(evidence), std::move(source));
  }

  void needless(const Row& row) {
    const Row& original = *telling_.find(repeats_row(row));
    std::string text;
    std::vector<std::uint32_t> evidence{original.number, row.number};
    std::string source = "RFC 9293 §3.8.1";
    const Row* report = double_report(original, row);
    const auto came = original.time[1 - row.from], left = row.time[row.from];
    if (telling_.two_ended() && came && left && *came > *left) {
      text = fmt::format(
          "#{} repeats #{}, which was late and not lost: it arrived {} after {} had sent it again.",
          row.number, original.number, duration(*came - *left), telling_.who(row.from));
    } else if (telling_.two_ended() && telling_.reached(original)) {
      text = fmt::format(
          "#{} repeats #{}, which had arrived: {} could not know that when it sent it again.",
          row.number, original.number, telling_.who(row.from));
    } else {
      text = fmt::format("#{} carries {} that #{} had carried already.", row.number,
                         row.label.length > 0 ? "data" : "a number", original.number);
    }
    if (report) {
      text += fmt::format(" #{} reports that it came twice (D-SACK): nothing was lost.",
                          report->number);
      evidence.push_back(report->number);
      source = "RFC 2883 §4";
    }
    telling_.tell(Part::losses, std::move(text), std::move(evidence), std::move(source));
  }

  /// The D-SACK about data that was sent twice, if there is one.
  const Row* double_report(const Row& original, const Row& again) const {
    for (const Row& row : rows_) {
      if (row.from == original.from || row.number < again.number || !is_tcp(row)) continue;
      for (const auto& [from, to] : row.label.sack)
        if (SeqNumber{to} <= SeqNumber{row.label.ack} &&
            SeqNumber{from} <= SeqNumber{original.label.seq} &&
            SeqNumber{to} >= end_of(original.label))
          return &row;
    }
    return nullptr;
  }

  void duplicated() {
    std::vector<std::uint32_t> found;
    for (const Row& row : rows_)
      if (row.fate == Fate::duplicated) found.push_back(row.number);
    if (found.empty()) return;
    const bool tcp = telling_.ladder.protocol == ip_protocol::tcp;
    telling_.tell(Part::losses,
                  fmt::format("{} arrived more than once, though sent once{}.", numbers(found),
                              tcp ? ": TCP takes data of the same sequence numbers only once"
                              : telling_.ladder.protocol == ip_protocol::udp
                                  ? ": UDP hands each copy to the program"
                                  : ""),
                  found,
                  tcp                                            ? "RFC 9293 §3.10.7.4"
                  : telling_.ladder.protocol == ip_protocol::udp ? "RFC 768"
                                                                 : "");
  }

  void overtaken() {
    std::vector<const Row*> late;
    for (const Row& row : rows_)
      if (telling_.two_ended() && row.has(Note::Kind::overtaken)) late.push_back(&row);
    each(late, "overtaken", [&](const Row& row) {
      for (const Row& other : rows_) {
        const auto mine = row.time[1 - row.from], its = other.time[1 - row.from];
        if (other.number <= row.number || other.from != row.from || !mine || !its || *its >= *mine)
          continue;
        telling_.tell(
            Part::losses,
            fmt::format("#{} left before #{} and arrived after it: it was overtaken on the way.",
                        row.number, other.number),
            {row.number, other.number});
        return;
      }
    });
  }

  void gaps() {
    if (telling_.two_ended()) return;
    std::vector<std::uint32_t> found;
    for (const Row& row : rows_)
      if (row.has(Note::Kind::gap)) found.push_back(row.number);
    if (!found.empty())
      telling_.tell(Part::losses,
                    fmt::format("When {} passed, data before {} had not been seen here: it was "
                                "lost before it came here, came later, or the capture missed it.",
                                numbers(found), found.size() == 1 ? "it" : "them"),
                    found);
  }

  Telling& telling_;
  const std::vector<Row>& rows_;
  std::vector<const Row*> lost_, corrupted_, needless_;
};

}  // namespace

void tell_losses(Telling& telling) { Losses(telling).tell(); }

}  // namespace tracer::explaining
