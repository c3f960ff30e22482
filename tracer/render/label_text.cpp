#include "tracer/render/label_text.hpp"

#include <fmt/format.h>

namespace tracer {
namespace {

std::string flag_names(TcpFlags flags, const char* separator) {
  static constexpr struct {
    std::uint16_t bit;
    const char* name;
  } names[] = {{TcpFlags::syn, "SYN"}, {TcpFlags::fin, "FIN"}, {TcpFlags::rst, "RST"},
               {TcpFlags::psh, "PSH"}, {TcpFlags::urg, "URG"}, {TcpFlags::ece, "ECE"},
               {TcpFlags::cwr, "CWR"}, {TcpFlags::ae, "AE"},   {TcpFlags::ack, "ACK"}};
  std::string text;
  for (const auto& [bit, name] : names)
    if (flags.has(bit)) text.append(text.empty() ? "" : separator).append(name);
  return text;
}

/// TCP/IP Illustrated: letters, first:last(length), ack.
void stevens(const Label& label, LabelText& text) {
  std::string letters;
  for (const auto& [bit, letter] : {std::pair{TcpFlags::syn, 'S'},
                                    {TcpFlags::fin, 'F'},
                                    {TcpFlags::rst, 'R'},
                                    {TcpFlags::psh, 'P'}})
    if (label.flags.has(bit)) letters += letter;
  text.flags = letters.empty() ? "." : letters;
  if (label.length > 0 || label.flags.control())
    text.sequence = fmt::format("{}:{}({})", label.seq, label.seq + label.length, label.length);
  if (label.flags.has(TcpFlags::ack)) text.acknowledgment = fmt::format("ack {}", label.ack);
  text.window = fmt::format("win {}", label.window);
}

/// RFC 9293's own figures: <SEQ=100><ACK=300><CTL=SYN,ACK>.
void rfc9293(const Label& label, LabelText& text) {
  text.flags = fmt::format("<CTL={}>", flag_names(label.flags, ","));
  text.sequence = fmt::format("<SEQ={}>", label.seq);
  if (label.flags.has(TcpFlags::ack)) text.acknowledgment = fmt::format("<ACK={}>", label.ack);
  if (label.length > 0) text.length = fmt::format("<DATA={}>", label.length);
  text.window = fmt::format("<WND={}>", label.window);
}

void wireshark(const Label& label, LabelText& text) {
  text.flags = fmt::format("[{}]", flag_names(label.flags, ","));
  text.sequence = fmt::format("Seq={}", label.seq);
  if (label.flags.has(TcpFlags::ack)) text.acknowledgment = fmt::format("Ack={}", label.ack);
  if (label.length > 0) text.length = fmt::format("Len={}", label.length);
  text.window = fmt::format("Win={}", label.window);
}

std::string milliseconds(Nanoseconds time) {
  return fmt::format("{:.1f} ms", static_cast<double>(time.count()) / 1e6);
}

/// A message that says `less` columns less; nothing where too little of it would be left.
std::string shortened(const std::string& said, std::size_t less, const TextStyle& style) {
  constexpr std::size_t least = 8;  // columns that still tell something
  const std::size_t now = width(said);
  if (now < less + least) return "";
  if (!said.starts_with('"')) return clipped(said, now - less, style.ascii);
  return clipped(said.substr(0, said.size() - 1), now - less - 1, style.ascii) + '"';
}

}  // namespace

std::string note_text(const Note& note) {
  const std::string of = note.about ? fmt::format(" of #{}", note.about) : "";
  const std::string aside = note.text.empty() ? "" : fmt::format(": {}", printable(note.text));
  switch (note.kind) {
    case Note::Kind::lost: return note.text == "probably" ? "probably lost" : "lost";
    case Note::Kind::corrupted: return "corrupted: arrived, discarded";
    case Note::Kind::duplicated: return fmt::format("arrived {} times", note.count);
    case Note::Kind::overtaken: return "out of order";
    case Note::Kind::fast_retransmit: return "fast retransmit" + of + aside;
    case Note::Kind::timeout_retransmit:
      return fmt::format("retransmit{} after {}{}", of, milliseconds(note.time), aside);
    case Note::Kind::needless_retransmit: return "needless retransmit" + of;
    case Note::Kind::retransmit: return "retransmit" + of;
    case Note::Kind::duplicate_ack: return fmt::format("dup ACK {}", note.count);
    case Note::Kind::window_update: return "window update";
    case Note::Kind::zero_window: return "zero window";
    case Note::Kind::window_full: return "window full";
    case Note::Kind::zero_window_probe: return "zero-window probe";
    case Note::Kind::keep_alive: return "keep-alive";
    case Note::Kind::keep_alive_ack: return "keep-alive ACK";
    case Note::Kind::ports_reused: return "ports used again";
    case Note::Kind::incomplete: return fmt::format("never whole without #{}", note.about);
    case Note::Kind::gap: return "segment before not captured";
    case Note::Kind::unreachable: return fmt::format("about #{}", note.about);
    case Note::Kind::malformed: return fmt::format("malformed {}", note.text);
    case Note::Kind::cut: return note.text + " header cut";
    case Note::Kind::comment: return printable(note.text);
  }
  return {};
}

LabelText label_text(const Row& row, const TextStyle& style) {
  const Label& label = row.label;
  LabelText text;
  switch (label.kind) {
    case Label::Kind::tcp:
      if (style.notation == TextStyle::Notation::stevens)
        stevens(label, text);
      else if (style.notation == TextStyle::Notation::rfc9293)
        rfc9293(label, text);
      else
        wireshark(label, text);
      for (const auto& [from, to] : label.sack)
        text.sack.push_back(fmt::format("SACK={}-{}", from, to));
      break;
    case Label::Kind::udp:
      text.flags = "UDP";
      text.length = fmt::format("Len={}", label.length);
      break;
    case Label::Kind::icmp:
    case Label::Kind::other: text.flags = printable(label.text, style.ascii); break;
  }
  text.options = label.options;
  text.message = printable(label.message, style.ascii);
  text.speaks = label.speaks;
  if (text.message.empty() && label.length > 0 && !label.text.empty() &&
      label.kind != Label::Kind::other)
    text.preview = fmt::format("\"{}\"", printable(label.text, style.ascii));
  for (const Note& note : row.notes)
    if (note.kind != Note::Kind::lost) text.notes.push_back(note_text(note));
  if (style.ascii)
    for (std::string& note : text.notes) note = printable(note, true);
  return text;
}

std::string LabelText::fit(std::size_t columns, const TextStyle& style) const {
  // What may go, the least useful last in this list.
  std::size_t kept_options = options.size(), kept_sack = sack.size();
  bool with_ack = true, with_window = true, with_preview = true;
  std::string said = message, line = preview;
  const auto compose = [&] {
    std::string text;
    const auto add = [&](const std::string& part) {
      if (!part.empty()) text.append(text.empty() ? "" : " ").append(part);
    };
    add(flags);
    add(sequence);
    if (with_ack) add(acknowledgment);
    add(length);
    for (std::size_t i = 0; i < kept_sack; ++i) add(sack[i]);
    for (const std::string& note : notes) add(fmt::format("{} {}", style.ascii ? "-" : "·", note));
    add(said);
    for (std::size_t i = 0; i < kept_options; ++i) add(options[i]);
    if (with_window) add(window);
    if (with_preview) add(line);
    return text;
  };
  std::string text = compose();
  while (tracer::width(text) > columns) {
    if (with_window && !window.empty())
      with_window = false;
    else if (with_preview && !preview.empty() && !speaks && !(sequence.empty() && options.empty()))
      with_preview = false;
    else if (kept_options > 0)
      --kept_options;
    else if (with_preview && !preview.empty() && !speaks)
      with_preview = false;
    else if (kept_sack > 0)
      --kept_sack;
    else if (with_ack && !acknowledgment.empty())
      with_ack = false;
    else if (!said.empty())
      said = shortened(said, tracer::width(text) - columns, style);
    else if (with_preview && !line.empty())
      line = shortened(line, tracer::width(text) - columns, style);
    else
      break;
    text = compose();
  }
  return text;
}

}  // namespace tracer
