#include "tracer/render/ladder_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <optional>
#include <utility>

#include "tracer/diagram/fold.hpp"
#include "tracer/render/svg_text.hpp"

namespace tracer {
namespace {

constexpr double steepest_label = 0.75;
constexpr double ascent = 14, descent = 1,
                 line_height = 13;  // of a label above its arrow; of a line below
constexpr std::size_t window = 40;  // labels that may reach down to a later one
constexpr int most_rounds = 40;

/// A label: a strip that begins at the sender's lifeline and runs along the arrow.
struct Strip {
  std::size_t event;  // whose height it begins at
  double slope, width, below;
};

/// Too little room between two strips, the second beginning lower; 0 if there is enough.
double lacking(const Strip& upper, double at_upper, const Strip& lower, double at_lower) {
  const double common = std::min(upper.width, lower.width), distance = at_lower - at_upper;
  const double above = ascent * std::hypot(1, lower.slope),
               below = upper.below * std::hypot(1, upper.slope);
  const double here = distance - above - below, there = here + (lower.slope - upper.slope) * common;
  return std::max(0.0, 1 - std::min(here, there));
}

/// time + delay, within what 64 bits hold.
Timestamp later(Timestamp time, Nanoseconds delay) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(time.time_since_epoch().count(), delay.count(), &sum)
             ? time
             : Timestamp(Nanoseconds(sum));
}

/// What lies across the lanes: a label with what stands below it, or (flat) a shaft. x runs from
/// the left lifeline.
struct Band {
  double left, right;   // in x
  double y, slope;      // at x = 0, and down for each pixel to the right
  double above, below;  // vertically, of the line
  double top(double x) const { return y + slope * x - above; }
  double bottom(double x) const { return y + slope * x + below; }
};

bool meet(const Band& a, const Band& b) {
  const double from = std::max(a.left, b.left), to = std::min(a.right, b.right);
  if (from >= to) return false;
  const auto over = [&](const Band& upper, const Band& lower) {
    return upper.bottom(from) <= lower.top(from) && upper.bottom(to) <= lower.top(to);
  };
  return !over(a, b) && !over(b, a);
}

struct Item {
  std::size_t row = 0, hidden = 0;  // hidden: a fold, after `row`
  std::size_t departure = 0;        // events
  std::optional<std::size_t> arrival{};
  std::vector<std::size_t> again{};
};

class Arranger {
 public:
  Arranger(const Ladder& ladder, const LadderLayout::Options& options)
      : ladder_(ladder), options_(options), typical_(typical_delay(ladder)) {
    scale_.typical = typical_;
    choose();
    for (Item& item : items_) add_events(item);
    message_below_.resize(items_.size());
  }

  /// Labels get their half of the way; then more where nothing else is. A message that is cut all
  /// the same gets a line of its own, which costs height.
  TimeAxis arrange() {
    TimeAxis axis({}, {});
    for (int attempt = 0; attempt < 2; ++attempt) {
      texts_.clear();
      spacings_.clear();
      for (std::size_t i = 0; i < items_.size(); ++i) texts_.push_back(text_of(i));
      axis = space_out();
      if (ladder_.two_ended) widen(axis);
      if (!move_cut_messages()) break;
    }
    return axis;
  }

  void fill(LadderLayout& layout) const {
    layout.hidden = hidden_;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const Item& item = items_[i];
      const double departure = layout.axis.height_of(item.departure),
                   slope = slope_of(layout.axis, item);
      if (item.hidden) {
        layout.folds.push_back({departure, ladder_.rows[item.row].from, slope, texts_[i].label});
        layout.height = std::max(layout.height, departure);
        continue;
      }
      const double arrival = item.arrival ? layout.axis.height_of(*item.arrival) : departure;
      LadderLayout::Arrow arrow{item.row, departure,       arrival,        {},
                                slope,    texts_[i].label, texts_[i].below};
      for (const std::size_t event : item.again)
        arrow.again.push_back(layout.axis.height_of(event));
      const double text_end = departure + std::max(0.0, slope) * width_of(texts_[i]) +
                              line_height * static_cast<double>(arrow.below.size());
      layout.height = std::max(
          {layout.height, arrival, text_end, arrow.again.empty() ? 0 : arrow.again.back()});
      layout.arrows.push_back(std::move(arrow));
    }
  }

 private:
  struct Text {
    std::string label;
    std::vector<std::string> below;
    LabelText parts{};  // of the label
  };

  /// Which rows are drawn, and where a fold stands for others.
  void choose() {
    for (std::size_t i = 0; i < ladder_.rows.size(); ++i) {
      if (items_.size() >= options_.most_rows) {
        hidden_ = ladder_.rows.size() - i;
        return;
      }
      std::size_t end = options_.fold_from ? end_of_run(ladder_, i) : i + 1;
      if (options_.fold_from && options_.fold_both_ways)
        end = std::max(end, end_of_ordinary(ladder_, i));
      items_.push_back({.row = i});
      if (end - i < std::max<std::size_t>(options_.fold_from, 4)) continue;
      items_.push_back({.row = i + 1, .hidden = end - i - 2});
      items_.push_back({.row = end - 1});
      i = end - 1;
    }
  }

  std::size_t event(Timestamp time, std::uint8_t lane, bool labelled = true) {
    events_.push_back({time, ladder_.two_ended ? lane : std::uint8_t{0}, labelled});
    return events_.size() - 1;
  }

  /// When a packet that did not arrive would have: as its neighbours in the same direction did.
  Timestamp would_arrive(std::size_t index) const {
    constexpr std::size_t near = 16;  // rows
    const Row& lost = ladder_.rows[index];
    const std::size_t from = lost.from, to = 1 - from;
    const Timestamp departure = *lost.time[from];
    Nanoseconds delay = typical_;
    const auto neighbour = [&](const Row& row) {
      return row.from == from && row.time[from] && row.time[to] && row.fate != Fate::lost &&
             *row.time[to] > *row.time[from];
    };
    for (std::size_t i = index; i-- > index - std::min(index, near);)
      if (neighbour(ladder_.rows[i])) {
        delay = *ladder_.rows[i].time[to] - *ladder_.rows[i].time[from];
        break;
      }
    Timestamp arrival = later(departure, delay);
    for (std::size_t i = index + 1; i < std::min(ladder_.rows.size(), index + near); ++i)
      if (neighbour(ladder_.rows[i]) && *ladder_.rows[i].time[to] > departure) {
        arrival = std::min(arrival, *ladder_.rows[i].time[to]);
        break;
      }
    return arrival;
  }

  /// A departure that was not seen lies a typical delay before its arrival.
  void add_events(Item& item) {
    const Row& row = ladder_.rows[item.row];
    const std::uint8_t from = row.from, to = static_cast<std::uint8_t>(1 - from);
    const auto departure = row.time[from], arrival = row.time[to];
    item.departure = event(departure ? *departure : later(*arrival, -typical_), from);
    if (!ladder_.two_ended || item.hidden) return;
    item.arrival = arrival ? event(*arrival, to) : event(would_arrive(item.row), to, false);
    for (const Timestamp time : row.more_arrivals) item.again.push_back(event(time, to));
  }

  TimeAxis space_out() {
    TimeAxis axis(events_, scale_);
    for (int round = 0; round < most_rounds; ++round) {
      if (!find_overlaps(axis)) return axis;
      std::vector<AxisSpacing> spacings;
      for (const auto& [pair, distance] : spacings_)
        spacings.push_back({pair.first, pair.second, distance});
      axis = TimeAxis(events_, scale_, spacings);
    }
    return axis;
  }

  LabelText parts_of(const Row& row) const {
    LabelText parts = label_text(row, options_.style);
    for (const Note& note : row.notes)
      if (note.kind == Note::Kind::lost) {
        const std::string cause =
            note.text.empty() || note.text == "probably" ? "" : ": " + printable(note.text);
        parts.notes.insert(parts.notes.begin(), "✗ " + note_text(note) + cause);
      }
    return parts;
  }

  /// How far a label may run at most: a cross keeps its place on the arrow, and heads and circles
  /// theirs at its end.
  double reach(const Row& row) const {
    const double part = row.fate == Fate::lost ? 0.5 : row.has(Note::Kind::lost) ? 0.6 : 0.9;
    return part * options_.lanes_apart;
  }
  static std::size_t columns_in(double pixels) {
    return static_cast<std::size_t>(std::max(0.0, pixels - 20) / svg_column);
  }
  /// What a label may take whatever else there is: half of the way, so that those of the other end
  /// have as much; all of it where every label has a height of its own.
  std::size_t columns_of(const Row& row) const {
    return columns_in(ladder_.two_ended ? options_.lanes_apart / 2 : reach(row));
  }

  std::string label_of(const Row& row, const LabelText& parts, std::size_t columns) const {
    const std::string number = fmt::format("{}  ", row.number);
    const std::size_t room = columns - std::min(columns, width(number));
    return number + clipped(parts.fit(room, options_.style), room);
  }

  Text text_of(std::size_t index) const {
    const Item& item = items_[index];
    const Row& row = ladder_.rows[item.row];
    if (item.hidden) {
      const auto first = ladder_.rows.begin() + static_cast<std::ptrdiff_t>(item.row);
      const bool both = std::any_of(first, first + static_cast<std::ptrdiff_t>(item.hidden),
                                    [&](const Row& one) { return one.from != row.from; });
      return {fmt::format("⋮ {} more{}", item.hidden, both ? ", both ways" : ""), {}};
    }
    const std::size_t columns = columns_of(row);
    LabelText parts = parts_of(row);
    Text text;
    if (message_below_[index]) {
      text.below.push_back(clipped(said(parts), columns));
      parts.message.clear();
      if (parts.speaks) parts.preview.clear();
    }
    const std::size_t number = width(fmt::format("{}  ", row.number));
    if (number + width(parts.fit(columns - std::min(columns, number), options_.style)) > columns) {
      wrap(parts.notes, columns, text.below);
      parts.notes.clear();
    }
    text.label = label_of(row, parts, columns);
    text.parts = std::move(parts);
    return text;
  }

  /// What the application says: in our words, or in its own first line.
  static const std::string& said(const LabelText& parts) {
    return parts.message.empty() && parts.speaks ? parts.preview : parts.message;
  }

  /// Did what the application says find no room? Then it gets a line below, next time.
  bool move_cut_messages() {
    bool moved = false;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const std::string& message = said(texts_[i].parts);
      if (message.empty() || texts_[i].label.find(message) != std::string::npos) continue;
      message_below_[i] = moved = true;
    }
    return moved;
  }

  /// Seen from the left lifeline: what is drawn at a slope from a lifeline inwards.
  Band band(const TimeAxis& axis, std::size_t index, double pixels, double above,
            double below) const {
    const Item& item = items_[index];
    const double at = axis.height_of(item.departure), slope = slope_of(axis, item),
                 apart = options_.lanes_apart;
    if (ladder_.rows[item.row].from == 0) return {0, pixels, at, slope, above, below};
    return {apart - pixels, apart, at + slope * apart, -slope, above, below};
  }
  Band label_band(const TimeAxis& axis, std::size_t index, double pixels) const {
    const double tilt = std::hypot(1, slope_of(axis, items_[index])),
                 lines = static_cast<double>(texts_[index].below.size());
    return band(axis, index, pixels, ascent * tilt, (descent + line_height * lines) * tilt);
  }
  Band shaft_band(const TimeAxis& axis, std::size_t index) const {
    const Item& item = items_[index];
    const double left = axis.height_of(item.departure), apart = options_.lanes_apart,
                 came = axis.height_of(item.arrival.value_or(item.departure));
    if (ladder_.rows[item.row].from == 0) return {0, apart, left, (came - left) / apart, 2, 2};
    return {0, apart, came, (left - came) / apart, 2, 2};
  }

  /// If all that a label must say fits above the arrow, nothing stands below it.
  template <class Fits>
  void take_up_lines_below(std::size_t index, Fits fits) {
    if (texts_[index].below.empty()) return;
    const Row& row = ladder_.rows[items_[index].row];
    LabelText all = parts_of(row), needed = all;
    needed.window.clear();
    needed.acknowledgment.clear();
    needed.options.clear();
    needed.sack.clear();
    if (!needed.speaks) all.preview.clear();
    needed.preview = all.preview;
    const std::string label = label_of(row, needed, columns_in(reach(row)));
    const auto lines = std::exchange(texts_[index].below, {});
    const bool whole = width(label) < columns_in(reach(row));  // else something may be cut
    if (!whole || !fits(label)) {
      texts_[index].below = lines;
      return;
    }
    texts_[index].label = label;
    texts_[index].parts = std::move(all);
  }

  /// Lets labels that were shortened run on, as far as neither a label nor an arrow is in the way.
  void widen(const TimeAxis& axis) {
    std::vector<std::size_t> order(items_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    const auto at = [&](std::size_t i) { return axis.height_of(items_[i].departure); };
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return at(a) < at(b); });
    for (std::size_t place = 0; place < order.size(); ++place) {
      const std::size_t i = order[place];
      const Item& item = items_[i];
      const Row& row = ladder_.rows[item.row];
      if (item.hidden || row.fate == Fate::lost) continue;
      const auto fits = [&](const std::string& label) {
        const Band whole = label_band(axis, i, svg_text_width(label) + 12);
        const std::size_t first = place - std::min(place, window),
                          last = std::min(order.size(), place + window + 1);
        for (std::size_t other = first; other < last; ++other) {
          if (other == place) continue;
          const std::size_t j = order[other];
          if (meet(whole, label_band(axis, j, width_of(texts_[j]))) ||
              (!items_[j].hidden && meet(whole, shaft_band(axis, j))))
            return false;
        }
        return true;
      };
      LabelText& parts = texts_[i].parts;
      constexpr std::size_t short_preview = 26;  // columns; more of the data tells no more
      if (!parts.speaks && width(parts.preview) > short_preview) parts.preview.clear();
      take_up_lines_below(i, fits);
      std::size_t low = std::max(columns_of(row), width(texts_[i].label)),
                  high = columns_in(reach(row));
      while (low < high) {  // the widest that fits
        const std::size_t middle = (low + high + 1) / 2;
        const std::string label = label_of(row, parts, middle);
        if (label == texts_[i].label || fits(label)) {
          low = middle;
          texts_[i].label = label;
        } else {
          high = middle - 1;
        }
      }
    }
  }

  /// Notes, as many on a line as fit.
  static void wrap(const std::vector<std::string>& notes, std::size_t columns,
                   std::vector<std::string>& lines) {
    for (const std::string& note : notes) {
      const std::string one = clipped(note, columns);
      if (!lines.empty() && width(lines.back()) + 3 + width(one) <= columns)
        lines.back().append(" · ").append(one);
      else
        lines.push_back(one);
    }
  }

  static double width_of(const Text& text) {
    double widest = svg_text_width(text.label);
    for (const std::string& line : text.below) widest = std::max(widest, svg_text_width(line));
    return widest + 10;
  }

  double slope_of(const TimeAxis& axis, const Item& item) const {
    if (!item.arrival) return 0;
    const double slope =
        (axis.height_of(*item.arrival) - axis.height_of(item.departure)) / options_.lanes_apart;
    return std::clamp(slope, -steepest_label, steepest_label);
  }

  /// Adds to the spacings what labels lack; false if none lacks anything.
  bool find_overlaps(const TimeAxis& axis) {
    bool found = false;
    for (const std::uint8_t lane : {std::uint8_t{0}, std::uint8_t{1}}) {
      std::vector<Strip> strips;  // level arrows reach both lifelines, so they are all neighbours
      for (std::size_t i = 0; i < items_.size(); ++i)
        if (ladder_.rows[items_[i].row].from == lane || !ladder_.two_ended)
          strips.push_back({items_[i].departure, slope_of(axis, items_[i]),
                            ladder_.two_ended ? width_of(texts_[i]) : options_.lanes_apart,
                            descent + line_height * static_cast<double>(texts_[i].below.size())});
      const auto at = [&](const Strip& strip) { return axis.height_of(strip.event); };
      std::stable_sort(strips.begin(), strips.end(),
                       [&](const Strip& a, const Strip& b) { return at(a) < at(b); });
      for (std::size_t j = 1; j < strips.size(); ++j)
        for (std::size_t i = j - std::min(j, window); i < j; ++i) {
          const double more = lacking(strips[i], at(strips[i]), strips[j], at(strips[j]));
          if (more <= 0.01) continue;
          // Moving the lower one down makes an arrow across the gap steeper; labels end before the middle.
          double& distance = spacings_[{strips[i].event, strips[j].event}];
          distance = std::max(distance, at(strips[j]) - at(strips[i]) + 2 * more);
          found = true;
        }
      if (!ladder_.two_ended) break;
      if (find_heads_in_lines(axis, lane)) found = true;
    }
    return found;
  }

  /// The same for lines below a label and the heads of arrows that come in beside them.
  bool find_heads_in_lines(const TimeAxis& axis, std::uint8_t lane) {
    constexpr double head = 10;  // with some air
    std::vector<std::pair<double, std::size_t>> heads;  // height, event
    for (const Item& item : items_)
      if (ladder_.rows[item.row].from != lane && item.arrival && events_[*item.arrival].labelled)
        heads.emplace_back(axis.height_of(*item.arrival), *item.arrival);
    std::sort(heads.begin(), heads.end());
    bool found = false;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (ladder_.rows[items_[i].row].from != lane || texts_[i].below.empty()) continue;
      const double at = axis.height_of(items_[i].departure),
                   lines = line_height * static_cast<double>(texts_[i].below.size()),
                   needed = descent + lines + head;
      const auto after =
          std::upper_bound(heads.begin(), heads.end(), std::pair(at, ~std::size_t{0}));
      if (after == heads.end() || after->first >= at + needed - 0.01) continue;
      spacings_[{items_[i].departure, after->second}] = needed;
      found = true;
    }
    return found;
  }

  const Ladder& ladder_;
  const LadderLayout::Options& options_;
  Nanoseconds typical_;
  TimeAxis::Scale scale_;
  std::vector<Item> items_;
  std::vector<Text> texts_;
  std::vector<bool> message_below_;
  std::vector<AxisEvent> events_;
  std::map<std::pair<std::size_t, std::size_t>, double> spacings_;
  std::size_t hidden_ = 0;
};

}  // namespace

LadderLayout::LadderLayout(const Ladder& ladder, const Options& options)
    : axis({}, {}), slanted(ladder.two_ended) {
  Arranger arranger(ladder, options);
  axis = arranger.arrange();
  arranger.fill(*this);
}

}  // namespace tracer
