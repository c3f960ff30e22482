// Demands about what was said: streams, datagrams, output, exit status.
#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>

#include "labs/grader/connection.hpp"
#include "labs/grader/judge.hpp"
#include "labs/grader/pattern.hpp"

namespace grader {
namespace {

/// What a terminal and a report can show of bytes: "GET / HTTP/1.1\r\n", cut.
std::string quoted(std::string_view text, std::size_t most = 48) {
  std::string out = "\"";
  for (const char c : text.substr(0, most)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n')
      out += "\\n";
    else if (c == '\r')
      out += "\\r";
    else if (c == '\t')
      out += "\\t";
    else if (c == '"' || c == '\\')
      out += std::string("\\") + c;
    else if (byte < 0x20 || byte > 0x7e)
      out += fmt::format("\\x{:02x}", byte);
    else
      out += c;
  }
  return out + "\"" + (text.size() > most ? fmt::format(" … ({} bytes)", text.size()) : "");
}

bool compare(const Text& wanted, std::string_view expected, std::string_view found) {
  switch (wanted.comparison) {
    case Comparison::equals: return found == expected;
    case Comparison::contains: return found.find(expected) != std::string_view::npos;
    case Comparison::lacks: return found.find(expected) == std::string_view::npos;
    case Comparison::matches: return Pattern(std::string(expected)).found_in(found);
  }
  return false;
}

/// Where two texts part, with what stands there in both.
std::string difference(std::string_view expected, std::string_view found) {
  const auto part = static_cast<std::size_t>(
      std::mismatch(
          expected.begin(),
          expected.begin() + static_cast<std::ptrdiff_t>(std::min(expected.size(), found.size())),
          found.begin())
          .first -
      expected.begin());
  const std::size_t from = part > 12 ? part - 12 : 0;
  if (part == expected.size())
    return fmt::format("{} bytes, of which the last {} are too many: {}", found.size(),
                       found.size() - part, quoted(found.substr(part)));
  if (part == found.size())
    return found.empty() ? std::string("nothing")
                         : fmt::format("{} bytes; missing is {}", found.size(),
                                       quoted(expected.substr(part)));
  return fmt::format("{}, where {} should be (byte {})", quoted(found.substr(from, 36)),
                     quoted(expected.substr(from, 36)), part + 1);
}

Finding stream(const Text& text, const Trace& trace, const Talks& talks) {
  Finding finding{false, "there was no TCP connection", {}, {}, {}};
  for (const Talk* talk : talks) {
    if (!talk->tcp) continue;
    const Connection one(trace, *talk);
    const std::string found = trace.stream(*talk, text.host),
                      expected = text.same_as_peer ? trace.stream(*talk, testbed::other(text.host))
                                                   : text.text;
    finding = {compare(text, expected, found), {}, {}, {}, {}};
    finding.seen = finding.holds                           ? fmt::format("{} bytes", found.size())
                   : text.comparison == Comparison::equals ? difference(expected, found)
                   : found.empty()                         ? std::string("nothing")
                                                           : quoted(found, 160);
    if (const Sent* data = one.last_data(text.host))
      finding.packets.push_back(data->number);
    else if (const Sent* syn = one.syn())
      finding.packets.push_back(syn->number);
    if (!finding.holds && talks.size() > 1)
      finding.seen = fmt::format("in {}: {}", one.name(), finding.seen);
    if (finding.holds == (text.scope == Scope::some)) return finding;
  }
  return finding;
}

}  // namespace

Finding judge_text(const Text& text, const Trace& trace, const Talks& talks) {
  if (text.of == Text::Of::stream) return stream(text, trace, talks);
  const auto& program = trace.program(text.host);
  if (!program.ran)
    return {false, fmt::format("nothing ran on the {}", testbed::name(text.host)), {}, {}, {}};
  Finding finding{compare(text, text.text, program.output), {}, {}, {}, {}};
  if (text.comparison == Comparison::equals && !finding.holds)
    finding.seen = difference(text.text, program.output);
  else
    finding.seen = program.output.empty() ? "it printed nothing" : quoted(program.output, 160);
  return finding;
}

Finding judge_exit(const Exit& exit, const Trace& trace) {
  const auto& program = trace.program(exit.host);
  if (!program.ran)
    return {false, fmt::format("nothing ran on the {}", testbed::name(exit.host)), {}, {}, {}};
  if (program.timed_out) return {false, "it did not end", {}, {}, {}};
  if (program.stopped)
    return {
        false, "it was still running when the other was done, and had to be stopped", {}, {}, {}};
  if (WIFSIGNALED(program.status))
    return {false, fmt::format("it was killed by signal {}", WTERMSIG(program.status)), {}, {}, {}};
  const int status = WEXITSTATUS(program.status);
  return {exit.equals ? status == *exit.equals : status != 0,
          fmt::format("status {}", status),
          {},
          {},
          {}};
}

Finding judge_connections(const Connections& connections, const Trace& trace, const Talks& talks) {
  Finding finding;
  for (const Talk* talk : talks)
    if (talk->tcp)
      if (const Connection one(trace, *talk); one.established())
        finding.packets.push_back(one.syn() ? one.syn()->number
                                            : trace.packets()[talk->packets.front()].number);
  finding.holds = connections.amount.holds(finding.packets.size());
  finding.seen = fmt::format("{}", finding.packets.size());
  return finding;
}

Finding judge_bytes(const StreamBytes& bytes, const Trace& trace, const Talks& talks) {
  Finding finding{false, "there was no TCP connection", {}, {}, {}};
  for (const Talk* talk : talks) {
    if (!talk->tcp) continue;
    const Connection one(trace, *talk);
    const std::uint32_t count = one.data_end(bytes.from) - 1;
    finding = {bytes.amount.holds(count), fmt::format("{} bytes", count), {}, {}, {}};
    if (const Sent* data = one.last_data(bytes.from)) finding.packets.push_back(data->number);
    if (!finding.holds && talks.size() > 1)
      finding.seen = fmt::format("in {}: {}", one.name(), finding.seen);
    if (finding.holds == (bytes.scope == Scope::some)) return finding;
  }
  return finding;
}

Finding judge_datagrams(const Datagrams& datagrams, const Trace& trace, const Talks& talks) {
  std::optional<Pattern> pattern;
  if (!datagrams.matches.empty()) pattern.emplace(datagrams.matches);
  Finding finding;
  for (const Sent& one : trace.packets()) {
    if (!one.udp || one.from != datagrams.from ||
        std::ranges::find(talks, &trace.conversations()[one.conversation]) == talks.end())
      continue;
    if (!pattern || pattern->found_in(tracer::as_text(one.payload)))
      finding.packets.push_back(one.number);
  }
  finding.holds = datagrams.amount.holds(finding.packets.size());
  finding.seen = fmt::format("{}", finding.packets.size());
  return finding;
}

}  // namespace grader
