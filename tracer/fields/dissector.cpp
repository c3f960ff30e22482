#include "tracer/fields/dissector.hpp"

#include "tracer/fields/dissect.hpp"

namespace tracer {

struct Dissector::State {
  Tracker tracker;
  Packet packet;
  FrameClock clock;
  FieldSink sink{FieldSet::all()};
  bool begun = false;
};

Dissector::Dissector() : state_(std::make_unique<State>()) {
  state_->tracker.follow_applications();
}
Dissector::~Dissector() = default;

const FieldSink& Dissector::fields(const Frame& frame, std::uint64_t number) {
  State& state = *state_;
  if (!state.begun) state.clock.first = state.clock.previous = frame.time;
  state.begun = true;
  decode(frame, number, state.packet);
  const Tracked& tracked = state.tracker.track(state.packet);
  state.sink.clear();
  dissect(state.packet, tracked, state.clock, state.sink);
  state.clock.previous = frame.time;
  return state.sink;
}

}  // namespace tracer
