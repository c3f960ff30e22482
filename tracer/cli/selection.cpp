#include "tracer/cli/selection.hpp"

#include "tracer/fields/frame_filter.hpp"

namespace tracer {

Selection::Selection(const std::string& filter, const FrameStore& frames, bool two_vantages) : all_(filter.empty()) {
  if (all_) return;
  FrameFilter each[2] = {FrameFilter(filter), FrameFilter(filter)};
  std::uint64_t number = 0;
  for (const Frame& frame : frames) {
    ++number;
    selected_.push_back(two_vantages ? each[frame.vantage & 1](frame) : each[0](frame, number));
  }
}

void Selection::keep(std::vector<Ladder>& ladders) const {
  if (all_) return;
  for (Ladder& one : ladders)
    std::erase_if(one.rows, [this](const Row& row) { return !has(row.departure) && !has(row.arrival); });
  std::erase_if(ladders, [](const Ladder& one) { return one.rows.empty(); });
}

}  // namespace tracer
