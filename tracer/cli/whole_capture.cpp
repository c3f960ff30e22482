#include "tracer/cli/whole_capture.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tracer/bytes/failure.hpp"
#include "tracer/bytes/frame_store.hpp"
#include "tracer/capture/file_reader.hpp"
#include "tracer/cli/annotate.hpp"
#include "tracer/cli/check.hpp"
#include "tracer/cli/picture.hpp"
#include "tracer/cli/report.hpp"
#include "tracer/cli/selection.hpp"
#include "tracer/render/label_text.hpp"
#include "tracer/render/terminal_ladder.hpp"

namespace tracer {
namespace {

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

bool is_for_one(const IpAddress& address) {
  const unsigned first = be8(address.octets(), 0);
  return address.is_v6() ? first != 0xff : first > 0 && first < 224;
}

/// The two interfaces of our own captures are called after the hosts. A host that says nothing is
/// known by what is sent to it.
void name_after_interfaces(Names& names, const FrameStore& frames,
                           const std::vector<Vantage>& vantages) {
  const auto call = [&](const IpAddress& address, std::size_t vantage) {
    if (is_for_one(address) && names.of({address, 0}).empty())
      names.add({address, 0}, vantages[vantage].name);
  };
  Packet packet;
  for (const Frame& one : frames) {
    if (one.direction == Direction::unknown) continue;
    decode(one, 1, packet);
    if (!packet.has_network) continue;
    const std::size_t sender =
        one.direction == Direction::outbound ? one.vantage : 1u - one.vantage;
    call(packet.source, sender);
    call(packet.destination, 1 - sender);
  }
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
    options.say(
        fmt::format("{} conversations: the busiest is shown; tracer -T summary lists "
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
  if (!made.remark.empty()) options.say(made.remark);
  out.text += made.html;
}

}  // namespace

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

int trace_whole(const Options& options, std::vector<Reader>& readers, PcapngWriter* writer,
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
  if (readers.size() == 1 && two && named.names.of({}).empty())
    name_after_interfaces(named.names, frames, vantages);
  const bool cut = std::any_of(readers.begin(), readers.end(), [&](const Reader& one) {
    return one.had_enough() || !one.source().cut_short().empty();
  });
  const Passages passages = two ? two_ended(frames, {options.clock, cut}) : single_ended(frames);
  if (two && !passages.exact) {
    options.say(fmt::format("{} of {} packets paired ({:.1f} %)", passages.paired,
                            passages.departures,
                            passages.departures ? 100.0 * static_cast<double>(passages.paired) /
                                                      static_cast<double>(passages.departures)
                                                : 100.0));
    options.say(describe(passages.clock));
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
    if (!remark.empty()) options.say(remark);
  } else if (options.format == Options::Format::html) {
    report(named, frames, passages, drawn, places, out);
  } else {
    draw(named, drawn, out);
  }
  return exit_code::done;
}

}  // namespace tracer
