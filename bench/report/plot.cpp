#include "bench/report/plot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace bench {
namespace {

constexpr double width = 720, height = 300, left = 78, right = 200, top = 14, bottom = 44;
constexpr std::array<const char*, 5> dashes{"", "7 3", "2 3", "9 3 2 3", "1 5"};

/// From values to places between two edges of the drawing.
class Axis {
 public:
  Axis(double low, double high, bool logarithmic, double from, double to)
      : log_(logarithmic), low_(scale(low)), high_(scale(high)), from_(from), to_(to) {
    if (high_ - low_ < 1e-9) low_ -= 0.5, high_ += 0.5;
  }
  double place(double value) const {
    return from_ + (scale(value) - low_) / (high_ - low_) * (to_ - from_);
  }

  /// Round numbers: 1, 2 and 5 times powers of ten, thinned out to a readable count.
  std::vector<double> ticks() const {
    std::vector<double> found;
    if (!log_) {
      const double rough = (high_ - low_) / 5, power = std::pow(10, std::floor(std::log10(rough)));
      const double step = power * (rough / power > 5   ? 10
                                   : rough / power > 2 ? 5
                                   : rough / power > 1 ? 2
                                                       : 1);
      for (double value = std::ceil(low_ / step) * step; value <= high_ + step / 1e6; value += step)
        found.push_back(value);
      return found;
    }
    const bool few = high_ - low_ > 3;  // decades
    for (double power = std::pow(10, std::floor(low_)); power <= std::pow(10, high_); power *= 10)
      for (const double times : {1.0, 2.0, 5.0})
        if ((times == 1.0 || !few) && scale(power * times) >= low_ - 1e-9 &&
            scale(power * times) <= high_ + 1e-9)
          found.push_back(power * times);
    return found;
  }

 private:
  double scale(double value) const { return log_ ? std::log10(value) : value; }
  bool log_;
  double low_, high_, from_, to_;
};

}  // namespace

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    switch (c) {
      case '&': safe += "&amp;"; break;
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '"': safe += "&quot;"; break;
      case '\'': safe += "&#39;"; break;
      default: safe += c;
    }
  }
  return safe;
}

std::string svg_of(const Plot& plot) {
  double low_x = INFINITY, high_x = -INFINITY, low_y = INFINITY, high_y = -INFINITY;
  for (const Plot::Line& line : plot.lines)
    for (const auto& [x, y] : line.points) {
      low_x = std::min(low_x, x), high_x = std::max(high_x, x);
      low_y = std::min(low_y, y), high_y = std::max(high_y, y);
    }
  if (!(low_x <= high_x)) return {};
  if (!plot.log_y) low_y = 0;  // heights are then to be compared
  const Axis across(low_x, high_x, plot.log_x, left, width - right),
      up(low_y, high_y, plot.log_y, height - bottom, top);

  std::string svg = fmt::format(
      "<figure><svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\"><title>{}</title>\n",
      width, height, escaped(plot.title), escaped(plot.title));
  for (const double tick : up.ticks())
    svg += fmt::format(
        "<path class=\"grid\" d=\"M{} {:.1f}H{}\"/><text class=\"y\" x=\"{}\" "
        "y=\"{:.1f}\">{}</text>\n",
        left, up.place(tick), width - right, left - 6, up.place(tick) + 4,
        escaped(plot.y_text(tick)));
  std::vector<std::pair<double, std::string>> x_ticks = plot.x_ticks;
  if (x_ticks.empty())
    for (const double tick : across.ticks()) x_ticks.emplace_back(tick, plot.x_text(tick));
  double free_from = 0;  // labels do not overlap
  for (const auto& [tick, text] : x_ticks) {
    const double x = across.place(tick);
    if (x < left - 1 || x > width - right + 1) continue;
    svg += fmt::format("<path class=\"grid\" d=\"M{:.1f} {}V{}\"/>", x, top, height - bottom);
    if (x < free_from) continue;
    svg += fmt::format("<text class=\"x\" x=\"{:.1f}\" y=\"{}\">{}</text>\n", x,
                       height - bottom + 16, escaped(text));
    free_from = x + 52;
  }
  svg += fmt::format("<text class=\"x\" x=\"{}\" y=\"{}\">{}</text>\n", (left + width - right) / 2,
                     height - 8, escaped(plot.x_label));
  for (std::size_t i = 0; i < plot.lines.size(); ++i) {
    std::string path;
    for (const auto& [x, y] : plot.lines[i].points)
      path +=
          fmt::format("{}{:.1f} {:.1f}", path.empty() ? "M" : "L", across.place(x), up.place(y));
    const std::string style =
        fmt::format("class=\"line c{}\" stroke-dasharray=\"{}\"", i % 6, dashes[i % dashes.size()]);
    const double y = top + 10 + 18 * static_cast<double>(i);
    svg += fmt::format(
        "<path {} d=\"{}\"/>\n<path {} d=\"M{} {}h28\"/><text x=\"{}\" y=\"{}\">{}</text>\n", style,
        path, style, width - right + 12, y, width - right + 46, y + 4,
        escaped(plot.lines[i].label));
  }
  return svg + fmt::format("</svg><figcaption>{}</figcaption></figure>\n",
                           escaped(plot.title + ": " + plot.y_label));
}

}  // namespace bench
