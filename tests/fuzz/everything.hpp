// Whatever can be done with the frames of a capture: tracking them, and every drawing.
#pragma once

#include "tests/fuzz/frames.hpp"
#include "tracer/diagram/ladder.hpp"
#include "tracer/diagram/packet_row.hpp"
#include "tracer/fields/dissect.hpp"
#include "tracer/render/byte_view.hpp"
#include "tracer/render/json.hpp"
#include "tracer/render/label_text.hpp"
#include "tracer/render/summary.hpp"
#include "tracer/render/terminal_ladder.hpp"

namespace tracer::fuzz {

inline void draw(FrameStore& frames, const Passages& passages) {
  for (const Ladder& one : ladders(frames, passages, {})) {
    TextStyle style;
    style.width = 60 + one.rows.size() % 60;
    style.ascii = one.rows.size() % 2 != 0;
    (void)(ladder_title(one, style) + terminal_ladder(one, style) + ladder_footer(one, style));
    for (const Row& row : one.rows) (void)flat(one, row, style);
  }
}

/// As one capture, and as one with two vantage points.
inline void show_everything(const std::vector<Frame>& frames) {
  Tracker tracker;
  tracker.follow_applications();
  Packet packet;
  FieldSink sink(FieldSet::all());
  Row row{};
  std::string out;
  BulkWriter bulk({});
  std::uint64_t number = 0;
  for (const Frame& frame : frames) {
    decode(frame, ++number, packet);
    const Tracked& tracked = tracker.track(packet);
    sink.clear();
    dissect(packet, tracked, {frames[0].time, frame.time}, sink);
    packet_row(packet, tracked, row);
    out = byte_view(number, frame.bytes, frame.original_length, sink, {});
    append_json(out, number, frame, sink);
    bulk.append(out, frame, sink);
  }
  for (std::size_t i = 0; i < tracker.conversations().size(); ++i)
    append_summary(out, tracker.conversations()[i], {});
  FrameStore store;
  for (const Frame& frame : frames) store.add(frame);
  draw(store, single_ended(store));
  draw(store, two_ended(store));
}

}  // namespace tracer::fuzz
