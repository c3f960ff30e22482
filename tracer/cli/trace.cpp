#include "tracer/cli/trace.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "tracer/bytes/failure.hpp"
#include "tracer/bytes/frame_store.hpp"
#include "tracer/capture/file_reader.hpp"
#include "tracer/capture/live.hpp"
#include "tracer/capture/pcapng_writer.hpp"
#include "tracer/cli/annotate.hpp"
#include "tracer/cli/check.hpp"
#include "tracer/cli/output.hpp"
#include "tracer/cli/picture.hpp"
#include "tracer/cli/report.hpp"
#include "tracer/cli/sandbox.hpp"
#include "tracer/cli/selection.hpp"
#include "tracer/cli/serve.hpp"
#include "tracer/diagram/packet_row.hpp"
#include "tracer/fields/dissect.hpp"
#include "tracer/fields/filter.hpp"
#include "tracer/render/byte_view.hpp"
#include "tracer/render/json.hpp"
#include "tracer/render/label_text.hpp"
#include "tracer/render/summary.hpp"
#include "tracer/render/terminal_ladder.hpp"

namespace tracer {
namespace {

LiveSource* live_now = nullptr;  // for the signal handler
volatile sig_atomic_t interrupted = 0;
void on_interrupt(int) {
  interrupted = 1;
  if (live_now) live_now->stop();
}
void on_alarm(int) {
  if (live_now) live_now->stop();
}

/// Reads the frames of the input, counting and stopping as told, and writes those that are kept.
class Reader {
 public:
  Reader(const Options& options, std::unique_ptr<FrameSource> source, PcapngWriter* writer,
         std::uint32_t vantage)
      : options_(options), source_(std::move(source)), writer_(writer), first_vantage_(vantage) {}

  bool next(Frame& frame) {
    if (interrupted || frames_ >= options_.count || !source_->next(frame)) return false;
    ++frames_;
    return true;
  }
  /// The frame is one that the user asked for: it goes to -w.
  void keep(const Frame& frame) {
    if (!writer_) return;
    while (writer_->interfaces() < first_vantage_ + source_->vantages().size())
      writer_->add_interface(source_->vantages()[writer_->interfaces() - first_vantage_]);
    Frame written = frame;
    written.vantage += first_vantage_;
    writer_->write(written);
  }
  const FrameSource& source() const { return *source_; }
  std::uint64_t frames() const { return frames_; }

 private:
  const Options& options_;
  std::unique_ptr<FrameSource> source_;
  PcapngWriter* writer_;
  std::uint32_t first_vantage_;
  std::uint64_t frames_ = 0;
};

/// Formats that need no more than the packet at hand and what came before.
class Streaming {
 public:
  Streaming(const Options& options, Output& out)
      : options_(options),
        out_(out),
        table_(options.columns, options.table),
        bulk_(options.columns),
        filter_(Filter::compile(options.display_filter)),
        sink_(wanted()) {
    if (options.format == Options::Format::fields && options.table.header) table_.header(out.text);
    if (needs_applications(wanted())) tracker_.follow_applications();
  }

  /// Does the display filter select the packet? All are followed, only those are shown.
  bool packet(const Frame& frame, std::uint64_t number) {
    // In a capture from two ends each packet is there twice; a summary counts it once.
    if (options_.format == Options::Format::summary && frame.packet_id &&
        frame.direction == Direction::inbound)
      return !filtered();
    if (number == 1) clock_.first = clock_.previous = frame.time;
    decode(frame, number, packet_);
    const Tracked& tracked = tracker_.track(packet_);
    if (dissects_) {
      sink_.clear();
      dissect(packet_, tracked, clock_, sink_);
    }
    clock_.previous = frame.time;
    if (!filter_.matches(sink_)) return false;
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

  void finish() {
    if (options_.format != Options::Format::summary) return;
    const ConversationTable& conversations = tracker_.conversations();
    for (std::size_t i = 0; i < conversations.size(); ++i) {
      if (filtered() && (i >= selected_.size() || !selected_[i])) continue;
      append_summary(out_.text, conversations[i], options_.style);
      out_.flush_if_large();
    }
  }

 private:
  bool filtered() const { return !options_.display_filter.empty(); }
  FieldSet wanted() {
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
  void remember(const Tracked& tracked) {
    if (!filtered() || !tracked.conversation) return;
    const std::size_t index = tracked.conversation->index;
    if (index >= selected_.size()) selected_.resize(index + 1);
    selected_[index] = true;
  }
  /// A line, or the row of a ladder whose end is not in sight.
  void line(const Tracked& tracked) {
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

  const Options& options_;
  Output& out_;
  FieldTable table_;
  BulkWriter bulk_;
  Filter filter_;
  FieldSet shown_;  // -e; the display filter may need others besides
  FieldSink sink_;
  const bool dissects_ = options_.format == Options::Format::fields ||
                         options_.format == Options::Format::bytes ||
                         options_.format == Options::Format::json ||
                         options_.format == Options::Format::ek || filtered();
  std::vector<bool> selected_;  // conversations, by index
  Tracker tracker_;
  Packet packet_;
  FrameClock clock_;
  Row row_{};
  Ladder lanes_;
  Endpoint head_[2];  // whom the last head named
  bool headed_ = false;
};

void say(const Options& options, const std::string& text) {
  if (!options.quiet) fmt::print(stderr, "{}\n", text);
}

std::string describe(const ClockOffset& clock) {
  const auto milliseconds = [](Nanoseconds time) {
    return static_cast<double>(time.count()) / 1e6;
  };
  if (!clock.measured) return "clocks: taken as one";
  if (clock.shared)
    return fmt::format("clocks: agree within ±{:.3f} ms, taken as one", milliseconds(clock.error));
  return fmt::format("clocks: the second is {:.3f} ms {} the first, ±{:.3f} ms",
                     std::abs(milliseconds(clock.offset)),
                     clock.offset < Nanoseconds{0} ? "behind" : "ahead of",
                     milliseconds(clock.error));
}

/// Two vantage points in one file: interfaces whose packets carry ids (our own -w, for one).
bool is_two_ended(const FrameStore& frames, const std::vector<Vantage>& vantages) {
  if (vantages.size() != 2) return false;
  for (const Frame& frame : frames)
    if (!frame.packet_id || frame.direction == Direction::unknown) return false;
  return frames.size() > 0;
}

/// Does the format look ahead, or does the input have two ends that must be brought together?
bool needs_whole(const Options& options) {
  if (options.interface) return false;
  if (!options.rules.empty()) return true;
  if (options.format == Options::Format::ladder || options.format == Options::Format::html ||
      is_picture(options.format))
    return true;
  if (options.format != Options::Format::flat) return false;
  if (options.files.size() == 2) return true;
  if (options.files[0] == "-") return false;
  Frame first;
  return open_capture(options.files[0])->next(first) && first.packet_id;
}

void draw(const Options& options, const std::vector<Ladder>& drawn, Output& out) {
  constexpr std::size_t most = 12;  // ladders one after the other that somebody may still read
  const Ladder* busiest = nullptr;
  for (const Ladder& one : drawn)
    if (!busiest || one.rows.size() > busiest->rows.size()) busiest = &one;
  for (const Ladder& one : drawn) {
    if (drawn.size() > most && &one != busiest) continue;
    if (options.format == Options::Format::flat) continue;
    if (drawn.size() > 1) out.text += ladder_title(one, options.style);
    out.text += terminal_ladder(one, options.style) + ladder_footer(one, options.style);
    if (drawn.size() > 1 && &one != &drawn.back() && drawn.size() <= most) out.text += "\n";
    out.flush_if_large();
  }
  if (options.format == Options::Format::flat) {
    std::vector<std::pair<const Ladder*, const Row*>> rows;
    for (const Ladder& one : drawn)
      for (const Row& row : one.rows) rows.emplace_back(&one, &row);
    std::sort(rows.begin(), rows.end(),
              [](auto& a, auto& b) { return a.second->number < b.second->number; });
    for (const auto& [ladder, row] : rows) out.text += flat(*ladder, *row, options.style);
  } else if (drawn.size() > most) {
    say(options, fmt::format("{} conversations: the busiest is shown; tracer -T summary lists "
                             "them, a filter picks another",
                             drawn.size()));
  }
}

void report(const Options& options, const FrameStore& frames, const Passages& passages,
            const std::vector<Ladder>& drawn, const std::vector<Vantage>& places, Output& out) {
  ReportWords words;
  words.application = "tracer " WIRELAB_VERSION;
  words.provenance = {{"made by", words.application}, {"command", options.command}};
  words.filtered = !options.display_filter.empty();
  if (!options.files.empty())
    words.provenance.emplace_back("captures", fmt::format("{}", fmt::join(options.files, ", ")));
  if (passages.two_ended && !passages.exact)
    words.provenance.emplace_back("clocks", describe(passages.clock));
  MadeReport made = make_report(frames, passages, drawn, places, words, options.style);
  if (!made.remark.empty()) say(options, made.remark);
  out.text += made.html;
}

int ladder_of_files(const Options& options, std::vector<Reader>& readers, PcapngWriter* writer,
                    Output& out) {
  FrameStore frames;
  Frame frame;
  for (std::size_t file = 0; file < readers.size(); ++file)
    while (readers[file].next(frame)) {
      if (readers.size() == 2) frame.vantage = static_cast<std::uint32_t>(file);
      frames.add(frame);
    }
  const auto& vantages = readers[0].source().vantages();
  const bool two = readers.size() == 2 || is_two_ended(frames, vantages);
  const Selection selection(options.display_filter, frames, two);
  Options named = options;
  if (readers.size() == 1 && two && named.names.of({}).empty()) {
    // The interfaces of our own captures are called after the hosts.
    for (const Frame& one : frames) {
      if (one.direction != Direction::outbound) continue;
      Packet packet;
      decode(one, 1, packet);
      if (packet.has_network && named.names.of({packet.source, 0}).empty())
        named.names.add({packet.source, 0}, vantages[one.vantage].name);
    }
  }
  const bool cut = std::any_of(readers.begin(), readers.end(), [&](const Reader& one) {
    return one.frames() >= options.count || !one.source().cut_short().empty();
  });
  const Passages passages = two ? two_ended(frames, {options.clock, cut}) : single_ended(frames);
  if (two && !passages.exact) {
    say(options,
        fmt::format("{} of {} packets paired ({:.1f} %)", passages.paired, passages.departures,
                    passages.departures ? 100.0 * static_cast<double>(passages.paired) /
                                              static_cast<double>(passages.departures)
                                        : 100.0));
    say(options, describe(passages.clock));
  }
  auto drawn = ladders(frames, passages, named.names);
  if (!options.rules.empty())
    return check_capture(options.rules, frames, passages, drawn, out.text)
               ? exit_code::done
               : exit_code::check_failed;
  // Of half a conversation nothing true can be told.
  if (options.format == Options::Format::explain)
    selection.keep_whole(drawn);
  else
    selection.keep(drawn);
  std::vector<Vantage> places;
  for (const Reader& reader : readers)
    places.insert(places.end(), reader.source().vantages().begin(),
                  reader.source().vantages().end());
  if (readers.size() == 2)
    places = {readers[0].source().vantages()[0], readers[1].source().vantages()[0]};
  if (writer) write_annotated(*writer, frames, passages, drawn, places, &selection);
  if (is_picture(options.format)) {
    const std::string remark =
        append_picture(out.text, options.format, drawn, frames, options.style);
    if (!remark.empty()) say(options, remark);
  } else if (options.format == Options::Format::html) {
    report(named, frames, passages, drawn, places, out);
  } else {
    draw(named, drawn, out);
  }
  return exit_code::done;
}

int trace_files(const Options& options, PcapngWriter* writer, Output& out) {
  std::vector<Reader> readers;
  std::uint32_t vantage = 0;
  for (const std::string& file : options.files) {
    auto source = open_capture(file);
    if (!options.capture_filter.empty())
      source = filtered(std::move(source), options.capture_filter);
    readers.emplace_back(options, std::move(source), writer, vantage++);
  }
  const bool whole = needs_whole(options);
  if (options.sandbox) enter_sandbox();
  int code = exit_code::done;
  if (whole) {
    code = ladder_of_files(options, readers, writer, out);
  } else {
    Streaming stream(options, out);
    Frame frame;
    std::uint64_t number = 0;
    for (Reader& reader : readers)
      while (reader.next(frame))
        if (stream.packet(frame, ++number)) reader.keep(frame);
    stream.finish();
  }
  out.flush();
  if (writer) writer->flush();
  for (const Reader& reader : readers)
    if (const std::string why = reader.source().cut_short(); !why.empty())
      throw Failure(
          exit_code::failed, why,
          "what came before is shown; the capture may have been stopped while it was written");
  return interrupted ? exit_code::interrupted : code;
}

int trace_live(const Options& options, PcapngWriter* writer, Output& out) {
  if (!options.serve && (options.format == Options::Format::html || is_picture(options.format)))
    throw Failure(
        exit_code::usage, "this format needs the whole capture, and -i has no end",
        "capture with -w FILE and draw that, or watch with --serve and save the report there");
  LiveOptions live;
  live.interface = *options.interface;
  live.filter = options.capture_filter;
  live.snaplen = options.snaplen;
  live.immediate = !(options.write && options.quiet);  // batches are cheaper where nobody watches
  live.buffer_bytes = 64 << 20;
  live.blocking = !options.serve;
  auto source = open_live(live);
  const auto page = options.serve ? open_page(options) : nullptr;
  LiveSource* const running = source.get();
  live_now = running;
  if (options.sandbox) enter_sandbox();
  if (options.duration) {
    signal(SIGALRM, on_alarm);
    alarm(
        static_cast<unsigned>(std::chrono::ceil<std::chrono::seconds>(*options.duration).count()));
  }
  say(options, fmt::format("listening on {}; ^C ends it", *options.interface));
  if (page) {
    const std::uint64_t captured = serve_capture(options, *source, *page, writer, interrupted);
    live_now = nullptr;
    if (writer) writer->flush();
    const LiveStatistics counts = running->statistics();
    say(options, fmt::format("{} captured, {} received, {} dropped by kernel", captured,
                             counts.received, counts.dropped));
    return exit_code::done;
  }
  Reader reader(options, std::move(source), writer, 0);
  Streaming stream(options, out);
  Frame frame;
  std::uint64_t number = 0;
  const bool silent = options.write && options.quiet && options.display_filter.empty();
  while (reader.next(frame)) {
    if (silent || stream.packet(frame, ++number)) reader.keep(frame);
    out.flush();
  }
  live_now = nullptr;
  stream.finish();
  out.flush();
  if (writer) writer->flush();
  const LiveStatistics counts = running->statistics();
  say(options, fmt::format("{} captured, {} received, {} dropped by kernel", reader.frames(),
                           counts.received, counts.dropped));
  if (const std::string why = reader.source().cut_short(); !why.empty())
    throw Failure(exit_code::failed, *options.interface + ": " + why);
  return exit_code::done;
}

}  // namespace

int trace(const Options& options) {
  Output out(options.output.value_or("-"));
  if (options.list_interfaces) {
    for (const auto& [name, description] : list_interfaces())
      out.text += name + (description.empty() ? "" : "  " + description) + "\n";
    out.flush();
    return exit_code::done;
  }
  if (options.list_fields) {
    for (std::size_t i = 0; i < field_count; ++i) {
      const FieldInfo& field = info(field_at(i));
      if (field.name.find(*options.list_fields) != std::string_view::npos)
        out.text += fmt::format("{:<38} {}\n", field.name, field.sentence);
    }
    out.flush();
    return exit_code::done;
  }
  if (!options.interface && options.files.empty())
    throw Failure(
        exit_code::usage, "nothing to trace",
        "tracer -r FILE reads a capture, tracer -i IF listens; tracer --help has the rest");

  struct sigaction action {};
  action.sa_handler = on_interrupt;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  std::unique_ptr<PcapngWriter> writer;
  if (options.write)
    writer = std::make_unique<PcapngWriter>(*options.write, "tracer " WIRELAB_VERSION);
  return options.interface ? trace_live(options, writer.get(), out)
                           : trace_files(options, writer.get(), out);
}

}  // namespace tracer
