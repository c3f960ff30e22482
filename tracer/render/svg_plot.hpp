#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace tracer {

/// One panel of a plot in an SVG: a rectangle with a time axis below and a value axis at its left.
class SvgPlot {
 public:
  struct Frame {
    double left, top, width, height;  // of the area that is drawn in, pixels
  };
  struct Range {
    double from, to;
  };
  /// Times in nanoseconds. Empty ranges are widened, so that nothing divides by zero.
  SvgPlot(const Frame& frame, Range times, Range values);

  double x(std::chrono::nanoseconds time) const { return x(static_cast<double>(time.count())); }
  double x(double nanoseconds) const;
  double y(double value) const;  // never outside the frame
  const Frame& frame() const { return frame_; }

  /// Frame, grid and numbers; `unit` names the values ("bytes"), `title` what is shown.
  void append_axes(std::string& out, std::string_view title, std::string_view unit,
                   bool with_times) const;
  /// A staircase through the points: level to the next one's time, then up or down.
  struct Point {
    double time, value;
  };
  void append_stairs(std::string& out, const std::vector<Point>& points,
                     std::string_view classes) const;

 private:
  Frame frame_;
  Range times_, values_;
};

/// Multiples of 1, 2 or 5 times a power of ten in [from, to]; at most `most`.
std::vector<double> round_values(double from, double to, std::size_t most);
/// "1500", "64 k", "2.5 M".
std::string short_number(double value);

}  // namespace tracer
