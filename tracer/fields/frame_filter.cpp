#include "tracer/fields/frame_filter.hpp"

#include "tracer/fields/dissect.hpp"
#include "tracer/fields/filter.hpp"

namespace tracer {

struct FrameFilter::State {
  explicit State(const std::string& text) : filter(Filter::compile(text)), sink(filter.wanted()) {
    if (needs_applications(filter.wanted())) tracker.follow_applications();
  }

  Filter filter;
  FieldSink sink;
  Tracker tracker;
  Packet packet;
  FrameClock clock;
  std::uint64_t frames = 0;
};

FrameFilter::FrameFilter(const std::string& text) : state_(std::make_shared<State>(text)) {}

bool FrameFilter::operator()(const Frame& frame) { return (*this)(frame, state_->frames + 1); }

bool FrameFilter::operator()(const Frame& frame, std::uint64_t number) {
  State& state = *state_;
  if (++state.frames == 1) state.clock.first = state.clock.previous = frame.time;
  decode(frame, number, state.packet);
  const Tracked& tracked = state.tracker.track(state.packet);
  state.sink.clear();
  dissect(state.packet, tracked, state.clock, state.sink);
  state.clock.previous = frame.time;
  return state.filter.matches(state.sink);
}

}  // namespace tracer
