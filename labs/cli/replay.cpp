// wirelab replay: an earlier run, from its record and its packets.
#include <fmt/format.h>

#include "labs/cli/learn.hpp"
#include "labs/grader/notebook.hpp"
#include "labs/grader/report_text.hpp"
#include "labs/grader/story.hpp"
#include "labs/grader/trace.hpp"
#include "tracer/bytes/failure.hpp"
#include "tracer/capture/file_reader.hpp"
#include "tracer/fields/dissect.hpp"
#include "tracer/render/byte_view.hpp"
#include "tracer/render/terminal_ladder.hpp"

namespace cli {
namespace {

using tracer::Failure;

testbed::RunResult packets_of(const std::string& file) {
  testbed::RunResult result;
  const auto source = tracer::open_capture(file);
  for (tracer::Frame frame; source->next(frame);) result.frames.add(frame);
  return result;
}

/// One packet's bytes, as its sender's end saw it.
std::string bytes_of(const grader::Trace& trace, std::uint32_t number,
                     const tracer::TextStyle& style) {
  const std::uint32_t wanted = trace.passages().list[number - 1].frame();
  const tracer::Frame& chosen = trace.result().frames[wanted];
  tracer::Tracker tracker;
  tracker.follow_applications();
  tracer::Packet packet;
  tracer::FieldSink sink(tracer::FieldSet::all());
  tracer::FrameClock clock;
  for (std::uint32_t i = 0; i <= wanted; ++i) {
    const tracer::Frame& frame = trace.result().frames[i];
    if (frame.vantage != chosen.vantage) continue;
    if (clock.first == tracer::Timestamp{}) clock.first = clock.previous = frame.time;
    tracer::decode(frame, number, packet);
    const tracer::Tracked& tracked = tracker.track(packet);
    if (i == wanted) tracer::dissect(packet, tracked, clock, sink);
    clock.previous = frame.time;
  }
  return tracer::byte_view(number, chosen.bytes, chosen.original_length, sink, style);
}

}  // namespace

int replay(const Paths& paths, unsigned run, std::optional<unsigned> packet,
           const tracer::TextStyle& style) {
  const grader::Notebook notebook(paths.state);
  const grader::RunRecord record = notebook.run(run);
  const unsigned number = run ? run : notebook.latest();
  fmt::print("{}\n", style.paint(fmt::format("run {}: {} {}, {}", number, record.lab,
                                             record.exercise, record.started),
                                 tracer::Role::heading));
  fmt::print("{}", grader::rule_lines(record, style));
  if (record.trace.empty()) {
    if (packet)
      throw Failure(tracer::exit_code::usage, fmt::format("run {} left no packets", number));
  } else {
    const grader::Trace trace(packets_of(record.trace));
    if (packet) {
      if (*packet == 0 || *packet > trace.passages().list.size())
        throw Failure(tracer::exit_code::usage,
                      fmt::format("run {} has no packet {}", number, *packet),
                      fmt::format("its packets are 1 to {}", trace.passages().list.size()));
      fmt::print("\n{}\n{}", grader::excerpt(trace, {*packet}), bytes_of(trace, *packet, style));
      return tracer::exit_code::done;
    }
    for (const tracer::Ladder& one : trace.ladders()) {
      fmt::print("\n{}", trace.ladders().size() > 1 ? tracer::ladder_title(one, style) : "");
      fmt::print("{}{}", tracer::terminal_ladder(one, style), tracer::ladder_footer(one, style));
    }
  }
  for (const grader::RuleResult& rule : record.rules)
    if (rule.verdict == grader::Verdict::fail && !rule.hidden)
      fmt::print("\n{}", grader::failure_story(record, rule, number, style));
  return tracer::exit_code::done;
}

}  // namespace cli
