#include "tracer/cli/annotate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "tracer/render/label_text.hpp"

namespace tracer {

std::vector<std::uint32_t> write_annotated(PcapngWriter& writer, const FrameStore& frames,
                                           const Passages& passages,
                                           const std::vector<Ladder>& ladders,
                                           const std::vector<Vantage>& vantages,
                                           const Selection* selection) {
  std::vector<Frame> written(frames.begin(), frames.end());
  std::vector<std::string> comments(frames.size());
  if (passages.two_ended)
    for (std::size_t i = 0; i < passages.list.size(); ++i) {
      const Passage& one = passages.list[i];
      const auto give = [&](std::uint32_t frame, Direction direction) {
        written[frame].packet_id = written[frame].packet_id.value_or(i + 1);
        written[frame].direction = direction;
      };
      if (one.departure != Passage::none) give(one.departure, Direction::outbound);
      for (const std::uint32_t arrival : one.arrivals) give(arrival, Direction::inbound);
      // The words that tracer itself understands when it reads the file again come first.
      if (one.fate == Fate::lost)
        comments[one.departure] = one.cause.empty()
                                      ? "lost between the captures"
                                      : fmt::format("lost on the wire: {}", one.cause);
      if (one.fate == Fate::corrupted) {
        const std::string changed = frames[one.frame()].comment.starts_with("byte ")
                                        ? std::string(frames[one.frame()].comment)
                                        : "byte changed on the wire: " + std::string(one.cause);
        for (const std::uint32_t arrival : one.arrivals) comments[arrival] = changed;
      }
    }
  for (const Ladder& ladder : ladders)
    for (const Row& row : ladder.rows)
      for (const Note& note : row.notes) {
        const std::uint32_t frame = row.departure != Passage::none ? row.departure : row.arrival;
        if (note.kind == Note::Kind::lost && passages.two_ended) continue;
        comments[frame] += fmt::format("{}#{}: {}", comments[frame].empty() ? "" : "\n", row.number,
                                       note_text(note));
      }
  std::vector<std::size_t> order(frames.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return written[a].time < written[b].time; });

  if (passages.two_ended)
    writer.describe(
        "the same packets at both ends of a wire; equal packet ids are the same packet");
  for (const Vantage& vantage : vantages) writer.add_interface(vantage);
  std::set<std::string> named;
  for (const Ladder& ladder : ladders)
    for (std::size_t lane : {0u, 1u})
      if (!ladder.names[lane].empty() && named.insert(ladder.ends[lane].address.text()).second)
        writer.add_name(ladder.ends[lane].address.octets(), ladder.names[lane]);
  std::vector<std::uint32_t> blocks(frames.size(), UINT32_MAX);
  std::uint32_t next = 0;
  for (const std::size_t i : order) {
    if (selection && !selection->has(i)) continue;
    written[i].comment = comments[i];
    blocks[i] = next++;
    writer.write(written[i]);
  }
  writer.flush();
  return blocks;
}

void write_annotated(const std::string& path, const FrameStore& frames, const Passages& passages,
                     const std::vector<Ladder>& ladders, const std::vector<Vantage>& vantages,
                     const std::string& application) {
  PcapngWriter writer(path, application);
  write_annotated(writer, frames, passages, ladders, vantages);
}

}  // namespace tracer
