#pragma once

#include <string>
#include <vector>

#include "tracer/bytes/frame_store.hpp"
#include "tracer/diagram/ladder.hpp"

namespace tracer {

/// Which of the stored frames a display filter selects.
class Selection {
 public:
  /// Of two vantage points, each follows its connections alone. An empty filter selects all.
  /// Throws Failure (2) for a wrong one.
  Selection(const std::string& filter, const FrameStore& frames, bool two_vantages);

  /// Exactly these frames.
  explicit Selection(std::vector<bool> frames) : all_(false), selected_(std::move(frames)) {}

  bool has(std::size_t frame) const {
    return all_ || (frame < selected_.size() && selected_[frame]);
  }
  /// Leaves the rows of which either sighting is selected, and the ladders that have any.
  void keep(std::vector<Ladder>& ladders) const;
  /// Leaves the ladders that have a selected row, with all their rows.
  void keep_whole(std::vector<Ladder>& ladders) const;

 private:
  bool selects(const Row& row) const;

  bool all_;
  std::vector<bool> selected_;
};

}  // namespace tracer
