// Whatever can be done with the frames of a capture: tracking them, and every drawing.
#pragma once

#include <map>

#include "tests/fuzz/frames.hpp"
#include "tracer/diagram/ladder.hpp"
#include "tracer/diagram/packet_row.hpp"
#include "tracer/fields/dissect.hpp"
#include "tracer/render/byte_view.hpp"
#include "tracer/render/json.hpp"
#include "tracer/render/label_text.hpp"
#include "tracer/render/summary.hpp"
#include "tracer/render/terminal_ladder.hpp"
#include "tracer/tracking/later_part.hpp"

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

/// What is told of a capture that two trackers follow from `border` on, if they can; else of all.
inline std::string summary_in_parts(const std::vector<Frame>& frames, std::size_t border) {
  Tracker first(Tracker::Follows::all, Facts::flags);
  LaterPart later;
  Packet packet;
  bool joined = true;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    decode(frames[i], i < border ? i + 1 : i + 1 - border, packet);
    if (i < border)
      first.track(packet);
    else
      joined = joined && later.follow(packet);
  }
  joined = joined && later.join(first, border);
  for (std::size_t i = border; !joined && i < frames.size(); ++i) {
    decode(frames[i], i + 1, packet);
    first.track(packet);
  }
  std::map<std::uint64_t, std::string> told;  // by first packet
  for (std::size_t i = 0; i < first.conversations().size(); ++i)
    append_summary(told[first.conversations()[i].first_number], first.conversations()[i], {});
  for (std::size_t i = 0; joined && i < later.conversations().size(); ++i)
    append_summary(told[border + later.conversations()[i].first_number], later.conversations()[i],
                   {});
  std::string out;
  for (const auto& [number, text] : told) out += text;
  return out;
}

/// As one capture, as one in two parts, and as one with two vantage points.
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
  out.clear();
  for (std::size_t i = 0; i < tracker.conversations().size(); ++i)
    append_summary(out, tracker.conversations()[i], {});
  FrameStore store;
  for (const Frame& frame : frames) store.add(frame);
  draw(store, single_ended(store));
  draw(store, two_ended(store));
  for (const std::size_t border : {frames.size() / 3, frames.size() / 2, frames.size()})
    if (summary_in_parts(frames, border) != out) __builtin_trap();
}

}  // namespace tracer::fuzz
