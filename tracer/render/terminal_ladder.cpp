#include "tracer/render/terminal_ladder.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tracer/diagram/fold.hpp"
#include "tracer/render/label_text.hpp"

namespace tracer {
namespace {

constexpr std::size_t narrowest = 60, states_from = 120, state_columns = 13;
constexpr std::size_t shortest_arrow = 28;  // room for a label that still says something
constexpr std::size_t fold_from = 6;        // rows alike before the middle ones are folded

std::string milliseconds(Timestamp time, Timestamp start) {
  return fmt::format("{:.3f}", static_cast<double>((time - start).count()) / 1e6);
}

class Drawing {
 public:
  Drawing(const Ladder& ladder, const TextStyle& style) : ladder_(ladder), style_(style) {
    std::uint32_t last = 0;
    Timestamp latest = ladder.start;
    for (const Row& row : ladder.rows) {
      last = std::max(last, row.number);
      for (const auto& time : row.time)
        if (time) latest = std::max(latest, *time);
    }
    measure(std::max<std::size_t>(3, fmt::format("{}", last).size()),
            std::max<std::size_t>(8, milliseconds(latest, ladder.start).size()));
  }
  /// Columns of the packets' numbers and of times.
  void measure(std::size_t number, std::size_t time) {
    const Ladder& ladder = ladder_;
    const TextStyle& style = style_;
    number_ = number;
    time_ = time;
    states_ = style.width >= states_from && ladder.protocol == 6 ? state_columns : 0;
    const std::size_t margins =
        number_ + 1 + time_ + 1 + 2 + (ladder.two_ended ? 1 + time_ : 0) + 2 * states_;
    arrow_ = style.width > margins ? std::min<std::size_t>(style.width - margins, 100) : 0;
  }
  /// False where long times or numbers leave no room between the lanes.
  bool fits() const { return arrow_ >= shortest_arrow; }

  std::string draw_one(const Row& one, bool with_head) {
    if (with_head) head();
    row(one);
    return std::move(out_);
  }

  std::string draw() {
    head();
    for (std::size_t i = 0; i < ladder_.rows.size(); ++i) {
      const std::size_t end = end_of_run(ladder_, i);
      if (end - i < fold_from) {
        row(ladder_.rows[i]);
        continue;
      }
      row(ladder_.rows[i]);
      fold(end - i - 2);
      row(ladder_.rows[end - 1]);
      i = end - 1;
    }
    return std::move(out_);
  }

 private:
  std::string lane(const char* utf8, const char* ascii) const {
    return style_.ascii ? ascii : utf8;
  }
  std::string rule(std::size_t columns) const {
    std::string line;
    for (std::size_t i = 0; i < columns; ++i) line += style_.ascii ? "-" : "─";
    return line;
  }

  void head() {
    const auto who = [&](std::size_t lane) {
      const std::string name = printable(ladder_.names[lane], style_.ascii),
                        address = ladder_.ends[lane].text();
      return name.empty() ? address : name + " " + address;
    };
    const auto clock = [&](std::size_t lane) {
      if (!ladder_.two_ended) return std::string("ms");
      return (ladder_.names[lane].empty()
                  ? std::string(lane ? "right" : "left")
                  : clipped(printable(ladder_.names[lane], style_.ascii), 10, style_.ascii)) +
             " ms";
    };
    const std::size_t columns = number_ + 1 + time_ + 1 + states_ + 1 + arrow_ + 1 + states_ +
                                (ladder_.two_ended ? 1 + time_ : 0);
    const std::string before =
        right("#", number_) + "  " + clock(0) + "   " + std::string(states_, ' ');
    const std::string after = ladder_.two_ended ? std::string(states_, ' ') + "   " + clock(1) : "";
    const std::size_t taken = width(before) + width(after),
                      room = columns > taken + 3 ? columns - taken : 3;
    std::string a = who(0), b = who(1);
    if (width(a) + width(b) + 1 > room) {
      a = clipped(a, (room - 1) / 2, style_.ascii);
      b = clipped(b, room - 1 - width(a), style_.ascii);
    }
    const std::string line = before + a + std::string(room - width(a) - width(b), ' ') + b + after;
    out_ += style_.paint(line, Role::heading) + "\n";
  }

  std::string time_cell(const Row& row, std::size_t lane) const {
    return right(row.time[lane] ? milliseconds(*row.time[lane], ladder_.start) : "", time_);
  }

  /// The state of an end, where this row changed it.
  std::string state_cell(const Row& row, std::size_t lane) const {
    if (states_ == 0) return {};
    const std::string_view text = name(row.state[lane]);
    return lane == 0 ? right(text, states_ - 1) + " " : " " + left(text, states_ - 1);
  }

  static Role role(const Row& row) {
    if (row.fate == Fate::lost || row.has(Note::Kind::lost) || row.has(Note::Kind::corrupted))
      return Role::lost;
    for (const Note& note : row.notes) switch (note.kind) {
        case Note::Kind::fast_retransmit:
        case Note::Kind::timeout_retransmit:
        case Note::Kind::needless_retransmit:
        case Note::Kind::retransmit:
        case Note::Kind::duplicate_ack: return Role::repeated;
        case Note::Kind::window_update:
        case Note::Kind::keep_alive:
        case Note::Kind::keep_alive_ack: break;
        default: return Role::warning;
      }
    return row.label.flags.has(TcpFlags::rst) ? Role::warning : Role::plain;
  }

  void row(const Row& row) {
    const std::string line = arrow(row);
    const std::string left_state = state_cell(row, 0), right_state = state_cell(row, 1);
    const bool to_right = row.from == 0;
    std::string text =
        right(fmt::format("{}", row.number), number_) + " " + time_cell(row, 0) + " " + left_state;
    const bool lost = row.fate == Fate::lost;
    const bool seen_leaving = row.departure != Passage::none || !ladder_.two_ended;
    const std::string source =
        seen_leaving ? (to_right ? lane("├", "|") : lane("├", "|")) : lane("┆", ":");
    const std::string target = lost ? lane("│", "|") : lane("┤", "|");
    text += (to_right ? source : target) + style_.paint(line, role(row)) +
            (to_right ? target : source) + right_state;
    if (ladder_.two_ended) text += " " + time_cell(row, 1);
    while (!text.empty() && text.back() == ' ') text.pop_back();
    out_ += text + "\n";
    for (const Timestamp again : row.more_arrivals) second_arrival(row, again);
    for (const std::string& rest : overflow_) continuation(rest);
    overflow_.clear();
  }

  /// The arrow with its label; notes that find no room go to overflow_.
  std::string arrow(const Row& row) {
    const bool to_right = row.from == 0, lost = row.fate == Fate::lost;
    LabelText text = label_text(row, style_);
    std::string cross = lost ? std::string(style_.ascii ? "X lost" : "✗ lost")
                        : row.has(Note::Kind::lost)
                            ? std::string(style_.ascii ? "X probably lost" : "✗ probably lost")
                            : "";
    // "─ label ─…─▶": a dash, two spaces, and at least one dash and the head.
    std::size_t taken = 5 + (cross.empty() ? 0 : width(cross) + 1);
    std::string label = text.fit(arrow_ - taken, style_);
    while (width(label) > arrow_ - taken && !text.notes.empty()) {
      overflow_.insert(overflow_.begin(), text.notes.back());
      text.notes.pop_back();
      text.window.clear();
      text.preview.clear();
      label = text.fit(arrow_ - taken, style_);
    }
    if (!cross.empty() && width(label) > arrow_ - taken) {  // the mark stays, its word goes below
      taken -= width(cross) - 1;
      cross = style_.ascii ? "X" : "✗";
      overflow_.insert(overflow_.begin(), lost ? "lost" : "probably lost");
      label = text.fit(arrow_ - taken, style_);
    }
    label = clipped(label, arrow_ - taken, style_.ascii);
    const std::size_t free =
        arrow_ - width(label) - 3;  // for the dashes behind, the head or the cross
    if (lost) {
      // The packet is gone half-way, or as soon after its label as there is room.
      const std::size_t room = free - width(cross),
                        dashes = std::min(
                            room, std::max<std::size_t>(2, arrow_ / 2 > width(label) + 3
                                                               ? arrow_ * 3 / 5 - width(label) - 3
                                                               : 2));
      if (to_right)
        return rule(1) + " " + label + " " + rule(dashes) + cross + std::string(room - dashes, ' ');
      return std::string(room - dashes, ' ') + lost_left(cross) + rule(dashes) + " " + label + " " +
             rule(1);
    }
    const std::string head = to_right ? (style_.ascii ? ">" : "▶") : (style_.ascii ? "<" : "◀");
    if (!cross.empty()) {
      const std::string mark = " " + cross;
      if (to_right) return rule(1) + " " + label + mark + " " + rule(free - 1 - width(mark)) + head;
      return head + rule(free - 1 - width(mark)) + " " + label + mark + " " + rule(1);
    }
    if (to_right) return rule(1) + " " + label + " " + rule(free - 1) + head;
    return head + rule(free - 1) + " " + label + " " + rule(1);
  }

  std::string lost_left(const std::string& cross) const {
    return width(cross) == 1 ? cross : style_.ascii ? "lost X" : "lost ✗";
  }

  void continuation(const std::string& note) {
    const std::string text = (style_.ascii ? "- " : "· ") + note;
    out_ += std::string(number_ + 1 + time_ + 1 + states_, ' ') + lane("│", "|") + "   " +
            clipped(text, arrow_ - 3, style_.ascii) + "\n";
  }

  void second_arrival(const Row& row, Timestamp time) {
    const bool to_right = row.from == 0;
    const std::string label =
        clipped(fmt::format("#{} again: a duplicate", row.number), arrow_ - 5, style_.ascii);
    const std::size_t free = arrow_ - width(label) - 3;
    const std::string dots = [&] {
      std::string line;
      for (std::size_t i = 0; i + 1 < free; ++i) line += style_.ascii ? "." : "┄";
      return line;
    }();
    const std::string head = to_right ? (style_.ascii ? ">" : "▶") : (style_.ascii ? "<" : "◀");
    const std::string tail = style_.ascii ? "." : "┄";
    const std::string body =
        to_right ? tail + " " + label + " " + dots + head : head + dots + " " + label + " " + tail;
    std::string text = std::string(number_ + 1, ' ') +
                       right(to_right ? "" : milliseconds(time, ladder_.start), time_) + " " +
                       std::string(states_, ' ');
    text += (to_right ? lane("│", "|") : lane("┤", "|")) + style_.paint(body, Role::warning) +
            (to_right ? lane("┤", "|") : lane("│", "|"));
    if (ladder_.two_ended && to_right)
      text += std::string(states_, ' ') + " " + right(milliseconds(time, ladder_.start), time_);
    out_ += text + "\n";
  }

  void fold(std::size_t hidden) {
    const std::string text = fmt::format("{} {} more", style_.ascii ? ":" : "⋮", hidden);
    const std::string line = std::string(number_ + 1 + time_ + 1 + states_, ' ') + lane("│", "|") +
                             std::string((arrow_ - width(text)) / 2, ' ') + text;
    out_ += style_.paint(line, Role::faint) +
            std::string(arrow_ - width(text) - (arrow_ - width(text)) / 2, ' ') + lane("│", "|") +
            "\n";
  }

  const Ladder& ladder_;
  const TextStyle& style_;
  std::size_t number_, time_, states_, arrow_;
  std::vector<std::string> overflow_;
  std::string out_;
};

std::string protocol_name(std::uint8_t protocol) {
  switch (protocol) {
    case 1: return "ICMP";
    case 6: return "TCP";
    case 17: return "UDP";
    case 58: return "ICMPv6";
    case 0: return "link layer";
    default: return fmt::format("IP protocol {}", protocol);
  }
}

std::string end_text(const Ladder& ladder, std::size_t lane, bool ascii) {
  const std::string address = ladder.ends[lane].text();
  return ladder.names[lane].empty() ? address
                                    : printable(ladder.names[lane], ascii) + " " + address;
}

}  // namespace

std::string terminal_ladder(const Ladder& ladder, const TextStyle& style) {
  if (style.width >= narrowest)
    if (Drawing drawing(ladder, style); drawing.fits()) return drawing.draw();
  std::string out;
  for (const Row& row : ladder.rows) out += flat(ladder, row, style);
  return out;
}

std::string growing_row(const Ladder& lanes, const Row& row, bool with_head,
                        const TextStyle& style) {
  constexpr std::size_t number_columns = 4, time_columns = 10;  // 9999 packets, 999 seconds
  if (style.width >= narrowest) {
    Drawing drawing(lanes, style);
    drawing.measure(number_columns, time_columns);
    if (drawing.fits()) return drawing.draw_one(row, with_head);
  }
  return flat(lanes, row, style);
}

std::string flat(const Ladder& ladder, const Row& row, const TextStyle& style) {
  const bool two = ladder.two_ended;
  std::string times =
      row.time[row.from] ? milliseconds(*row.time[row.from], ladder.start) : std::string("?");
  if (two)
    times += (style.ascii ? "->" : "→") + (row.time[1 - row.from]
                                               ? milliseconds(*row.time[1 - row.from], ladder.start)
                                               : std::string("?"));
  const auto end = [&](std::size_t lane) {
    return ladder.names[lane].empty() ? ladder.ends[lane].text()
                                      : printable(ladder.names[lane], style.ascii);
  };
  LabelText text = label_text(row, style);
  std::string line = fmt::format("{} {} {} {} {} ", row.number, times, end(row.from),
                                 style.ascii ? ">" : "→", end(1u - row.from));
  line += text.fit(SIZE_MAX, style);
  for (const Note& note : row.notes)
    if (note.kind == Note::Kind::lost) line += (style.ascii ? " X " : " ✗ ") + note_text(note);
  return line + "\n";
}

std::string ladder_title(const Ladder& ladder, const TextStyle& style) {
  const std::string text =
      fmt::format("{}  {} {} {}", protocol_name(ladder.protocol), end_text(ladder, 0, style.ascii),
                  style.ascii ? "-" : "↔", end_text(ladder, 1, style.ascii));
  return style.paint(clipped(text, style.width, style.ascii), Role::heading) + "\n";
}

std::string ladder_footer(const Ladder& ladder, const TextStyle& style) {
  std::string text,
      line = fmt::format("{} packet{}", ladder.rows.size(), ladder.rows.size() == 1 ? "" : "s");
  const auto append = [&](const std::string& part) {
    const std::string separator = style.ascii ? "," : " ·";
    if (width(line) + width(separator) + 1 + width(part) + width(separator) > style.width) {
      text += style.paint(line + separator, Role::faint) + "\n";
      line = part;
    } else {
      line += separator + " " + part;
    }
  };
  const auto add = [&](std::size_t count, const char* one, const char* many) {
    if (count > 0) append(fmt::format("{} {}", count, count == 1 ? one : many));
  };
  const char* lost = ladder.two_ended ? "lost" : "probably lost";
  add(ladder.count(Note::Kind::lost), lost, lost);
  add(ladder.count(Note::Kind::corrupted), "corrupted", "corrupted");
  add(ladder.count(Note::Kind::duplicated), "duplicated", "duplicated");
  add(ladder.count(Note::Kind::overtaken), "out of order", "out of order");
  add(ladder.count(Note::Kind::duplicate_ack), "duplicate ACK", "duplicate ACKs");
  add(ladder.count(Note::Kind::fast_retransmit), "fast retransmit", "fast retransmits");
  add(ladder.count(Note::Kind::timeout_retransmit), "retransmit by timer", "retransmits by timer");
  add(ladder.count(Note::Kind::needless_retransmit), "needless retransmit", "needless retransmits");
  add(ladder.count(Note::Kind::retransmit), "retransmit", "retransmits");
  if (!ladder.two_ended) append("one end seen: the far end not observed");
  return text + style.paint(line, Role::faint) + "\n";
}

}  // namespace tracer
