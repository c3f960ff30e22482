#include "tracer/cli/streaming.hpp"

#include "tracer/diagram/packet_row.hpp"
#include "tracer/render/byte_view.hpp"
#include "tracer/render/label_text.hpp"
#include "tracer/render/summary.hpp"
#include "tracer/render/terminal_ladder.hpp"

namespace tracer {

Streaming::Streaming(const Options& options, Output& out)
    : options_(options),
      out_(out),
      table_(options.columns, options.table),
      bulk_(options.columns),
      filter_(Filter::compile(options.display_filter)),
      sink_(wanted()),
      tracker_(Tracker::Follows::all, options.format == Options::Format::summary && !dissects_
                                          ? Facts::flags
                                          : Facts::all) {
  if (options.format == Options::Format::fields && options.table.header) table_.header(out.text);
  const bool says_what_they_say =
      options.format == Options::Format::flat || options.format == Options::Format::ladder;
  if (says_what_they_say || needs_applications(wanted())) tracker_.follow_applications();
}

bool Streaming::packet(const Frame& frame, std::uint64_t number) {
  if (options_.format == Options::Format::summary && is_seen_again(frame)) return !filtered();
  if (number == 1) clock_.first = clock_.previous = frame.time;
  if (!shown_any_) clock_.shown = frame.time;
  decode(frame, number, packet_);
  const Tracked& tracked = tracker_.track(packet_);
  if (dissects_) {
    sink_.clear();
    dissect(packet_, tracked, clock_, sink_);
  }
  clock_.previous = frame.time;
  if (!filter_.matches(sink_)) return false;
  clock_.shown = frame.time;
  shown_any_ = true;
  switch (options_.format) {
    case Options::Format::fields: table_.row(out_.text, sink_); break;
    case Options::Format::bytes:
      out_.text +=
          byte_view(number, frame.bytes, frame.original_length, sink_, options_.style) + "\n";
      break;
    case Options::Format::json: append_json(out_.text, number, frame, sink_, shown_); break;
    case Options::Format::ek: bulk_.append(out_.text, frame, sink_); break;
    case Options::Format::flat: line(tracked); break;
    case Options::Format::ladder: line(tracked); break;
    case Options::Format::summary: remember(tracked); break;
    default: break;  // those that look ahead
  }
  out_.flush_if_large();
  return true;
}

void Streaming::finish() {
  if (options_.format != Options::Format::summary) return;
  const ConversationTable& conversations = tracker_.conversations();
  for (std::size_t i = 0; i < conversations.size(); ++i) {
    if (filtered() && (i >= selected_.size() || !selected_[i])) continue;
    append_summary(out_.text, conversations[i], options_.style);
    out_.flush_if_large();
  }
}

FieldSet Streaming::wanted() {
  const bool objects =
      options_.format == Options::Format::json || options_.format == Options::Format::ek;
  const bool all =
      options_.format == Options::Format::bytes || (objects && options_.columns.empty());
  shown_ = all ? FieldSet::all() : table_.wanted();
  FieldSet fields = shown_;
  fields |= filter_.wanted();
  return fields;
}

/// With a display filter, `summary` lists the conversations that have a packet it selects.
void Streaming::remember(const Tracked& tracked) {
  if (!filtered() || !tracked.conversation) return;
  const std::size_t index = tracked.conversation->index;
  if (index >= selected_.size()) selected_.resize(index + 1);
  selected_[index] = true;
}

/// A line, or the row of a ladder whose end is not in sight.
void Streaming::line(const Tracked& tracked) {
  packet_row(packet_, tracked, row_);
  lanes_.start = clock_.first;
  if (tracked.conversation) {
    for (std::size_t i : {0u, 1u}) lanes_.ends[i] = tracked.conversation->ends[i];
  } else {
    lanes_.ends[0] = {packet_.source, 0};
    lanes_.ends[1] = {packet_.destination, 0};
  }
  for (std::size_t i : {0u, 1u}) lanes_.names[i] = options_.names.of(lanes_.ends[i]);
  if (options_.format == Options::Format::flat) {
    out_.text += flat(lanes_, row_, options_.style);
    return;
  }
  lanes_.protocol = tracked.conversation ? tracked.conversation->protocol : std::uint8_t{0};
  const bool other_lanes = !headed_ || lanes_.ends[0] != head_[0] || lanes_.ends[1] != head_[1];
  out_.text += growing_row(lanes_, row_, other_lanes, options_.style);
  headed_ = true;
  for (std::size_t i : {0u, 1u}) head_[i] = lanes_.ends[i];
}

}  // namespace tracer
