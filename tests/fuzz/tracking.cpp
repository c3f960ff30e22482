// Some frames after each other, from one end and from two: reassembly, tracking, and every drawing.
#include "tests/fuzz/frames.hpp"
#include "tracer/diagram/ladder.hpp"
#include "tracer/diagram/packet_row.hpp"
#include "tracer/fields/dissect.hpp"
#include "tracer/render/byte_view.hpp"
#include "tracer/render/json.hpp"
#include "tracer/render/label_text.hpp"
#include "tracer/render/summary.hpp"
#include "tracer/render/terminal_ladder.hpp"

namespace {

void draw(tracer::FrameStore& frames, const tracer::Passages& passages) {
  for (const tracer::Ladder& one : tracer::ladders(frames, passages, {})) {
    tracer::TextStyle style;
    style.width = 60 + one.rows.size() % 60;
    style.ascii = one.rows.size() % 2 != 0;
    (void)(tracer::ladder_title(one, style) + tracer::terminal_ladder(one, style) +
           tracer::ladder_footer(one, style));
    for (const tracer::Row& row : one.rows) (void)tracer::flat(one, row, style);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tracer;
  const auto frames = fuzz::frames_of(std::as_bytes(std::span(data, size)));
  Tracker tracker;
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
  return 0;
}
