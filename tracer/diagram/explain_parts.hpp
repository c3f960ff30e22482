// What the parts of explain() share. Not for others.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tracer/diagram/explanation.hpp"

namespace tracer::explaining {

/// The ladder that is told about, and the sentences so far.
class Telling {
 public:
  Telling(const Ladder& told, const FrameStore& kept) : ladder(told), frames(kept) {}

  const Ladder& ladder;
  const FrameStore& frames;
  std::vector<Sentence> sentences;

  void tell(Sentence::Part part, std::string text, std::vector<std::uint32_t> rows = {},
            std::string source = {}) {
    sentences.push_back({part, std::move(text), std::move(rows), std::move(source)});
  }
  /// The end of this lane: its name, else its address, with the port only if both have the same.
  std::string who(std::size_t lane) const {
    if (!ladder.names[lane].empty()) return ladder.names[lane];
    return ladder.ends[0].address == ladder.ends[1].address ? ladder.ends[lane].text()
                                                            : ladder.ends[lane].address.text();
  }
  std::string fragments_source() const {
    return ladder.ends[0].address.is_v6() ? "RFC 8200 §4.5" : "RFC 791 §3.2";
  }
  bool two_ended() const { return ladder.two_ended; }
  /// Did it reach the other end, as far as one can know? From one end: nothing speaks against it.
  bool reached(const Row& row) const {
    if (row.fate == Fate::lost || row.has(Note::Kind::corrupted) || row.has(Note::Kind::lost))
      return false;
    return !ladder.two_ended || row.time[1 - row.from].has_value();
  }
  /// When an end knew of the packet: it sent it then, or it came.
  std::optional<Timestamp> known_at(const Row& row, std::size_t lane) const {
    return row.time[lane];
  }
  const Row* find(std::uint32_t number) const {
    const auto found =
        std::lower_bound(ladder.rows.begin(), ladder.rows.end(), number,
                         [](const Row& row, std::uint32_t wanted) { return row.number < wanted; });
    return found != ladder.rows.end() && found->number == number ? &*found : nullptr;
  }
};

inline bool is_tcp(const Row& row) { return row.label.kind == Label::Kind::tcp; }
inline bool has(const Row& row, std::uint16_t flags) {
  return is_tcp(row) && row.label.flags.has(flags);
}
/// Sequence space that a segment takes: payload, SYN, FIN.
inline std::uint32_t space(const Label& label) {
  return label.length + (label.flags.has(TcpFlags::syn) ? 1u : 0u) +
         (label.flags.has(TcpFlags::fin) ? 1u : 0u);
}
inline SeqNumber end_of(const Label& label) { return SeqNumber{label.seq} + space(label); }
/// Does `row`, from the other end, acknowledge all of `segment`?
inline bool acknowledges(const Row& row, const Row& segment) {
  return row.from != segment.from && has(row, TcpFlags::ack) &&
         SeqNumber{row.label.ack} >= end_of(segment.label);
}

/// "40.4 ms", "1.02 s".
std::string duration(Nanoseconds time);
/// "#4", "#4 and #5", "#4, #5 and 7 more".
std::string numbers(const std::vector<std::uint32_t>& rows);
/// "1 byte", "16384 bytes".
std::string bytes(std::uint64_t count);
/// "1 datagram", "5 datagrams".
std::string counted(std::uint64_t count, const std::string& one);

void tell_opening(Telling& telling);
void tell_losses(Telling& telling);
void tell_windows(Telling& telling);
void tell_closing(Telling& telling);
void tell_datagrams(Telling& telling);

}  // namespace tracer::explaining
