#include "tracer/cli/check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tracer/cli/selection.hpp"

namespace tracer {
namespace {

using Numbers = std::vector<std::size_t>;  // of packets, from 1, in order of departure

Numbers selected(const std::string& filter, const FrameStore& frames, const Passages& passages) {
  const Selection selection(filter, frames, passages.two_ended);
  Numbers numbers;
  for (std::size_t i = 0; i < passages.list.size(); ++i) {
    const Passage& passage = passages.list[i];
    bool has = passage.departure != Passage::none && selection.has(passage.departure);
    for (const std::uint32_t arrival : passage.arrivals) has = has || selection.has(arrival);
    if (has) numbers.push_back(i + 1);
  }
  return numbers;
}

std::string packets(const Numbers& numbers) {
  constexpr std::size_t most = 8;
  if (numbers.empty()) return {};
  const auto shown = std::span(numbers).first(std::min(numbers.size(), most));
  return fmt::format(": packet{} {}{}", numbers.size() == 1 ? "" : "s", fmt::join(shown, ", "),
                     numbers.size() > most ? ", …" : "");
}

std::string wanted(const CheckRule& rule) {
  if (rule.most == 0) return "none";
  if (rule.most == UINT64_MAX) return fmt::format("at least {}", rule.least);
  if (rule.least == rule.most) return fmt::format("{}", rule.least);
  return fmt::format("{} to {}", rule.least, rule.most);
}

/// What is wrong; empty if it holds.
std::string count_fault(const CheckRule& rule, const FrameStore& frames, const Passages& passages) {
  const Numbers numbers = selected(rule.filters[0], frames, passages);
  if (numbers.size() >= rule.least && numbers.size() <= rule.most) return {};
  return fmt::format("wanted {}, saw {}{}", wanted(rule),
                     numbers.empty() ? "none" : std::to_string(numbers.size()), packets(numbers));
}

std::string order_fault(const CheckRule& rule, const FrameStore& frames, const Passages& passages) {
  std::size_t before = 0;
  for (std::size_t i = 0; i < rule.filters.size(); ++i) {
    const Numbers numbers = selected(rule.filters[i], frames, passages);
    const auto next = std::ranges::upper_bound(numbers, before);
    if (next != numbers.end()) {
      before = *next;
      continue;
    }
    const std::string where = before ? fmt::format(" after packet {}", before) : "";
    return fmt::format("saw no {}{}{}", rule.filters[i], where,
                       numbers.empty() ? "" : fmt::format("; earlier{}", packets(numbers)));
  }
  return {};
}

std::string state_fault(const CheckRule& rule, const std::vector<Ladder>& ladders) {
  std::string seen;
  for (const Ladder& ladder : ladders) {
    for (const Row& row : ladder.rows) {
      if (row.state[rule.end] == rule.state) return {};
      if (row.state[rule.end] != TcpState::unknown) seen = name(row.state[rule.end]);
    }
  }
  return seen.empty() ? "no state is known of it"
                      : fmt::format("the last state seen of it: {}", seen);
}

std::string fault(const CheckRule& rule, const FrameStore& frames, const Passages& passages,
                  const std::vector<Ladder>& ladders) {
  switch (rule.kind) {
    case CheckRule::Kind::order: return order_fault(rule, frames, passages);
    case CheckRule::Kind::state: return state_fault(rule, ladders);
    default: return count_fault(rule, frames, passages);
  }
}

}  // namespace

bool check_capture(std::span<const CheckRule> rules, const FrameStore& frames,
                   const Passages& passages, const std::vector<Ladder>& ladders,
                   std::string& text) {
  bool all = true;
  for (const CheckRule& rule : rules) {
    const std::string wrong = fault(rule, frames, passages, ladders);
    text += fmt::format("{:<6}line {}: {}\n", wrong.empty() ? "ok" : "FAIL", rule.line, rule.text);
    if (!wrong.empty()) text += fmt::format("      {}\n", wrong);
    all = all && wrong.empty();
  }
  return all;
}

}  // namespace tracer
