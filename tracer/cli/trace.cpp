#include "tracer/cli/trace.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <memory>

#include "tracer/bytes/failure.hpp"
#include "tracer/capture/file_reader.hpp"
#include "tracer/capture/live.hpp"
#include "tracer/capture/pcapng_writer.hpp"
#include "tracer/cli/output.hpp"
#include "tracer/cli/parallel_summary.hpp"
#include "tracer/cli/picture.hpp"
#include "tracer/cli/reader.hpp"
#include "tracer/cli/sandbox.hpp"
#include "tracer/cli/serve.hpp"
#include "tracer/cli/streaming.hpp"
#include "tracer/cli/whole_capture.hpp"

namespace tracer {
namespace {

LiveSource* live_now = nullptr;         // for the signal handler
std::atomic<bool> interrupted = false;  // without a lock, so a handler may set it
void on_interrupt(int) {
  interrupted = true;
  if (live_now) live_now->stop();
}
void on_alarm(int) {
  if (live_now) live_now->stop();
}

void say_if_cut_short(const FrameSource& source) {
  if (const std::string why = source.cut_short(); !why.empty())
    throw Failure(
        exit_code::failed, why,
        "what came before is shown; the capture may have been stopped while it was written");
}

/// Where it all goes. Made when the input is open: a mistyped name or an interface that may not be
/// listened to costs nobody the file that was to be written.
struct Results {
  explicit Results(const Options& options) {
    for (const auto& target : {options.write, options.output})
      if (target) refuse_to_overwrite(options.files, *target);
    out = std::make_unique<Output>(options.output.value_or("-"));
    if (options.write)
      writer = std::make_unique<PcapngWriter>(*options.write, "tracer " WIRELAB_VERSION);
  }
  std::unique_ptr<Output> out;
  std::unique_ptr<PcapngWriter> writer;  // null without -w
};

/// The frequent case in as many threads as pay.
int summarize_file(const Options& options) {
  const auto file = open_capture(options.files[0]);
  auto later = later_half(*file, options);
  const Results results(options);
  Output& out = *results.out;
  if (options.sandbox) enter_sandbox();
  // The process ends next, and gives its memory back at once and not piece by piece.
  [[maybe_unused]] static const Known* known = nullptr;
  known = summarize(options.style, *file, std::move(later), interrupted, out).release();
  out.flush();
  say_if_cut_short(*file);
  return interrupted ? exit_code::interrupted : exit_code::done;
}

int trace_files(const Options& options) {
  if (is_divisible(options)) return summarize_file(options);
  std::vector<std::unique_ptr<FrameSource>> sources;
  for (const std::string& file : options.files) {
    std::unique_ptr<FrameSource> source = open_capture(file);
    if (!options.capture_filter.empty())
      source = filtered(std::move(source), options.capture_filter);
    sources.push_back(std::move(source));
  }
  const Results results(options);
  Output& out = *results.out;
  PcapngWriter* const writer = results.writer.get();
  std::vector<Reader> readers;
  std::uint32_t vantage = 0;
  for (auto& source : sources)
    readers.emplace_back(options, std::move(source), writer, vantage++, interrupted);
  const bool whole = needs_whole(options);
  if (options.sandbox) enter_sandbox();
  int code = exit_code::done;
  if (whole) {
    code = trace_whole(options, readers, writer, out);
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
  for (const Reader& reader : readers) say_if_cut_short(reader.source());
  return interrupted ? exit_code::interrupted : code;
}

int trace_live(const Options& options) {
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
  const Results results(options);
  Output& out = *results.out;
  PcapngWriter* const writer = results.writer.get();
  const auto page = options.serve ? open_page(options) : nullptr;
  LiveSource* const running = source.get();
  live_now = running;
  if (options.sandbox) enter_sandbox();
  if (options.duration) {
    signal(SIGALRM, on_alarm);
    alarm(
        static_cast<unsigned>(std::chrono::ceil<std::chrono::seconds>(*options.duration).count()));
  }
  options.say(fmt::format("listening on {}; ^C ends it", *options.interface));
  if (page) {
    const std::uint64_t captured = serve_capture(options, *source, *page, writer, interrupted);
    live_now = nullptr;
    if (writer) writer->flush();
    const LiveStatistics counts = running->statistics();
    options.say(fmt::format("{} captured, {} received, {} dropped by kernel", captured,
                            counts.received, counts.dropped));
    return exit_code::done;
  }
  Reader reader(options, std::move(source), writer, 0, interrupted);
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
  options.say(fmt::format("{} captured, {} received, {} dropped by kernel", reader.frames(),
                          counts.received, counts.dropped));
  if (const std::string why = reader.source().cut_short(); !why.empty())
    throw Failure(exit_code::failed, *options.interface + ": " + why);
  return exit_code::done;
}

void list_interfaces_to(Output& out) {
  for (const auto& [name, description] : list_interfaces())
    out.text += name + (description.empty() ? "" : "  " + description) + "\n";
}

void list_fields_to(Output& out, std::string_view pattern) {
  for (std::size_t i = 0; i < field_count; ++i) {
    const FieldInfo& field = info(field_at(i));
    if (field.name.find(pattern) != std::string_view::npos)
      out.text += fmt::format("{:<38} {}\n", field.name, field.sentence);
  }
}

}  // namespace

int trace(const Options& options) {
  if (options.list_interfaces || options.list_fields) {
    Output out(options.output.value_or("-"));
    options.list_interfaces ? list_interfaces_to(out) : list_fields_to(out, *options.list_fields);
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
  return options.interface ? trace_live(options) : trace_files(options);
}

}  // namespace tracer
