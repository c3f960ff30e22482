#include "tracer/diagram/explanation.hpp"

#include <algorithm>

#include "tracer/diagram/explain_parts.hpp"
#include "tracer/diagram/time_sequence.hpp"

namespace tracer {
namespace explaining {

using Part = Sentence::Part;

std::string duration(Nanoseconds time) {
  const double ms = static_cast<double>(time.count()) / 1e6;
  if (ms >= 1000) return fmt::format("{:.2f} s", ms / 1000);
  if (ms >= 100) return fmt::format("{:.0f} ms", ms);
  if (ms >= 0.1) return fmt::format("{:.1f} ms", ms);
  return fmt::format("{:.0f} µs", ms * 1000);
}

std::string numbers(const std::vector<std::uint32_t>& rows) {
  constexpr std::size_t most = 8;
  std::string text;
  for (std::size_t i = 0; i < rows.size() && (i < most || rows.size() == most + 1); ++i)
    text += fmt::format("{}#{}", i == 0 ? "" : i + 1 == rows.size() ? " and " : ", ", rows[i]);
  if (rows.size() > most + 1) text += fmt::format(" and {} more", rows.size() - most);
  return text;
}

std::string bytes(std::uint64_t count) {
  return count == 1 ? "1 byte" : fmt::format("{} bytes", count);
}
std::string counted(std::uint64_t count, const std::string& one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

namespace {

void tell_setting(Telling& telling) {
  if (telling.two_ended()) {
    telling.tell(Part::setting,
                 "Both ends were captured: when each packet left and whether it arrived is known, "
                 "not inferred.");
  } else {
    telling.tell(Part::setting,
                 "One place was captured: what reached the far end, and when, is not known. Losses "
                 "are inferred from what was sent again.");
  }
  std::vector<std::uint32_t> faulty;
  for (const Row& row : telling.ladder.rows)
    if (row.has(Note::Kind::malformed)) faulty.push_back(row.number);
  if (!faulty.empty())
    telling.tell(
        Part::setting,
        fmt::format(
            "{} {} a header that contradicts itself; what is said below does not rest on {}.",
            numbers(faulty), faulty.size() == 1 ? "has" : "have",
            faulty.size() == 1 ? "it" : "them"),
        faulty);
}

/// What each end sent, and how much of it twice.
void tell_data(Telling& telling) {
  const TimeSequences both = time_sequences(telling.ladder, telling.ladder.rows.size());
  for (const TimeSequence& flow : both.of) {
    std::uint64_t once = 0, segments = 0, again = 0;
    std::vector<std::uint32_t> rows;
    for (const TimeSequence::Segment& one : flow.segments) {
      if (one.length == 0) continue;
      if (one.again) {
        ++again;
        continue;
      }
      once += one.length;
      ++segments;
      rows.push_back(one.row);
    }
    if (segments + again == 0) continue;
    std::string text = fmt::format("{} sends {} of data in {}", telling.who(flow.sender),
                                   bytes(once), counted(segments, "segment"));
    if (again > 0)
      text += fmt::format("; {} more {} data that had been sent before", again,
                          again == 1 ? "carries" : "carry");
    const bool gaps = std::ranges::any_of(telling.ladder.rows, [&](const Row& row) {
      return row.from == flow.sender && row.has(Note::Kind::gap);
    });
    telling.tell(Part::data, text + (gaps ? ", as far as the capture has it." : "."),
                 std::move(rows), "RFC 9293 §3.7");
  }
}

/// Datagrams that IP had to cut.
void tell_fragments(Telling& telling) {
  constexpr std::size_t most_told = 4;
  std::vector<std::uint32_t> more;
  std::size_t told = 0;
  for (const Row& row : telling.ladder.rows) {
    if (row.pieces.size() < 2) continue;
    if (++told > most_told) {
      more.push_back(row.number);
      continue;
    }
    telling.tell(
        Part::data,
        fmt::format("{} are the fragments of one packet with {} of payload: IP cuts what is larger "
                    "than a link takes, and the IP of the receiver waits for all pieces.",
                    numbers(row.pieces), bytes(row.label.length)),
        row.pieces, telling.fragments_source());
  }
  if (!more.empty())
    telling.tell(Part::data,
                 fmt::format("{} more packets came in fragments, the last of them {}.", more.size(),
                             numbers(more)),
                 more, telling.fragments_source());
}

/// ICMP messages about packets of this conversation.
void tell_errors(Telling& telling) {
  std::size_t told = 0;
  for (const Row& row : telling.ladder.rows) {
    for (const Note& note : row.notes) {
      if (note.kind != Note::Kind::unreachable || ++told > 6) continue;
      std::string text =
          fmt::format("#{} is an answer to #{}: {}.", row.number, note.about, row.label.text);
      std::string source = "RFC 792";
      if (row.label.text.find("port unreachable") != std::string::npos) {
        text += " No program has that port there.";
        source = row.label.text.starts_with("ICMPv6") ? "RFC 4443 §3.1" : "RFC 1122 §4.1.3.1";
      } else if (row.label.text.starts_with("ICMPv6")) {
        source = "RFC 4443";
      }
      telling.tell(Part::losses, std::move(text), {note.about, row.number}, std::move(source));
    }
  }
}

}  // namespace
}  // namespace explaining

std::string_view name(Sentence::Part part) {
  switch (part) {
    case Sentence::Part::setting: return "setting";
    case Sentence::Part::opening: return "opening";
    case Sentence::Part::data: return "data";
    case Sentence::Part::losses: return "losses";
    case Sentence::Part::windows: return "windows";
    case Sentence::Part::closing: return "closing";
  }
  return "";
}

std::vector<Sentence> explain(const Ladder& ladder, const FrameStore& frames) {
  explaining::Telling telling(ladder, frames);
  explaining::tell_setting(telling);
  if (ladder.protocol == ip_protocol::tcp) {
    explaining::tell_opening(telling);
    explaining::tell_data(telling);
    explaining::tell_losses(telling);
    explaining::tell_windows(telling);
    explaining::tell_closing(telling);
  } else {
    explaining::tell_datagrams(telling);
    explaining::tell_losses(telling);
  }
  explaining::tell_fragments(telling);
  explaining::tell_errors(telling);
  std::stable_sort(telling.sentences.begin(), telling.sentences.end(),
                   [](const Sentence& a, const Sentence& b) { return a.part < b.part; });
  return std::move(telling.sentences);
}

}  // namespace tracer
