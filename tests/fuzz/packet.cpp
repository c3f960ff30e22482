// One frame of any content: decoding, its fields, and the formats that show one frame.
#include "tests/fuzz/frames.hpp"
#include "tracer/fields/dissect.hpp"
#include "tracer/render/byte_view.hpp"
#include "tracer/render/json.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tracer;
  for (const Frame& frame : fuzz::frames_of(std::as_bytes(std::span(data, size)))) {
    Packet packet;
    Tracker tracker;
    tracker.follow_applications();
    FieldSink sink(FieldSet::all());
    decode(frame, 1, packet);
    const Tracked& tracked = tracker.track(packet);
    dissect(packet, tracked, {frame.time, frame.time}, sink);
    std::string out = byte_view(1, frame.bytes, frame.original_length, sink, {});
    append_json(out, 1, frame, sink);
    BulkWriter({}).append(out, frame, sink);
  }
  return 0;
}
