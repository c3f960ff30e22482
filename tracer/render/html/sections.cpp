#include "tracer/render/html/sections.hpp"

#include <fmt/format.h>

#include "tracer/diagram/explanation.hpp"
#include "tracer/diagram/streams.hpp"
#include "tracer/render/html/packet_data.hpp"
#include "tracer/render/label_text.hpp"
#include "tracer/render/svg_text.hpp"

namespace tracer {
namespace {

constexpr std::size_t stream_text = 16 * 1024;  // bytes of a stream that are shown
constexpr std::size_t most_stretches = 200;     // rows of a table
constexpr std::size_t most_named = 6;           // packets named in a sentence

std::string who(const Ladder& ladder, std::size_t lane) {
  return ladder.names[lane].empty() ? ladder.ends[lane].text() : ladder.names[lane];
}

std::string counted(std::uint64_t count, const char* one, const char* many) {
  return fmt::format("{} {}", fmt::group_digits(count), count == 1 ? one : many);
}

std::string milliseconds(Timestamp time, Timestamp start) {
  return fmt::format("{:.3f}", static_cast<double>((time - start).count()) / 1e6);
}

/// "#6 (drop c>s data#3), #9 and 3 more"
std::string named(const Ladder& ladder, Note::Kind kind) {
  std::string text;
  std::size_t count = 0;
  for (const Row& row : ladder.rows)
    for (const Note& note : row.notes) {
      if (note.kind != kind) continue;
      if (++count > most_named) continue;
      text += fmt::format("{}#{}", count == 1 ? "" : ", ", row.number);
      if ((kind == Note::Kind::lost || kind == Note::Kind::corrupted) && !note.text.empty() &&
          note.text != "probably")
        text += " (" + printable(note.text) + ")";
      if (note.about && kind != Note::Kind::duplicate_ack)
        text += fmt::format(" of #{}", note.about);
    }
  if (count > most_named) text += fmt::format(" and {} more", count - most_named);
  return text;
}

std::string stream_verdict(const Ladder& ladder, const Stream& stream, unsigned from, bool& good) {
  const std::string sender = who(ladder, from), receiver = who(ladder, 1 - from);
  good = stream.received == stream.sent;
  if (good)
    return fmt::format("All {} that {} sent reached {}.", counted(stream.sent, "byte", "bytes"),
                       sender, receiver);
  return fmt::format("Of {} that {} sent, {} did not reach {}.",
                     counted(stream.sent, "byte", "bytes"), sender,
                     fmt::group_digits(stream.sent - stream.received), receiver);
}

const char* fate_word(StreamPiece::Fate fate) {
  switch (fate) {
    case StreamPiece::Fate::arrived: return "arrived";
    case StreamPiece::Fate::repaired: return "lost, then sent again and arrived";
    case StreamPiece::Fate::missing: return "never arrived";
    case StreamPiece::Fate::unseen: return "not known: one end seen";
  }
  return "";
}
const char* fate_class(StreamPiece::Fate fate) {
  switch (fate) {
    case StreamPiece::Fate::arrived: return "arrived";
    case StreamPiece::Fate::repaired: return "repaired";
    case StreamPiece::Fate::missing: return "missing";
    case StreamPiece::Fate::unseen: return "unseen";
  }
  return "";
}

/// Neighbours that fared alike in one packet each are told as one: rows {first, 0, last}.
std::vector<StreamPiece> stretches(const std::vector<StreamPiece>& pieces) {
  std::vector<StreamPiece> merged;
  for (const StreamPiece& piece : pieces) {
    const bool plain = piece.rows.size() == 1 && piece.fate != StreamPiece::Fate::repaired;
    StreamPiece* last = merged.empty() ? nullptr : &merged.back();
    const bool joins = last && plain && last->to == piece.from && last->fate == piece.fate &&
                       (last->rows.size() == 1 || last->rows[1] == 0);
    if (!joins) {
      merged.push_back(piece);
      continue;
    }
    last->to = piece.to;
    last->rows = {last->rows[0], 0, piece.rows.back()};
  }
  return merged;
}

std::string carried_by(const StreamPiece& piece) {
  std::string text;
  for (std::size_t i = 0; i < piece.rows.size(); ++i) {
    if (piece.rows[i] == 0) {
      text += " to ";
      continue;
    }
    if (i > 0 && piece.rows[i - 1] != 0) text += ", ";
    text += packet_link(piece.rows[i]);
  }
  return text;
}

/// The bytes as text, each stretch in its own mark; newlines stay.
void append_stream_text(std::string& out, const Stream& stream) {
  out += "<pre class=\"text\" tabindex=\"0\">";
  for (const StreamPiece& piece : stretches(stream.pieces)) {
    if (piece.from >= stream.bytes.size()) break;
    out += fmt::format("<span class=\"{}\">", fate_class(piece.fate));
    const std::string_view bytes =
        std::string_view(stream.bytes).substr(piece.from, piece.to - piece.from);
    std::size_t at = 0;
    while (at < bytes.size()) {
      const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
      out += svg_text(printable(bytes.substr(at, end - at)));
      if (end < bytes.size()) out += '\n';
      at = end + 1;
    }
    out += "</span>";
  }
  out += "</pre>";
  if (stream.bytes.size() < stream.sent)
    out += fmt::format("<p class=\"aside\">The first {} of {} bytes.</p>",
                       fmt::group_digits(stream.bytes.size()), fmt::group_digits(stream.sent));
}

}  // namespace

std::string packet_link(std::uint32_t number) {
  return fmt::format("<a href=\"#p={0}\">#{0}</a>", number);
}

std::string linked(std::string_view text) {
  std::string out;
  const auto digit = [&](std::size_t at) {
    return at < text.size() && text[at] >= '0' && text[at] <= '9';
  };
  std::size_t plain = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '#' || !digit(at + 1) || (at > 0 && text[at - 1] != ' ' && text[at - 1] != '('))
      continue;
    std::size_t end = at + 1;
    while (digit(end)) ++end;
    if (end - at > 10) continue;
    out += svg_text(text.substr(plain, at - plain)) +
           packet_link(static_cast<std::uint32_t>(
               std::stoul(std::string(text.substr(at + 1, end - at - 1)))));
    plain = end;
  }
  return out + svg_text(text.substr(plain));
}

void append_explanation(std::string& out, const Ladder& ladder, const FrameStore& frames) {
  Sentence::Part part{};
  bool open = false;
  for (const Sentence& sentence : explain(ladder, frames)) {
    if (!open || sentence.part != part)
      out += fmt::format("{}<h3>{}</h3>\n<ul class=\"told\">\n", open ? "</ul>\n" : "",
                         name(sentence.part));
    part = sentence.part;
    open = true;
    out += "<li>" + linked(printable(sentence.text));
    std::string evidence;
    for (std::size_t i = 0; i < sentence.rows.size() && i < most_named; ++i)
      evidence += (i ? " " : "") + packet_link(sentence.rows[i]);
    if (sentence.rows.size() > most_named)
      evidence += fmt::format(" and {} more", sentence.rows.size() - most_named);
    if (!sentence.source.empty())
      evidence += (evidence.empty() ? "" : "; ") + svg_text(sentence.source);
    if (!evidence.empty()) out += " <span class=\"aside\">(" + evidence + ")</span>";
    out += "</li>\n";
  }
  if (open) out += "</ul>\n";
}

std::vector<Verdict> ladder_verdicts(const Ladder& ladder, const FrameStore& frames, bool whole) {
  std::vector<Verdict> list;
  list.push_back(
      {Verdict::Tone::note,
       fmt::format("{} between {} and {}; {}.", counted(ladder.rows.size(), "packet", "packets"),
                   who(ladder, 0), who(ladder, 1),
                   ladder.two_ended ? "both ends were watched"
                                    : "one end was watched, so losses are inferred")});
  const auto say = [&](Note::Kind kind, Verdict::Tone tone, const char* one, const char* many) {
    if (const std::size_t count = ladder.count(kind); count > 0)
      list.push_back(
          {tone, fmt::format("{} {}: {}.", count, count == 1 ? one : many, named(ladder, kind))});
  };
  using Tone = Verdict::Tone;
  say(Note::Kind::lost, Tone::bad,
      ladder.two_ended ? "packet was lost" : "packet was probably lost",
      ladder.two_ended ? "packets were lost" : "packets were probably lost");
  say(Note::Kind::corrupted, Tone::bad, "packet was changed on the way and thrown away",
      "packets were changed on the way and thrown away");
  say(Note::Kind::duplicated, Tone::bad, "packet arrived more than once",
      "packets arrived more than once");
  say(Note::Kind::overtaken, Tone::bad, "packet was overtaken by later ones",
      "packets were overtaken by later ones");
  say(Note::Kind::fast_retransmit, Tone::note, "segment was sent again by fast retransmit",
      "segments were sent again by fast retransmit");
  say(Note::Kind::timeout_retransmit, Tone::note, "segment was sent again when a timer ran out",
      "segments were sent again when a timer ran out");
  say(Note::Kind::needless_retransmit, Tone::note, "segment was sent again though it had arrived",
      "segments were sent again though they had arrived");
  say(Note::Kind::retransmit, Tone::note, "segment was sent again", "segments were sent again");
  if (!ladder.two_ended || !whole) return list;
  for (const unsigned from : {0u, 1u}) {
    const Stream stream = stream_of(ladder, frames, from, 0);
    if (stream.sent == 0 || !stream.whole) continue;
    bool good = false;
    std::string text = stream_verdict(ladder, stream, from, good);
    list.push_back({good ? Tone::good : Tone::bad, std::move(text)});
  }
  return list;
}

void append_states(std::string& out, const Ladder& ladder) {
  out += "<table><thead><tr><th scope=\"col\">ms</th><th scope=\"col\">packet</th>";
  for (const std::size_t lane : {0u, 1u})
    out += "<th scope=\"col\">" + svg_text(printable(who(ladder, lane))) + "</th>";
  out += "</tr></thead><tbody>\n";
  std::size_t count = 0;
  for (const Row& row : ladder.rows) {
    if (row.state[0] == TcpState::unknown && row.state[1] == TcpState::unknown) continue;
    if (++count > most_stretches) break;
    const auto time = row.time[row.from] ? row.time[row.from] : row.time[1 - row.from];
    out += fmt::format("<tr><td class=\"n\">{}</td><td>{}</td>",
                       time ? milliseconds(*time, ladder.start) : "", packet_link(row.number));
    for (const std::size_t lane : {0u, 1u})
      out += fmt::format("<td>{}</td>",
                         row.state[lane] == TcpState::unknown ? "" : name(row.state[lane]));
    out += "</tr>\n";
  }
  out += "</tbody></table>\n";
}

void append_streams(std::string& out, const Ladder& ladder, const FrameStore& frames) {
  for (const unsigned from : {0u, 1u}) {
    const Stream stream = stream_of(ladder, frames, from, stream_text);
    if (stream.sent == 0) continue;
    const std::string sender = svg_text(printable(who(ladder, from))),
                      receiver = svg_text(printable(who(ladder, 1 - from)));
    out +=
        fmt::format("<h3>{} to {}</h3>\n<dl class=\"counts\"><div><dt>sent</dt><dd>{}</dd></div>",
                    sender, receiver, counted(stream.sent, "byte", "bytes"));
    if (ladder.two_ended)
      out += fmt::format("<div><dt>received</dt><dd>{}</dd></div>",
                         counted(stream.received, "byte", "bytes"));
    out += fmt::format("<div><dt>on the wire, repetitions included</dt><dd>{}</dd></div></dl>\n",
                       counted(stream.on_wire, "byte", "bytes"));
    out +=
        "<table><thead><tr><th scope=\"col\">bytes</th><th scope=\"col\">packets</th><th "
        "scope=\"col\">what became of them</th></tr></thead><tbody>\n";
    std::size_t count = 0;
    for (const StreamPiece& piece : stretches(stream.pieces)) {
      if (++count > most_stretches) break;
      out += fmt::format("<tr class=\"{}\"><td class=\"n\">{}–{}</td><td>{}</td><td>{}</td></tr>\n",
                         fate_class(piece.fate), piece.from, piece.to - 1, carried_by(piece),
                         fate_word(piece.fate));
    }
    out += "</tbody></table>\n";
    if (count > most_stretches || !stream.whole)
      out += "<p class=\"aside\">More stretches than are listed here.</p>\n";
    append_stream_text(out, stream);
  }
}

void append_packet_table(std::string& out, const Ladder& ladder, const TextStyle& style) {
  out += "<table><caption>" + svg_text(printable(who(ladder, 0))) + " and " +
         svg_text(printable(who(ladder, 1))) + "</caption>";
  out += fmt::format(
      "<thead><tr><th scope=\"col\">#</th><th scope=\"col\">left ms</th><th "
      "scope=\"col\">{}</th><th scope=\"col\">from</th><th "
      "scope=\"col\">what</th></tr></thead><tbody>\n",
      ladder.two_ended ? "arrived ms" : "");
  for (const Row& row : ladder.rows) {
    const auto &left = row.time[row.from], &arrived = row.time[1 - row.from];
    out += fmt::format("<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                       row.number, left ? milliseconds(*left, ladder.start) : "",
                       arrived && ladder.two_ended ? milliseconds(*arrived, ladder.start) : "",
                       svg_text(printable(who(ladder, row.from))), svg_text(row_text(row, style)));
  }
  out += "</tbody></table>\n";
}

}  // namespace tracer
