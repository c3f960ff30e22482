#pragma once

#include <string>
#include <vector>

#include "tracer/diagram/time_axis.hpp"
#include "tracer/render/label_text.hpp"

namespace tracer {

/// Where everything of a drawn ladder lies: pixels, y downwards from the first event.
///
/// Each label lies along its arrow, in its sender's half; the axis gives way until no two overlap.
struct LadderLayout {
  struct Options {
    TextStyle style;  // its notation; width and colour mean nothing here
    double lanes_apart = 700;
    std::size_t most_rows = 2000;  // more are not drawn
    std::size_t fold_from = 0;     // rows alike before the middle ones are folded; 0: never
    bool fold_both_ways = false;   // and ordinary rows, whatever they are and wherever they go
  };
  struct Arrow {
    std::size_t row;                 // index in the ladder
    double departure, arrival;       // heights; of what was not seen, where it would have been
    std::vector<double> again;       // of further arrivals
    double slope;                    // pixels down for each pixel across, also of the label
    std::string label;               // above the arrow; with the packet's number before it
    std::vector<std::string> below;  // notes that found no room there
  };
  struct Fold {
    double at;
    std::uint8_t lane;
    double slope;
    std::string label;  // "⋮ 5 more"
  };

  LadderLayout(const Ladder& ladder, const Options& options);

  std::vector<Arrow> arrows;
  std::vector<Fold> folds;
  TimeAxis axis;
  double height = 0;       // below the last arrow and its notes
  std::size_t hidden = 0;  // rows at the end that are not drawn
  bool slanted;            // both ends were watched: arrows have a height
};

}  // namespace tracer
