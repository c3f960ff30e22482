#include "tracer/cli/selection.hpp"

#include <algorithm>

#include "tracer/fields/frame_filter.hpp"

namespace tracer {

Selection::Selection(const std::string& filter, const FrameStore& frames, bool two_vantages)
    : all_(filter.empty()) {
  if (all_) return;
  FrameFilter each[2] = {FrameFilter(filter), FrameFilter(filter)};
  std::uint64_t number = 0;
  for (const Frame& frame : frames) {
    ++number;
    selected_.push_back(two_vantages ? each[frame.vantage & 1](frame) : each[0](frame, number));
  }
}

bool Selection::selects(const Row& row) const { return has(row.departure) || has(row.arrival); }

void Selection::keep(std::vector<Ladder>& ladders) const {
  if (all_) return;
  for (Ladder& one : ladders)
    std::erase_if(one.rows, [this](const Row& row) { return !selects(row); });
  std::erase_if(ladders, [](const Ladder& one) { return one.rows.empty(); });
}

void Selection::keep_whole(std::vector<Ladder>& ladders) const {
  std::erase_if(ladders, [this](const Ladder& one) {
    return std::ranges::none_of(one.rows, [this](const Row& row) { return selects(row); });
  });
}

}  // namespace tracer
