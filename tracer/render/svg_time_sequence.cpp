#include "tracer/render/svg_time_sequence.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tracer/diagram/time_sequence.hpp"
#include "tracer/render/svg_plot.hpp"
#include "tracer/render/svg_text.hpp"
#include "tracer/render/terminal_ladder.hpp"

namespace tracer {
namespace {

constexpr double width = 960, left = 78, right = 18, head = 44;
constexpr double large = 380, middle = 200, small = 90, between = 44;
constexpr std::size_t most_rows = 20'000;

using Range = SvgPlot::Range;

class Drawing {
 public:
  Drawing(std::string& out, const Ladder& ladder, const SvgOptions& options)
      : out_(out), ladder_(ladder), options_(options) {
    for (const Row& row : ladder.rows)
      for (const auto& time : row.time)
        if (time)
          times_.to = std::max(times_.to, static_cast<double>((*time - ladder.start).count()));
    times_.from = times_.to;
    for (const Row& row : ladder.rows)
      for (const auto& time : row.time)
        if (time)
          times_.from = std::min(times_.from, static_cast<double>((*time - ladder.start).count()));
    const double margin = (times_.to - times_.from) * 0.015;
    times_ = {times_.from - margin, times_.to + margin};
  }

  void draw() {
    if (ladder_.protocol == ip_protocol::tcp)
      connection();
    else
      datagrams();
    open();
    out_ += body_ + "</svg>\n";
  }

 private:
  template <class... T>
  void put(fmt::format_string<T...> format, T&&... values) {
    fmt::format_to(std::back_inserter(body_), format, std::forward<T>(values)...);
  }
  static std::string n(double value) { return svg_number(value); }
  std::string who(std::size_t lane) const {
    return ladder_.names[lane].empty() ? ladder_.ends[lane].text() : ladder_.names[lane];
  }

  /// The next panel, and the room that it takes.
  SvgPlot panel(double height, Range values) {
    const SvgPlot plot({left, bottom_ + between, width - left - right, height}, times_, values);
    bottom_ += between + height;
    return plot;
  }
  static std::vector<SvgPlot::Point> points(const std::vector<FlowCurves::Point>& curve,
                                            double scale = 1) {
    std::vector<SvgPlot::Point> found;
    for (const FlowCurves::Point& one : curve)
      found.push_back({static_cast<double>(one.time.count()), one.value * scale});
    return found;
  }
  static double highest(const std::vector<FlowCurves::Point>& curve) {
    double most = 0;
    for (const FlowCurves::Point& one : curve) most = std::max(most, one.value);
    return most * 1.1;
  }

  void open() {
    const std::string id = svg_text(options_.id_prefix);
    const double height = bottom_ + 34;
    std::string title = ladder_title(ladder_, {.width = 1000});
    title.pop_back();
    const char* what =
        ladder_.protocol == ip_protocol::tcp ? "Sequence numbers over time" : "Datagrams over time";
    fmt::format_to(std::back_inserter(out_),
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plots\" width=\"{0}\" "
                   "height=\"{1}\" viewBox=\"0 0 {0} {1}\" role=\"graphics-document\" "
                   "aria-roledescription=\"plot\" aria-labelledby=\"{2}plot-title\" "
                   "aria-describedby=\"{2}plot-desc\">\n<title id=\"{2}plot-title\">{3}: "
                   "{4}</title>\n<desc id=\"{2}plot-desc\">{5}</desc>\n",
                   n(width), n(height), id, what, svg_text(title), svg_text(description_));
    if (options_.alone)
      fmt::format_to(std::back_inserter(out_),
                     "<style>{}</style>\n<rect class=\"paper\" width=\"{}\" height=\"{}\"/>\n",
                     svg_plot_style(), n(width), n(height));
    fmt::format_to(std::back_inserter(out_), "<text class=\"name\" x=\"{}\" y=\"24\">{}</text>\n",
                   n(left), svg_text(title));
    if (left_out_ > 0)
      fmt::format_to(std::back_inserter(out_),
                     "<text class=\"faint\" x=\"{}\" y=\"42\">the first {} packets; {} more are "
                     "not drawn</text>\n",
                     n(left), ladder_.rows.size() - left_out_, left_out_);
  }

  void connection() {
    const TimeSequences both = time_sequences(ladder_, most_rows);
    left_out_ = both.left_out;
    const auto payload = [&](std::size_t lane) {
      std::uint64_t sum = 0;
      for (const TimeSequence::Segment& one : both.of[lane].segments) sum += one.length;
      return sum;
    };
    const std::size_t main = payload(1) > payload(0) ? 1 : 0;
    bottom_ = head - between + 24;
    sequence(both.of[main], large);
    if (!both.of[1 - main].segments.empty())
      sequence(both.of[1 - main], payload(1 - main) > 0 ? middle : small);
    const FlowCurves curves = flow_curves(both.of[main], ladder_.two_ended);
    const std::string flow = fmt::format("{} → {}", who(main), who(1 - main));
    if (!curves.round_trip.empty()) {
      const SvgPlot plot = panel(small, {0, highest(curves.round_trip)});
      plot.append_axes(body_, "round-trip time, segment to ACK, " + flow, "ms", false);
      for (const FlowCurves::Point& one : curves.round_trip)
        put("<circle class=\"dot\" cx=\"{}\" cy=\"{}\" r=\"2.5\"/>", n(plot.x(one.time)),
            n(plot.y(one.value)));
      body_ += '\n';
    }
    if (!curves.in_flight.empty()) {
      const SvgPlot plot = panel(small, {0, highest(curves.in_flight)});
      plot.append_axes(body_, "in flight: sent and not yet acknowledged", "bytes",
                       curves.throughput.empty());
      plot.append_stairs(body_, points(curves.in_flight), "stairs flight");
    }
    throughput(curves, ladder_.two_ended ? "new payload arriving" : "new payload passing");
    describe(both, main);
  }

  void throughput(const FlowCurves& curves, const std::string& what) {
    if (curves.throughput.empty()) return;
    const SvgPlot plot = panel(small, {0, highest(curves.throughput)});
    plot.append_axes(body_,
                     fmt::format("throughput: {}, each {:g} ms", what,
                                 static_cast<double>(curves.bin.count()) / 1e6),
                     "bit/s", true);
    std::vector<SvgPlot::Point> stairs;
    for (const FlowCurves::Point& one : curves.throughput)
      stairs.push_back({static_cast<double>(one.time.count()), one.value});
    plot.append_stairs(body_, stairs, "stairs rate");
  }

  /// The time-sequence graph of one direction.
  void sequence(const TimeSequence& flow, double height) {
    Range values{0, 0};
    bool known = false;
    const auto take = [&](std::int64_t position) {
      const auto value = static_cast<double>(position);
      values = known ? Range{std::min(values.from, value), std::max(values.to, value)}
                     : Range{value, value};
      known = true;
    };
    for (const TimeSequence::Segment& one : flow.segments) {
      take(one.from);
      take(one.to);
    }
    for (const TimeSequence::Ack& one : flow.acks) take(one.to);
    // The window's edge only as far as it leaves the segments some room.
    const double data = std::max(1.0, values.to - values.from);
    double edge = values.to;
    for (const TimeSequence::Window& one : flow.windows)
      edge = std::max(edge, static_cast<double>(one.edge));
    const bool window_fits = edge - values.from <= 3 * data;
    values.to = (window_fits ? edge : values.to) + data * 0.08;
    values.from -= data * 0.03;
    const SvgPlot plot = panel(height, values);
    plot.append_axes(body_,
                     fmt::format("{} → {}: {}", who(flow.sender), who(1u - flow.sender),
                                 window_fits ? "segments, ACKs, window"
                                             : "segments and ACKs; the window's edge lies above"),
                     "bytes", true);
    put("<g class=\"sequence\" data-sender=\"{}\">\n", flow.sender);
    windows(plot, flow, window_fits);
    for (const TimeSequence::Segment& one : flow.segments) ghost(plot, one);
    acks(plot, flow);
    for (const TimeSequence::Sack& one : flow.sacks)
      put("<line class=\"sack{}\" data-p=\"{}\" data-at=\"{}\" data-from=\"{}\" data-to=\"{}\" "
          "x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>\n",
          one.below ? " below" : "", one.row, one.time.count(), one.from, one.to,
          n(plot.x(one.time)), n(plot.y(static_cast<double>(one.from))), n(plot.x(one.time)),
          n(plot.y(static_cast<double>(one.to))));
    for (const TimeSequence::Segment& one : flow.segments) segment(plot, one);
    body_ += "</g>\n";
  }

  void windows(const SvgPlot& plot, const TimeSequence& flow, bool fits) {
    std::vector<SvgPlot::Point> edge;
    for (const TimeSequence::Window& one : flow.windows)
      edge.push_back({static_cast<double>(one.time.count()), static_cast<double>(one.edge)});
    if (fits) plot.append_stairs(body_, edge, "stairs window");
    for (const TimeSequence::Window& one : flow.windows)
      if (one.zero)
        put("<text class=\"zero\" data-p=\"{}\" data-at=\"{}\" x=\"{}\" y=\"{}\" "
            "text-anchor=\"middle\">Z</text>\n",
            one.row, one.time.count(), n(plot.x(one.time)),
            n(plot.y(static_cast<double>(one.edge)) - 4));
  }

  void acks(const SvgPlot& plot, const TimeSequence& flow) {
    const TimeSequence::Ack* before = nullptr;
    for (const TimeSequence::Ack& one : flow.acks) {
      const double x = plot.x(one.time), from = plot.y(static_cast<double>(one.from)),
                   to = plot.y(static_cast<double>(one.to));
      const bool tick = one.from == one.to;
      put("<path class=\"ack\" data-p=\"{}\" data-at=\"{}\" data-from=\"{}\" data-to=\"{}\"{} "
          "d=\"M{} {}H{}V{}{}\"/>\n",
          one.row, one.time.count(), one.from, one.to,
          one.duplicate ? fmt::format(" data-duplicate=\"{}\"", one.duplicate) : "",
          n(before ? plot.x(before->time) : x), n(from), n(x), n(to), tick ? "v5" : "");
      if (one.duplicate == 3)
        put("<text class=\"third\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">3</text>\n", n(x),
            n(to + 16));
      before = &one;
    }
  }

  void ghost(const SvgPlot& plot, const TimeSequence::Segment& one) {
    if (!one.arrived || one.to == one.from) return;
    put("<line class=\"ghost\" data-p=\"{}\" data-at=\"{}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" "
        "y2=\"{}\"/>\n",
        one.row, one.arrived->count(), n(plot.x(*one.arrived)),
        n(plot.y(static_cast<double>(one.from))), n(plot.x(*one.arrived)),
        n(plot.y(static_cast<double>(one.to))));
  }

  /// A bar with a foot at its first byte and a head at its last; a diamond where PSH says "now".
  void segment(const SvgPlot& plot, const TimeSequence::Segment& one) {
    const double x = plot.x(one.time), from = plot.y(static_cast<double>(one.from)),
                 to = plot.y(static_cast<double>(one.to));
    std::string flags;
    for (const auto& [bit, name] :
         {std::pair{TcpFlags::syn, "SYN"}, {TcpFlags::fin, "FIN"}, {TcpFlags::rst, "RST"}})
      if (one.flags.has(bit)) flags.append(flags.empty() ? "" : " ").append(name);
    put("<g class=\"segment{}{}\" data-p=\"{}\" data-at=\"{}\" data-from=\"{}\" data-to=\"{}\" "
        "data-length=\"{}\" data-flags=\"{}\">",
        one.again ? " again" : "", one.lost ? " lost" : "", one.row, one.time.count(), one.from,
        one.to, one.length, flags);
    put("<title>#{}: {} to {}{}</title>", one.row, one.from, one.to,
        one.lost    ? (ladder_.two_ended ? ", lost" : ", probably lost")
        : one.again ? ", sent again"
                    : "");
    if (one.lost)
      put("<path class=\"bar\" d=\"M{0} {1}h6V{2}h-6zM{0} {1}L{3} {2}M{3} {1}L{0} {2}\"/>",
          n(x - 3), n(from), n(to), n(x + 3));
    else
      put("<path class=\"bar\" d=\"M{0} {1}h5M{2} {1}V{3}M{0} {3}h5\"/>", n(x - 2.5), n(from), n(x),
          n(to));
    if (one.flags.has(TcpFlags::psh) && one.length > 0)
      put("<path class=\"push\" d=\"M{} {}l3 -3 3 3 -3 3z\"/>", n(x - 3), n(to));
    const std::string words =
        std::string(one.again ? "R" : "") + (one.again && !flags.empty() ? " " : "") + flags;
    if (!words.empty())
      put("<text class=\"word\" x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>", n(x), n(to - 7),
          x > width - 60 ? "end" : "middle", words);
    body_ += "</g>\n";
  }

  void describe(const TimeSequences& both, std::size_t main) {
    std::size_t again = 0, lost = 0;
    for (const TimeSequence::Segment& one : both.of[main].segments) {
      again += one.again;
      lost += one.lost;
    }
    description_ = fmt::format(
        "{} segments from {} to {}, {} of them sent again, {} {}lost. Below: round-trip time, "
        "bytes in flight and throughput.",
        both.of[main].segments.size(), who(main), who(1 - main), again, lost,
        ladder_.two_ended ? "" : "probably ");
  }

  /// UDP and the rest: the n-th packet of a direction over time, sent and received.
  void datagrams() {
    bottom_ = head - between + 24;
    left_out_ = ladder_.rows.size() - std::min(most_rows, ladder_.rows.size());
    std::size_t counts[2] = {0, 0}, lost = 0;
    for (const Row& row : ladder_.rows) {
      ++counts[row.from];
      lost += row.fate == Fate::lost;
    }
    description_ =
        fmt::format("{} datagrams from {}, {} from {}; {} lost.", counts[0], who(0), counts[1],
                    who(1), ladder_.two_ended ? fmt::format("{}", lost) : "not known how many");
    for (const std::uint8_t lane : {std::uint8_t{0}, std::uint8_t{1}}) {
      if (counts[lane] == 0) continue;
      const SvgPlot plot = panel(counts[lane] >= counts[1 - lane] ? large * 0.7 : middle,
                                 {0, static_cast<double>(counts[lane]) + 1});
      plot.append_axes(
          body_,
          fmt::format("{} → {}: {}", who(lane), who(1u - lane),
                      ladder_.two_ended ? "filled as sent, hollow as received" : "as seen"),
          "packet", true);
      put("<g class=\"sequence\" data-sender=\"{}\">\n", lane);
      std::size_t count = 0, drawn = 0;
      for (const Row& row : ladder_.rows) {
        if (row.from != lane) continue;
        ++count;
        if (++drawn <= most_rows) datagram(plot, row, count);
      }
      body_ += "</g>\n";
    }
  }

  void datagram(const SvgPlot& plot, const Row& row, std::size_t count) {
    const double y = plot.y(static_cast<double>(count));
    const auto sent = row.time[row.from],
               arrived = ladder_.two_ended ? row.time[1 - row.from] : std::nullopt;
    const bool lost = row.fate == Fate::lost;
    put("<g class=\"datagram{}\" data-p=\"{}\" data-number=\"{}\"{}{}><title>#{}{}</title>",
        lost ? " lost" : "", row.number, count,
        sent ? fmt::format(" data-at=\"{}\"", (*sent - ladder_.start).count()) : "",
        arrived ? fmt::format(" data-arrived=\"{}\"", (*arrived - ladder_.start).count()) : "",
        row.number, lost ? ": lost" : "");
    const auto x = [&](Timestamp time) { return plot.x(time - ladder_.start); };
    if (sent && arrived)
      put("<line class=\"flight-line\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>", n(x(*sent)),
          n(y), n(x(*arrived)), n(y));
    if (sent && lost)
      put("<path class=\"bar\" d=\"M{} {}l8 8m0 -8l-8 8\"/>", n(x(*sent) - 4), n(y - 4));
    else if (sent)
      put("<circle class=\"sent\" cx=\"{}\" cy=\"{}\" r=\"3\"/>", n(x(*sent)), n(y));
    if (arrived)
      put("<circle class=\"received\" cx=\"{}\" cy=\"{}\" r=\"3\"/>", n(x(*arrived)), n(y));
    for (const Timestamp again : row.more_arrivals)
      put("<circle class=\"received\" cx=\"{}\" cy=\"{}\" r=\"5\"/>", n(x(again)), n(y));
    body_ += "</g>\n";
  }

  std::string& out_;
  const Ladder& ladder_;
  const SvgOptions& options_;
  std::string body_, description_;
  Range times_{0, 0};
  double bottom_ = 0;
  std::size_t left_out_ = 0;
};

}  // namespace

void append_svg_time_sequence(std::string& out, const Ladder& ladder, const SvgOptions& options) {
  Drawing(out, ladder, options).draw();
}

std::string_view svg_plot_style() {
  return R"css(
.plots { font: 12px "DejaVu Sans Mono", ui-monospace, Menlo, Consolas, "Liberation Mono", monospace }
.plots .paper { fill: #ffffff }
.plots text { fill: #1a1a1a }
.plots .faint { fill: #595959 }
.plots .name { font-size: 15px; font-weight: bold }
.plots .panel { font-weight: bold }
.plots .area { fill: none; stroke: #8c8c8c }
.plots .grid { stroke: #e3e3e3 }
.plots .bar { stroke: #1a1a1a; stroke-width: 1.4; fill: none }
.plots .push { fill: #1a1a1a }
.plots .again .bar { stroke: #b35900; stroke-width: 2.4 }
.plots .again .word { font-weight: bold }
.plots .lost .bar { stroke: #d55e00; stroke-width: 1.2 }
.plots .ghost { stroke: #9a9a9a; stroke-width: 3; stroke-opacity: 0.55 }
.plots .ack { stroke: #009e73; stroke-width: 1.5; fill: none }
.plots .sack { stroke: #cc79a7; stroke-width: 3 }
.plots .sack.below { stroke-dasharray: 2 2 }
.plots .stairs { fill: none; stroke-width: 1.5; stroke: #0072b2 }
.plots .stairs.window { stroke: #0072b2; stroke-dasharray: 6 3 }
.plots .dot { fill: #0072b2 }
.plots .third, .plots .zero { font-weight: bold }
.plots .sent { fill: #1a1a1a }
.plots .received { fill: none; stroke: #009e73; stroke-width: 1.6 }
.plots .flight-line { stroke: #8c8c8c }
@media screen and (prefers-color-scheme: dark) {
  .plots .paper { fill: #14171a }
  .plots text { fill: #e8e8e8 }
  .plots .faint { fill: #a6a6a6 }
  .plots .grid { stroke: #2c3238 }
  .plots .bar { stroke: #e8e8e8 }
  .plots .push, .plots .sent { fill: #e8e8e8 }
  .plots .again .bar { stroke: #e69f00 }
  .plots .stairs, .plots .stairs.window { stroke: #56b4e9 }
  .plots .dot { fill: #56b4e9 }
}
)css";
}

}  // namespace tracer
