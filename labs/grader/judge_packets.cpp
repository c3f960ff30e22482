// Demands about packets that display filters select: count, never, order, pause.
#include <fmt/format.h>

#include <algorithm>

#include "labs/grader/connection.hpp"
#include "labs/grader/judge.hpp"

namespace grader {
namespace {

/// The packets among `selected` that belong to `talk`; all of `talks` if it is null.
std::vector<Selected> within(const Trace& trace, const std::vector<Selected>& selected,
                             const Talks& talks, const Talk* talk) {
  std::vector<Selected> found;
  for (const Selected& one : selected) {
    const Talk* its = &trace.conversations()[trace.packets()[one.packet].conversation];
    if (talk ? its == talk : std::ranges::find(talks, its) != talks.end()) found.push_back(one);
  }
  return found;
}

std::uint32_t number(const Trace& trace, const Selected& one) {
  return trace.packets()[one.packet].number;
}

std::string listed(const std::vector<std::uint32_t>& packets) {
  constexpr std::size_t most = 6;
  std::string text;
  for (std::size_t i = 0; i < packets.size() && i < most; ++i)
    text += fmt::format("{}#{}", i ? ", " : "", packets[i]);
  return packets.size() > most ? text + fmt::format(" and {} more", packets.size() - most) : text;
}

/// Applies a judgement to all packets together, to each conversation, or until one will do.
template <class Judge>
Finding scoped(const Trace& trace, const Talks& talks, Scope scope, Judge judge) {
  if (scope == Scope::trace) return judge(nullptr);
  Finding last{false, "there was no conversation to look at", {}, {}, {}};
  for (const Talk* talk : talks) {
    last = judge(talk);
    if (talks.size() > 1 && !last.holds)
      last.seen = fmt::format("in {}: {}", Connection(trace, *talk).name(), last.seen);
    if (last.holds == (scope == Scope::some)) return last;
  }
  return last;
}

}  // namespace

Finding judge_count(const Count& count, const Trace& trace, const Talks& talks) {
  const Packets& packets = count.packets;
  const auto selected = trace.select(packets.filter, packets.at);
  const auto after =
      packets.after.empty() ? std::vector<Selected>{} : trace.select(packets.after, packets.at);
  const auto before =
      packets.before.empty() ? std::vector<Selected>{} : trace.select(packets.before, packets.at);
  return scoped(trace, talks, packets.scope, [&](const Talk* talk) -> Finding {
    auto counted = within(trace, selected, talks, talk);
    if (!packets.after.empty()) {
      const auto from = within(trace, after, talks, talk);
      if (from.empty())
        return {false,
                fmt::format("no packet is `{}`, after which to look", packets.after),
                {},
                {},
                {}};
      std::erase_if(counted, [&](const Selected& one) { return one.time <= from.front().time; });
    }
    if (!packets.before.empty()) {
      auto until = within(trace, before, talks, talk);
      if (!packets.after.empty())
        if (const auto from = within(trace, after, talks, talk); !from.empty())
          std::erase_if(until, [&](const Selected& one) { return one.time <= from.front().time; });
      if (until.empty())
        return {false,
                fmt::format("no packet is `{}`, before which to look", packets.before),
                {},
                {},
                {}};
      std::erase_if(counted, [&](const Selected& one) { return one.time >= until.front().time; });
    }
    Finding finding;
    finding.holds = count.amount.holds(counted.size());
    for (const Selected& one : counted) finding.packets.push_back(number(trace, one));
    finding.seen =
        counted.empty() ? "none" : fmt::format("{}: {}", counted.size(), listed(finding.packets));
    // Too many: those beyond the limit are the evidence. Too few: all there are.
    if (!finding.holds && count.amount.at_most && counted.size() > *count.amount.at_most)
      finding.packets.erase(
          finding.packets.begin(),
          finding.packets.begin() + static_cast<std::ptrdiff_t>(*count.amount.at_most));
    return finding;
  });
}

Finding judge_order(const Order& order, const Trace& trace, const Talks& talks) {
  std::vector<std::vector<Selected>> steps;
  for (const std::string& filter : order.filters) steps.push_back(trace.select(filter, order.at));
  return scoped(trace, talks, order.scope, [&](const Talk* talk) -> Finding {
    Finding finding;
    tracer::Timestamp reached{};
    std::size_t last = 0;
    bool begun = false;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const auto mine = within(trace, steps[i], talks, talk);
      const auto next = std::ranges::find_if(mine, [&](const Selected& one) {
        return !begun || one.time > reached || (one.time == reached && one.packet > last);
      });
      if (next == mine.end()) {
        finding.seen = !begun ? fmt::format("no packet is `{}`", order.filters[i])
                              : fmt::format("after #{} no packet is `{}`", finding.packets.back(),
                                            order.filters[i]);
        if (begun && !mine.empty()) {
          finding.seen += fmt::format("; #{} was before that", number(trace, mine.back()));
          finding.packets.push_back(number(trace, mine.back()));
        }
        return finding;
      }
      begun = true;
      reached = next->time;
      last = next->packet;
      finding.packets.push_back(number(trace, *next));
    }
    finding.holds = true;
    finding.seen = "in order: " + listed(finding.packets);
    return finding;
  });
}

Finding judge_pause(const Pause& pause, const Trace& trace, const Talks& talks) {
  const auto starts = within(trace, trace.select(pause.after, pause.at), talks, nullptr),
             ends = within(trace, trace.select(pause.before, pause.at), talks, nullptr);
  const auto milliseconds = [](std::chrono::nanoseconds time) {
    return static_cast<double>(time.count()) / 1e6;
  };
  Finding finding{
      false,
      fmt::format("no packet that is `{}` follows one that is `{}`", pause.before, pause.after),
      {},
      {},
      {}};
  std::optional<tracer::Nanoseconds> shortest;
  for (const Selected& start : starts) {
    const auto end =
        std::ranges::find_if(ends, [&](const Selected& one) { return one.time > start.time; });
    if (end == ends.end()) continue;
    const auto time = end->time - start.time;
    if (shortest && time >= *shortest) continue;
    shortest = time;
    finding.packets = {number(trace, start), number(trace, *end)};
    finding.seen = fmt::format("{:.1f} ms between #{} and #{}", milliseconds(time),
                               finding.packets[0], finding.packets[1]);
  }
  finding.holds = shortest && *shortest >= pause.at_least;
  return finding;
}

}  // namespace grader
