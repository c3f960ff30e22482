#include "bench/report/moments.hpp"

#include <fmt/format.h>

#include "bench/report/text.hpp"
#include "tracer/cli/annotate.hpp"
#include "tracer/render/terminal_ladder.hpp"

namespace bench {
namespace {

tracer::Names host_names() {
  tracer::Names names;
  names.add({*tracer::IpAddress::parse("10.0.0.1"), 0}, "client");
  names.add({*tracer::IpAddress::parse("10.0.0.2"), 0}, "server");
  return names;
}

/// The rows that left their sender during the exchange. One request is in flight at a time, so they
/// are its own; a packet of another subject would be an ACK that was put off.
tracer::Ladder during(const tracer::Ladder& whole, const TimedTrip& trip) {
  tracer::Ladder part = whole;
  std::erase_if(part.rows, [&](const tracer::Row& row) {
    const auto left = row.time[row.from];
    return !left || *left < trip.start || *left > trip.start + trip.took;
  });
  return part;
}

bool carries_payload(const tracer::Ladder& ladder) {
  for (const tracer::Row& row : ladder.rows)
    if (row.label.length > 0) return true;
  return false;
}

std::string title(const Subject& subject, const Moment& moment, const tracer::Ladder& ladder) {
  const auto took = duration_text(static_cast<double>(moment.trip.took.count()));
  const std::string time = moment.trip.lost ? fmt::format("no reply within {}", took) : took;
  return fmt::format("{}, {} exchange: {} (packets {} to {})", subject.label,
                     moment.trip.lost ? "a lost" : fmt::format("the {}", moment.name), time,
                     ladder.rows.front().number, ladder.rows.back().number);
}

}  // namespace

std::vector<ExchangeLadder> exchange_ladders(const Question& question, testbed::RunResult& result,
                                             const std::filesystem::path& capture) {
  const tracer::Passages passages = tracer::two_ended(result.frames);
  const auto all = tracer::ladders(result.frames, passages, host_names());
  tracer::write_annotated(capture, result.frames, passages, all,
                          {{"client", tracer::LinkType::ethernet, 65'535},
                           {"server", tracer::LinkType::ethernet, 65'535}},
                          "wirelab bench");
  std::vector<ExchangeLadder> found;
  for (const Subject& subject : question.subjects) {
    for (const Moment& moment : subject.moments) {
      for (const tracer::Ladder& whole : all) {
        const tracer::Ladder part = during(whole, moment.trip);
        if (!carries_payload(part)) continue;
        found.push_back({title(subject, moment, part), tracer::terminal_ladder(part, {})});
      }
    }
  }
  return found;
}

}  // namespace bench
