#include "tracer/render/svg_ladder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <unordered_map>

#include "tracer/diagram/outline.hpp"
#include "tracer/diagram/role.hpp"
#include "tracer/render/label_text.hpp"
#include "tracer/render/ladder_layout.hpp"
#include "tracer/render/svg_text.hpp"
#include "tracer/render/terminal_ladder.hpp"

namespace tracer {
namespace {

constexpr double state_column = 104, gutter = 30;  // margins, outside in
constexpr double border = 8, caption_line = 21, head_height = 62, foot_line = 18;
constexpr double caption_size = 14.0 / 12;  // of the font

std::string milliseconds(Nanoseconds time) {
  return fmt::format("{:.3f}", static_cast<double>(time.count()) / 1e6);
}

/// A pause as one says it: "203 ms", "1.02 s".
std::string pause_text(Nanoseconds time) {
  const double ms = static_cast<double>(time.count()) / 1e6;
  if (ms >= 60'000) return fmt::format("{:.1f} min", ms / 60'000);
  if (ms >= 1000) return fmt::format("{:.2f} s", ms / 1000);
  if (ms >= 1) return fmt::format("{:.{}f} ms", ms, ms >= 100 ? 0 : 1);
  return fmt::format("{:.0f} µs", ms * 1000);
}

class Drawing {
 public:
  Drawing(std::string& out, const Ladder& ladder, const SvgOptions& options)
      : out_(out),
        ladder_(ladder),
        options_(options),
        layout_(ladder, {options.style, options.lanes_apart, options.most_rows, options.fold_from,
                         options.fold_both_ways}) {
    const double states = has_states() ? state_column : 0;
    for (const Row& row : ladder.rows)
      for (const auto& time : row.time)
        if (time)
          time_column_ =
              std::max(time_column_, svg_text_width(milliseconds(*time - ladder.start)) + 8);
    const double times_right = ladder.two_ended ? time_column_ : 0;
    lane_[0] = border + states + time_column_ + gutter;
    lane_[1] = lane_[0] + options.lanes_apart;
    width_ = lane_[1] + gutter + times_right + states + border;
    wrap_caption();
    head_ = border + caption_line * static_cast<double>(caption_.size());
    top_ = head_ + head_height;
    const std::size_t foot_lines = summary(foot_columns()).size() + (layout_.hidden > 0) + 2;
    height_ = top_ + layout_.height + 20 + foot_line * static_cast<double>(foot_lines);
    for (const LadderLayout::Arrow& arrow : layout_.arrows)
      departures_[ladder.rows[arrow.row].number] = arrow.departure;
  }

  void draw() {
    open();
    heads();
    pauses();
    lifelines();
    links();
    for (const LadderLayout::Fold& fold : layout_.folds)
      label(fold.label, fold.lane, fold.at, fold.slope, 0, "label faint");
    for (const LadderLayout::Arrow& arrow : layout_.arrows) packet(arrow);
    foot();
    out_ += "</svg>\n";
  }

 private:
  template <class... T>
  void put(fmt::format_string<T...> format, T&&... values) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<T>(values)...);
  }
  static std::string n(double value) { return svg_number(value); }
  double y(double height) const { return top_ + height; }
  /// From a lane towards the other: +1 or -1.
  static double inwards(std::size_t lane) { return lane == 0 ? 1 : -1; }
  void text(double x, double at, std::string_view classes, std::string_view anchor,
            std::string_view words) {
    put("<text class=\"{}\" x=\"{}\" y=\"{}\"{}>{}</text>", classes, n(x), n(at),
        anchor.empty() ? "" : fmt::format(" text-anchor=\"{}\"", anchor), svg_text(words));
  }

  bool has_states() const {
    return std::ranges::any_of(ladder_.rows, [](const Row& row) {
      return row.state[0] != TcpState::unknown || row.state[1] != TcpState::unknown;
    });
  }
  std::string who(std::size_t lane) const {
    return ladder_.names[lane].empty() ? ladder_.ends[lane].text() : ladder_.names[lane];
  }
  /// What there is to notice, in lines of so many columns.
  std::vector<std::string> summary(std::size_t columns) const {
    std::vector<std::string> lines;
    const std::string all = ladder_footer(ladder_, {.width = columns});
    for (std::size_t at = 0; at < all.size(); at = all.find('\n', at) + 1)
      lines.push_back(all.substr(at, all.find('\n', at) - at));
    return lines;
  }

  void open() {
    const std::string id = svg_text(options_.id_prefix);
    put("<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"ladder\" width=\"{0}\" height=\"{1}\" "
        "viewBox=\"0 0 {0} {1}\" role=\"graphics-document\" "
        "aria-roledescription=\"ladder diagram\" aria-labelledby=\"{2}ladder-title\" "
        "aria-describedby=\"{2}ladder-desc\">\n",
        n(width_), n(height_), id);
    std::string title = ladder_title(ladder_, {.width = 1000});
    title.pop_back();
    if (!options_.caption.empty()) title.insert(0, options_.caption + " ");
    put("<title id=\"{}ladder-title\">{}</title>\n", id, svg_text(title));
    put("<desc id=\"{}ladder-desc\">Packets between {} on the left and {} on the right, in order "
        "of time from top to bottom. {}.{}</desc>\n",
        id, svg_text(who(0)), svg_text(who(1)), svg_text(summary(100'000)[0]),
        ladder_.two_ended ? " Both ends were watched: each arrow begins when the packet left and "
                            "ends when it arrived."
                          : " One place was watched: when packets reached the other end is not "
                            "known, and losses are inferred.");
    if (options_.alone) put("<style>{}</style>\n", svg_ladder_style());
    metadata();
    if (options_.alone)
      put("<rect class=\"paper\" width=\"{}\" height=\"{}\"/>\n", n(width_), n(height_));
  }

  /// The time axis, for programs: pairs of nanoseconds from the start and y.
  void metadata() {
    put("<metadata>{{\"schema\":\"wirelab-ladder-1\",\"two_ended\":{},\"packets\":{},\"hidden\":{},"
        "\"typical_ns\":{},\"typical_height\":{},",
        ladder_.two_ended, ladder_.rows.size(), layout_.hidden,
        layout_.axis.scale().typical.count(), n(layout_.axis.scale().typical_height));
    // Quotes and backslashes only come from names.
    std::string lines;
    for (std::string line : outline(ladder_)) {
      std::ranges::replace_if(
          line, [](char c) { return c == '"' || c == '\\'; }, '\'');
      lines.append(lines.empty() ? "\"" : ",\"").append(line).append("\"");
    }
    put("\"outline\":[{}],", svg_text(lines));
    if (!options_.run.empty()) put("\"run\":{},", svg_text(options_.run));
    put("\"axis\":[");
    const char* separator = "";
    const auto knot = [&](Timestamp time, double height) {
      put("{}[{},{}]", separator, (time - ladder_.start).count(), n(y(height)));
      separator = ",";
    };
    for (const TimeAxis::Piece& piece : layout_.axis.pieces()) {
      if (&piece == &layout_.axis.pieces().front()) knot(piece.from, piece.top);
      knot(piece.to, piece.bottom);
    }
    put("]}}</metadata>\n");
  }

  void wrap_caption() {
    const auto columns =
        static_cast<std::size_t>((width_ - 2 * border) / (svg_column * caption_size));
    for (const std::string& word : words_of(options_.caption)) {
      if (!caption_.empty() && tracer::width(caption_.back()) + 1 + tracer::width(word) <= columns)
        caption_.back().append(" ").append(word);
      else
        caption_.push_back(word);
    }
  }
  static std::vector<std::string> words_of(const std::string& text) {
    std::vector<std::string> words;
    for (std::size_t at = 0; (at = text.find_first_not_of(' ', at)) != std::string::npos;
         at = std::min(text.find(' ', at), text.size()))
      words.push_back(text.substr(at, text.find(' ', at) - at));
    return words;
  }

  void heads() {
    for (std::size_t i = 0; i < caption_.size(); ++i)
      text(width_ / 2, border + 15 + caption_line * static_cast<double>(i), "caption", "middle",
           caption_[i]);
    for (const std::size_t lane : {0u, 1u}) {
      centred(lane, head_ + 18, "name", clipped(printable(who(lane)), 40), 15.0 / 12);
      if (!ladder_.names[lane].empty())
        centred(lane, head_ + 34, "faint", ladder_.ends[lane].text(), 1);
      if (lane == 0 || ladder_.two_ended)
        text(time_x(lane), head_ + 50, "faint", time_anchor(lane), "ms");
    }
    if (!ladder_.two_ended)
      text((lane_[0] + lane_[1]) / 2, head_ + 34, "faint", "middle",
           "seen from one end: the far end not observed");
    out_ += '\n';
  }

  /// Over its lifeline, or as near as the edge of the picture allows.
  void centred(std::size_t lane, double at, std::string_view classes, const std::string& words,
               double size) {
    const double half = svg_text_width(words) * size / 2;
    text(std::clamp(lane_[lane], border + half, std::max(border + half, width_ - border - half)),
         at, classes, "middle", words);
  }
  double time_x(std::size_t lane) const { return lane_[lane] - inwards(lane) * gutter; }
  static const char* time_anchor(std::size_t lane) { return lane == 0 ? "end" : ""; }

  /// Where time is cut: a band across, and how long it was.
  void pauses() {
    for (const TimeAxis::Piece& piece : layout_.axis.pieces()) {
      if (piece.kind != TimeAxis::Piece::Kind::cut) continue;
      const double middle = y(piece.bottom - 20);
      put("<rect class=\"cut\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"12\"/>", n(lane_[0]),
          n(middle - 6), n(options_.lanes_apart));
      for (const std::size_t lane : {0u, 1u})
        if (lane == 0 || ladder_.two_ended)
          text(time_x(lane), middle + 4, "cut-text", time_anchor(lane),
               pause_text(piece.to - piece.from));
      out_ += '\n';
    }
  }

  void lifelines() {
    for (const std::size_t lane : {0u, 1u}) {
      const double x = lane_[lane];
      double slow_from = -1, slow_to = -1;
      const auto slow = [&] {
        if (slow_from >= 0)
          put("<line class=\"slow\" x1=\"{0}\" y1=\"{1}\" x2=\"{0}\" y2=\"{2}\"/>", n(x),
              n(y(slow_from)), n(y(slow_to)));
        slow_from = -1;
      };
      for (const TimeAxis::Piece& piece : layout_.axis.pieces()) {
        if (piece.kind != TimeAxis::Piece::Kind::stretched) continue;
        if (slow_from < 0 || piece.top > slow_to + 0.5) {
          slow();
          slow_from = piece.top;
        }
        slow_to = piece.bottom;
      }
      slow();
      std::string path = fmt::format("M{} {}", n(x), n(top_ - 8));
      for (const TimeAxis::Piece& piece : layout_.axis.pieces()) {
        if (piece.kind != TimeAxis::Piece::Kind::cut) continue;
        const double middle = y(piece.bottom - 20);
        path += fmt::format("V{}l-5 2 10 4 -10 4 5 2", n(middle - 6));
      }
      put("<path class=\"life{}\" d=\"{}V{}\"/>\n", ladder_.two_ended ? "" : " far", path,
          n(y(layout_.height) + 8));
    }
  }

  /// A retransmission is tied to what it repeats.
  void links() {
    for (const LadderLayout::Arrow& arrow : layout_.arrows) {
      const Row& row = ladder_.rows[arrow.row];
      const auto original = departures_.find(repeats_row(row));
      if (original == departures_.end()) continue;
      const double x = lane_[row.from], out = x - inwards(row.from) * (gutter - 6);
      put("<path class=\"link\" d=\"M{0} {1}C{3} {1} {3} {2} {0} {2}\"/>\n", n(x),
          n(y(original->second)), n(y(arrow.departure)), n(out));
    }
  }

  /// Along the arrow, beginning at the sender's lifeline; `down` pixels below it.
  void label(const std::string& words, std::size_t lane, double height, double slope, double down,
             std::string_view classes) {
    const double angle = std::atan(slope) * 180 / 3.14159265358979,
                 x = lane_[lane] + inwards(lane) * 9;
    put("<text class=\"{}\" transform=\"translate({} {}) rotate({:.2f})\" y=\"{}\"{}>{}</text>",
        classes, n(x), n(y(height) + 9 * slope), inwards(lane) * angle, n(down - 4),
        lane == 1 ? " text-anchor=\"end\"" : "", svg_text(words));
  }

  void head(double x, double at, double from_x, double from_y, std::string_view classes) {
    const double dx = x - from_x, dy = at - from_y, length = std::max(1.0, std::hypot(dx, dy)),
                 ux = dx / length, uy = dy / length;
    put("<path class=\"{}\" d=\"M{} {}L{} {}L{} {}z\"/>", classes, n(x), n(at),
        n(x - 10 * ux - 4 * uy), n(at - 10 * uy + 4 * ux), n(x - 10 * ux + 4 * uy),
        n(at - 10 * uy - 4 * ux));
  }
  void line(double x1, double y1, double x2, double y2, std::string_view classes) {
    put("<line class=\"{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>", classes, n(x1), n(y1),
        n(x2), n(y2));
  }
  void cross(double x, double at) {
    put("<path class=\"mark\" d=\"M{0} {1}l12 12m0 -12l-12 12\"/>", n(x - 6), n(at - 6));
  }

  std::string spoken(const Row& row) const {
    std::string words =
        fmt::format("Packet {}, {} to {}: {}", row.number, who(row.from), who(1u - row.from),
                    label_text(row, options_.style).fit(10'000, options_.style));
    for (const Note& note : row.notes)
      if (note.kind == Note::Kind::lost)
        words += " · " + note_text(note) +
                 (note.text.empty() || note.text == "probably" ? "" : ": " + note.text);
    const auto left = row.time[row.from], arrived = row.time[1 - row.from];
    if (!ladder_.two_ended)
      return words + fmt::format(". Seen at {} ms", milliseconds(*left - ladder_.start));
    if (left) words += fmt::format(". Left at {} ms", milliseconds(*left - ladder_.start));
    if (arrived) words += fmt::format(", arrived at {} ms", milliseconds(*arrived - ladder_.start));
    return words;
  }

  void open_packet(const Row& row, const std::string& role) {
    const std::string what = svg_text(label_text(row, options_.style).fit(10'000, options_.style)),
                      words = svg_text(spoken(row));
    put("<g id=\"{}p{}\" class=\"packet{}{}\" data-p=\"{}\" data-from=\"{}\" data-role=\"{}\" "
        "data-label=\"{}\"",
        svg_text(options_.id_prefix), row.number, role.empty() ? "" : " ", role, row.number,
        row.from, role, what);
    if (const auto left = row.time[row.from])
      put(" data-left=\"{}\"", (*left - ladder_.start).count());
    if (const auto arrived = row.time[1 - row.from]; arrived && ladder_.two_ended)
      put(" data-arrived=\"{}\"", (*arrived - ladder_.start).count());
    put(" role=\"graphics-symbol\" aria-label=\"{0}\"><title>{0}</title>", words);
  }

  void packet(const LadderLayout::Arrow& arrow) {
    const Row& row = ladder_.rows[arrow.row];
    const std::string role = row_role(ladder_, row);
    const std::size_t from = row.from, to = 1 - from;
    const double x1 = lane_[from], x2 = lane_[to], y1 = y(arrow.departure), y2 = y(arrow.arrival);
    open_packet(row, role);
    line(x1, y1, x2, y2, "hit");
    shaft(arrow, row, role, x1, y1, x2, y2);
    label(arrow.label, from, arrow.departure, arrow.slope, 0, "label");
    for (std::size_t i = 0; i < arrow.below.size(); ++i)
      label(arrow.below[i], from, arrow.departure, arrow.slope, 17 + 13 * static_cast<double>(i),
            "label note");
    margins(arrow, row, y1, y2);
    out_ += "</g>\n";
  }

  void shaft(const LadderLayout::Arrow& arrow, const Row& row, const std::string& role, double x1,
             double y1, double x2, double y2) {
    const auto is = [&](std::string_view word) { return role.find(word) != std::string::npos; };
    const double middle_x = (x1 + x2) / 2, middle_y = (y1 + y2) / 2;
    if (row.fate == Fate::lost) {
      line(x1, y1, middle_x, middle_y, "shaft");
      cross(middle_x, middle_y);
    } else if (is("unseen")) {
      const bool left = row.time[row.from].has_value();
      line(x1, y1, middle_x, middle_y, left ? "shaft" : "shaft unknown");
      line(middle_x, middle_y, x2, y2, left ? "shaft unknown" : "shaft");
      if (!left) head(x2, y2, x1, y1, "head");
    } else {
      line(x1, y1, x2, y2, "shaft");
      if (is("corrupted"))
        put("<path class=\"mark\" d=\"M{0} {1}h12v12h-12zl12 12m0 -12l-12 12\"/>", n(x2 - 6),
            n(y2 - 6));
      else
        head(x2, y2, x1, y1, "head");
      if (is("probably-lost")) cross(x1 + (x2 - x1) * 0.62, y1 + (y2 - y1) * 0.62);
      if (is("late"))
        put("<circle class=\"mark\" cx=\"{}\" cy=\"{}\" r=\"5\"/>", n(x1 + (x2 - x1) * 0.93),
            n(y1 + (y2 - y1) * 0.93));
    }
    if (is("again"))
      put("<rect class=\"tail\" x=\"{}\" y=\"{}\" width=\"8\" height=\"8\"/>", n(x1 - 4),
          n(y1 - 4));
    for (const double again : arrow.again) {
      line(x1, y1, x2, y(again), "shaft second");
      head(x2, y(again), x1, y1, "head second");
    }
  }

  /// The clocks beside the lifelines, and the states where they change.
  void margins(const LadderLayout::Arrow& arrow, const Row& row, double y1, double y2) {
    const auto clock = [&](std::size_t lane, Timestamp time, double at) {
      text(time_x(lane), at + 4, "time", time_anchor(lane), milliseconds(time - ladder_.start));
    };
    if (!ladder_.two_ended) {
      clock(0, *row.time[0], y1);
    } else {
      if (row.time[row.from]) clock(row.from, *row.time[row.from], y1);
      if (row.time[1 - row.from]) clock(1u - row.from, *row.time[1 - row.from], y2);
      for (std::size_t i = 0; i < arrow.again.size(); ++i)
        clock(1u - row.from, row.more_arrivals[i], y(arrow.again[i]));
    }
    for (const std::size_t lane : {0u, 1u}) {
      if (row.state[lane] == TcpState::unknown) continue;
      const double outside = lane == 1 && !ladder_.two_ended ? 0 : time_column_;
      text(time_x(lane) - inwards(lane) * outside, (lane == row.from ? y1 : y2) + 4, "state",
           time_anchor(lane), name(row.state[lane]));
    }
  }

  std::size_t foot_columns() const {
    return static_cast<std::size_t>((width_ - lane_[0] - border) / svg_column);
  }

  void foot() {
    double at = y(layout_.height) + 34;
    std::vector<std::string> lines = summary(foot_columns());
    if (layout_.hidden > 0)
      lines.push_back(fmt::format("the last {} are not drawn", layout_.hidden));
    for (const std::string& line : lines) {
      text(lane_[0], at, "faint", "", line);
      at += foot_line;
    }
    legend(at);
    out_ += '\n';
  }

  /// Only what the reader cannot guess, and only if it occurs.
  void legend(double at) {
    const auto& pieces = layout_.axis.pieces();
    const auto any = [&](TimeAxis::Piece::Kind kind) {
      return std::ranges::any_of(pieces,
                                 [&](const TimeAxis::Piece& piece) { return piece.kind == kind; });
    };
    std::string words;
    if (any(TimeAxis::Piece::Kind::stretched))
      words += "thick lifeline: time stretched for the labels";
    if (any(TimeAxis::Piece::Kind::cut))
      words.append(words.empty() ? "" : " · ").append("zigzag: a pause cut short");
    if (!words.empty()) text(lane_[0], at, "faint", "", words);
  }

  std::string& out_;
  const Ladder& ladder_;
  const SvgOptions& options_;
  LadderLayout layout_;
  std::vector<std::string> caption_;
  double lane_[2], width_, height_, head_, top_,
      time_column_ = 74;  // at least; long captures need more
  std::unordered_map<std::uint32_t, double> departures_;
};

}  // namespace

void append_svg_ladder(std::string& out, const Ladder& ladder, const SvgOptions& options) {
  Drawing(out, ladder, options).draw();
}

}  // namespace tracer
