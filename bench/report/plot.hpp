#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace bench {

/// A line plot as SVG. Lines differ in dashes as well as in colour, and each has its name beside it.
struct Plot {
  struct Line {
    std::string label;
    std::vector<std::pair<double, double>> points;  // positive where the axis is logarithmic
  };
  std::string title, x_label, y_label;
  bool log_x = false, log_y = false;
  std::function<std::string(double)> x_text, y_text;         // how the numbers at the axes read
  std::vector<std::pair<double, std::string>> x_ticks = {};  // chosen for you if empty
  std::vector<Line> lines;
};

/// Empty if there is nothing to draw.
std::string svg_of(const Plot& plot);

/// Text made safe for HTML and SVG, attributes included.
std::string escaped(const std::string& text);

}  // namespace bench
