#include "tracer/render/ladder_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

#include "tracer/diagram/fold.hpp"
#include "tracer/render/svg_text.hpp"

namespace tracer {
namespace {

constexpr double steepest_label = 0.5;
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

struct Item {
  std::size_t row = 0, hidden = 0;  // hidden: a fold, after `row`
  std::size_t departure = 0;        // events
  std::optional<std::size_t> arrival{};
  std::vector<std::size_t> again{};
};

class Arranger {
 public:
  Arranger(const Ladder& ladder, const LadderLayout::Options& options)
      : ladder_(ladder),
        options_(options),
        typical_(typical_delay(ladder)),
        columns_(static_cast<std::size_t>((options.lanes_apart / 2 - 20) / svg_column)) {
    scale_.typical = typical_;
    choose();
    for (Item& item : items_) add_events(item);
    for (const Item& item : items_) texts_.push_back(text_of(item));
  }

  TimeAxis arrange() {
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
  };

  /// Which rows are drawn, and where a fold stands for others.
  void choose() {
    for (std::size_t i = 0; i < ladder_.rows.size(); ++i) {
      if (items_.size() >= options_.most_rows) {
        hidden_ = ladder_.rows.size() - i;
        return;
      }
      const std::size_t end = options_.fold_from ? end_of_run(ladder_, i) : i + 1;
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

  Text text_of(const Item& item) const {
    const Row& row = ladder_.rows[item.row];
    if (item.hidden) return {fmt::format("⋮ {} more", item.hidden), {}};
    LabelText parts = label_text(row, options_.style);
    for (const Note& note : row.notes)
      if (note.kind == Note::Kind::lost) {
        const std::string cause =
            note.text.empty() || note.text == "probably" ? "" : ": " + printable(note.text);
        parts.notes.insert(parts.notes.begin(), "✗ " + note_text(note) + cause);
      }
    const std::string number = fmt::format("{}  ", row.number);
    const std::size_t room = columns_ - std::min(columns_, width(number));
    std::string label = parts.fit(room, options_.style);
    Text text;
    if (width(label) > room && !parts.notes.empty()) {
      wrap(parts.notes, text.below);
      parts.notes.clear();
      label = parts.fit(room, options_.style);
    }
    text.label = number + clipped(label, room);
    return text;
  }

  /// Notes, as many on a line as fit.
  void wrap(const std::vector<std::string>& notes, std::vector<std::string>& lines) const {
    for (const std::string& note : notes) {
      const std::string one = clipped(note, columns_);
      if (!lines.empty() && width(lines.back()) + 3 + width(one) <= columns_)
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
    }
    return found;
  }

  const Ladder& ladder_;
  const LadderLayout::Options& options_;
  Nanoseconds typical_;
  std::size_t columns_;
  TimeAxis::Scale scale_;
  std::vector<Item> items_;
  std::vector<Text> texts_;
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
