#include "tracer/render/svg_plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tracer/render/svg_text.hpp"

namespace tracer {
namespace {

void text(std::string& out, double x, double y, std::string_view classes, std::string_view anchor,
          std::string_view words) {
  fmt::format_to(std::back_inserter(out),
                 "<text class=\"{}\" x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>", classes,
                 svg_number(x), svg_number(y), anchor, svg_text(words));
}

SvgPlot::Range widened(SvgPlot::Range range) {
  if (range.to > range.from) return range;
  const double more = std::max(1.0, std::abs(range.from) * 0.1);
  return {range.from, range.from + more};
}

/// Times as one reads them on an axis, in the unit that suits the whole range.
std::string time_text(double nanoseconds, double span) {
  if (span >= 10e9) return fmt::format("{:g} s", nanoseconds / 1e9);
  if (span >= 10e3) return fmt::format("{:g} ms", std::round(nanoseconds) / 1e6);
  return fmt::format("{:g} µs", std::round(nanoseconds) / 1e3);
}

}  // namespace

std::vector<double> round_values(double from, double to, std::size_t most) {
  std::vector<double> values;
  if (!(to > from) || most == 0 || !std::isfinite(from) || !std::isfinite(to)) return values;
  double step = std::pow(10, std::floor(std::log10((to - from) / static_cast<double>(most))));
  for (const double factor : {1.0, 2.0, 5.0, 10.0})
    if ((to - from) / (step * factor) <= static_cast<double>(most)) {
      step *= factor;
      break;
    }
  for (double k = std::ceil(from / step); k * step <= to + step * 1e-9 && values.size() <= most;
       ++k)
    values.push_back(k * step + 0.0);  // no -0
  return values;
}

std::string short_number(double value) {
  if (std::abs(value) >= 1e9) return fmt::format("{:g} G", value / 1e9);
  if (std::abs(value) >= 1e6) return fmt::format("{:g} M", value / 1e6);
  if (std::abs(value) >= 1e4) return fmt::format("{:g} k", value / 1e3);
  return fmt::format("{:g}", value);
}

SvgPlot::SvgPlot(const Frame& frame, Range times, Range values)
    : frame_(frame), times_(widened(times)), values_(widened(values)) {}

double SvgPlot::x(double nanoseconds) const {
  return frame_.left +
         std::clamp((nanoseconds - times_.from) / (times_.to - times_.from), 0.0, 1.0) *
             frame_.width;
}
double SvgPlot::y(double value) const {
  return frame_.top + frame_.height -
         std::clamp((value - values_.from) / (values_.to - values_.from), 0.0, 1.0) * frame_.height;
}

void SvgPlot::append_axes(std::string& out, std::string_view title, std::string_view unit,
                          bool with_times) const {
  const auto n = svg_number;
  fmt::format_to(std::back_inserter(out),
                 "<rect class=\"area\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/>",
                 n(frame_.left), n(frame_.top), n(frame_.width), n(frame_.height));
  text(out, frame_.left, frame_.top - 7, "panel", "start", title);
  text(out, frame_.left - 8, frame_.top - 7, "faint", "end", unit);
  for (const double value :
       round_values(values_.from, values_.to, static_cast<std::size_t>(frame_.height / 34) + 1)) {
    fmt::format_to(std::back_inserter(out),
                   "<line class=\"grid\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>", n(frame_.left),
                   n(y(value)), n(frame_.left + frame_.width), n(y(value)));
    if (y(value) > frame_.top + 6)
      text(out, frame_.left - 8, y(value) + 4, "faint", "end",
           short_number(value));  // else the unit is there
  }
  for (const double time :
       round_values(times_.from, times_.to, static_cast<std::size_t>(frame_.width / 90))) {
    fmt::format_to(std::back_inserter(out),
                   "<line class=\"grid\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>", n(x(time)),
                   n(frame_.top), n(x(time)), n(frame_.top + frame_.height));
    if (!with_times) continue;
    const std::string words = time_text(time, times_.to - times_.from);
    const double room =
        frame_.left + frame_.width + 10 - svg_text_width(words) / 2;  // the picture ends soon after
    text(out, std::min(x(time), room), frame_.top + frame_.height + 16, "faint", "middle", words);
  }
  out += '\n';
}

void SvgPlot::append_stairs(std::string& out, const std::vector<Point>& points,
                            std::string_view classes) const {
  if (points.empty()) return;
  std::string path =
      fmt::format("M{} {}", svg_number(x(points[0].time)), svg_number(y(points[0].value)));
  std::string last_x, last_y;
  for (const Point& point : points) {
    const std::string to_x = svg_number(x(point.time)), to_y = svg_number(y(point.value));
    if (to_x == last_x && to_y == last_y) continue;
    path.append("H").append(to_x).append("V").append(to_y);
    last_x = to_x;
    last_y = to_y;
  }
  fmt::format_to(std::back_inserter(out), "<path class=\"{}\" d=\"{}\"/>\n", classes, path);
}

}  // namespace tracer
