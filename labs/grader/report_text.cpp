#include "labs/grader/report_text.hpp"

#include "labs/grader/command_name.hpp"
#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace grader {
namespace {

using tracer::Role;
using tracer::TextStyle;

const char* mark(Verdict verdict, bool ascii) {
  switch (verdict) {
    case Verdict::pass: return ascii ? "ok" : "✓";
    case Verdict::fail: return ascii ? "NO" : "✗";
    case Verdict::inconclusive: break;
  }
  return "?";
}

Role role(Verdict verdict) {
  return verdict == Verdict::pass   ? Role::good
         : verdict == Verdict::fail ? Role::lost
                                    : Role::warning;
}

std::string steps(const RunRecord& record, const RuleResult& rule, const TextStyle& style) {
  constexpr std::size_t shown_before = 9;
  std::uint32_t at = 0;
  for (const std::uint32_t packet : rule.packets) at = std::max(at, packet);
  // The step that holds the evidence is the last that starts at or before it.
  std::size_t last = record.steps.size();
  for (std::size_t i = 0; at > 0 && i < record.steps.size(); ++i)
    if (record.steps[i].packet != 0 && record.steps[i].packet <= at) last = i + 1;
  const std::size_t first = last > shown_before ? last - shown_before : 0;
  std::string text;
  if (first > 0)
    text += style.paint(fmt::format("  {} {} earlier steps\n", style.ascii ? ":" : "⋮", first),
                        Role::faint);
  for (std::size_t i = first; i < last; ++i) {
    const Step& step = record.steps[i];
    const bool here = i + 1 == last;
    const std::string number = step.packet ? fmt::format("#{}", step.packet) : "";
    const std::string line =
        tracer::clipped(fmt::format("{} {:>2}. {:<5} {}", here ? ">" : " ", i + 1, number,
                                    tracer::printable(step.text, style.ascii)),
                        style.width, style.ascii);
    text += (here ? style.paint(line, Role::lost) : line) + "\n";
  }
  return text;
}

std::string indented(const std::string& text, const TextStyle& style) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    out += tracer::printable(std::string_view(text).substr(at, end - at), style.ascii) + "\n";
    at = end + 1;
  }
  return out;
}

/// Of a long output the end; of a sanitizer's report the beginning, which says what and where.
std::string telling_part(const std::string& output) {
  constexpr std::size_t most_lines = 12;
  std::vector<std::string> lines;
  std::size_t report = std::string::npos;
  for (std::size_t at = 0; at < output.size();) {
    const std::size_t end = std::min(output.find('\n', at), output.size());
    lines.push_back(output.substr(at, end - at));
    if (report == std::string::npos &&
        (lines.back().find("ERROR: AddressSanitizer") != std::string::npos ||
         lines.back().find("runtime error:") != std::string::npos))
      report = lines.size() - 1;
    at = end + 1;
  }
  const std::size_t first = report != std::string::npos ? report
                            : lines.size() > most_lines ? lines.size() - most_lines
                                                        : 0;
  std::string text;
  for (std::size_t i = first; i < lines.size() && i < first + most_lines; ++i)
    text += lines[i] + "\n";
  return text;
}

}  // namespace

std::string folded(const std::string& label, const std::string& text, const TextStyle& style) {
  constexpr std::size_t label_columns = 9;
  const std::size_t room =
      std::max<std::size_t>(style.width > label_columns ? style.width - label_columns : 0, 24);
  std::string out = style.paint(tracer::left(label, label_columns), Role::heading), line;
  const auto flush = [&] {
    out += line + "\n" + std::string(label_columns, ' ');
    line.clear();
  };
  const std::string clean = tracer::printable(text, style.ascii);
  for (std::size_t at = 0; at < clean.size();) {
    const std::size_t end = std::min(clean.find(' ', at), clean.size());
    std::string word = clean.substr(at, end - at);
    if (!line.empty() && tracer::width(line) + 1 + tracer::width(word) > room) flush();
    line += (line.empty() ? "" : " ") + word;
    at = end + 1;
  }
  return out + line + "\n";
}

std::string rule_lines(const RunRecord& record, const TextStyle& style) {
  std::size_t id_columns = 4;
  for (const RuleResult& rule : record.rules) id_columns = std::max(id_columns, rule.id.size());
  const std::string title = fmt::format("{}, seed {}", record.scenario, record.seed);
  const std::string verdict =
      fmt::format("{} {} {} of {} point{}", name(record.verdict), style.ascii ? "-" : "·",
                  record.earned(), record.points(), record.points() == 1 ? "" : "s");
  const std::size_t used = tracer::width(title) + tracer::width(verdict);
  std::string text = title + std::string(style.width > used + 1 ? style.width - used : 1, ' ') +
                     style.paint(verdict, role(record.verdict)) + "\n";
  for (const RuleResult& rule : record.rules) {
    const bool good = rule.verdict == Verdict::pass;
    const std::string words = tracer::printable(good ? rule.wanted : rule.seen, style.ascii);
    const std::size_t used_here = 4 + id_columns + 2;
    text += fmt::format(
        "  {} {:<{}}  {}\n", style.paint(mark(rule.verdict, style.ascii), role(rule.verdict)),
        rule.id, id_columns,
        tracer::clipped(
            words, std::max<std::size_t>(style.width > used_here ? style.width - used_here : 0, 16),
            style.ascii));
  }
  if (!record.because.empty()) text += folded("because", record.because, style);
  for (const RuleResult& rule : record.rules)
    if (!rule.note.empty()) text += folded("note", rule.note, style);
  return text;
}

std::string failure_story(const RunRecord& record, const RuleResult& rule, unsigned run,
                          const TextStyle& style) {
  std::string text =
      style.paint(fmt::format("{} {} {}", record.lab, style.ascii ? "-" : "·", rule.id),
                  Role::lost) +
      "\n\n";
  text += steps(record, rule, style) + "\n";
  text += folded("wanted", rule.wanted, style) + folded("seen", rule.seen, style);
  if (!rule.ladder.empty()) text += "\n" + indented(rule.ladder, style) + "\n";
  for (const ProgramRecord& program : record.programs)
    if (rule.ladder.empty() && program.under_test && !program.output.empty()) {
      text += style.paint(fmt::format("what the {} printed", program.host), Role::heading) + "\n" +
              indented(telling_part(program.output), style);
    }
  if (!rule.reason.empty()) text += folded("reason", rule.reason, style);
  if (!rule.why.empty()) text += folded("why", rule.why, style);
  if (!rule.repair.empty()) text += folded("repair", rule.repair, style);
  if (!record.command.empty()) text += folded("again", record.command, style);
  if (run > 0)
    text += folded(
        "replay",
        fmt::format("{} replay {}{}", command_name(), run,
                    rule.packets.empty() ? "" : fmt::format(" --packet {}", rule.packets.front())),
        style);
  if (!record.hint_command.empty()) text += folded("hint", record.hint_command, style);
  return text;
}

}  // namespace grader
