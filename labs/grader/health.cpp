#include "labs/grader/health.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

namespace grader {
namespace {

/// The last line that is not empty: where programs put their last words.
std::string last_line(std::string_view output) {
  while (!output.empty() &&
         (output.back() == '\n' || output.back() == '\r' || output.back() == ' '))
    output.remove_suffix(1);
  const std::size_t at = output.rfind('\n');
  return std::string(at == std::string_view::npos ? output : output.substr(at + 1)).substr(0, 200);
}

std::string last_step(const RunRecord& record) {
  std::string text = "before anything crossed the wire";
  for (const Step& step : record.steps)
    if (step.packet) text = fmt::format("after #{}: {}", step.packet, step.text);
  return text;
}

/// Has the scenario a word of its own about how this program ends?
bool end_is_ruled(const Scenario& scenario, Side side) {
  if (std::ranges::count(scenario.fails, std::string(testbed::name(side))) > 0) return true;
  return std::ranges::any_of(scenario.rules, [&](const Rule& rule) {
    const Exit* exit = std::get_if<Exit>(&rule.demand);
    return exit && exit->host == side;
  });
}

void hang(const Trace& trace, const RunRecord& record, const ProgramRecord& program,
          RuleResult& result) {
  const bool server = program.host == "server";
  const auto& its = trace.program(server ? Side::server : Side::client);
  if (its.starved) {
    result.verdict = Verdict::inconclusive;
    result.seen = fmt::format(
        "the machine was too busy: the {}'s program waited for a processor most of the time",
        program.host);
    return;
  }
  result.verdict = Verdict::fail;
  const std::string where = program.hangs_in.empty()
                                ? "it was busy, but nothing came of it"
                                : fmt::format("it hangs in {}()", program.hangs_in);
  result.seen =
      fmt::format("the {}'s program never ended: {}, {}", program.host, where, last_step(record));
  result.reason =
      "Nothing was under way on the wire any more and no program had set itself a limit of time: "
      "this would have gone on for ever.";
  for (const ProgramRecord& other : record.programs)
    if (other.host != program.host && !other.hangs_in.empty())
      result.seen += fmt::format("; meanwhile the {}'s waits in {}()", other.host, other.hangs_in);
  for (const Step& step : record.steps)
    if (step.packet) result.packets = {step.packet};
}

void ended_badly(const RunRecord& record, const ProgramRecord& program, RuleResult& result) {
  result.verdict = Verdict::fail;
  const std::string step = last_step(record);
  if (!program.sanitizer.empty()) {
    result.seen = fmt::format("the {}'s program was ended by a sanitizer, {}: {}", program.host,
                              step, program.sanitizer);
    result.repair =
        "The line that it names is where the program did something that C++ gives no meaning to.";
  } else if (!program.limit.empty()) {
    result.seen = fmt::format("the {}'s program was ended because it took {}, {}", program.host,
                              program.limit, step);
    result.repair = "Look for the loop that never ends, or for what is taken and never given back.";
  } else if (program.signal) {
    result.seen = fmt::format("the {}'s program crashed with signal {} ({}), {}", program.host,
                              *program.signal, strsignal(*program.signal), step);
    if (*program.signal == SIGPIPE)
      result.repair =
          "The peer was gone when the program wrote to it: ignore SIGPIPE, or send with "
          "MSG_NOSIGNAL, and look at what send() returns.";
  } else if (program.status == 127 || program.status == 126) {
    result.seen = fmt::format("the {}'s program cannot be started: {}", program.host,
                              last_line(program.output));
  } else {
    result.seen = fmt::format("the {}'s program ended with status {}, {}", program.host,
                              program.status.value_or(-1), step);
    if (const std::string words = last_line(program.output); !words.empty())
      result.seen += fmt::format("; its last words: {}", words);
  }
  for (const Step& one : record.steps)
    if (one.packet) result.packets = {one.packet};
}

/// 127.0.0.0/8 (RFC 1122 §3.2.1.3) and ::1 (RFC 4291 §2.5.3).
bool is_loopback(const tracer::IpAddress& address) {
  const tracer::Bytes octets = address.octets();
  return address.is_v6() ? address == tracer::IpAddress::parse("::1") : octets[0] == std::byte{127};
}

/// What is no fault by itself, and explains much to a learner who wonders.
std::vector<std::string> notes(const Trace& trace, const ProgramRecord& program) {
  std::vector<std::string> texts;
  if (program.ignored_sigterm)
    texts.push_back(fmt::format("asked to end (SIGTERM), the {}'s program went on and was killed",
                                program.host));
  for (const testbed::ClosedSocket& one : trace.result().closed)
    if (testbed::name(one.side) == program.host && is_loopback(one.remote.address)) {
      texts.push_back(
          fmt::format("the {}'s program tried to reach {}: "
                      "that is its own host, neither the other one nor this machine",
                      program.host, one.remote.address.text()));
      break;
    }
  return texts;
}

}  // namespace

std::string sanitizer_summary(std::string_view output) {
  for (const std::string_view mark :
       {std::string_view("SUMMARY: "), std::string_view("runtime error: ")}) {
    const std::size_t at = output.find(mark);
    if (at == std::string_view::npos ||
        (mark[0] == 'S' && output.substr(at, 80).find("Sanitizer") == std::string_view::npos))
      continue;
    const std::size_t begin =
        mark[0] == 'S' ? at + mark.size() : output.rfind('\n', at) + 1;  // npos + 1 is 0
    return std::string(output.substr(begin, std::min(output.find('\n', at), output.size()) - begin))
        .substr(0, 300);
  }
  return {};
}

RuleResult judge_health(const Exercise&, const Scenario& scenario, const Trace& trace,
                        const RunRecord& record) {
  RuleResult result;
  result.id = rule_that_programs_run;
  result.verdict = Verdict::pass;
  result.points = 0;
  result.wanted = "the program neither crashes nor hangs nor ends with a failure";
  result.why = "What a program would have done next cannot be judged.";
  const bool any_tested =
      std::ranges::any_of(record.programs, [](const ProgramRecord& one) { return one.under_test; });
  // A reference that hangs does so because of what the program under test did or did not do.
  for (const bool tested : {true, false})
    for (const ProgramRecord& program : record.programs) {
      if (program.under_test != tested || result.verdict != Verdict::pass) continue;
      const Side side = program.host == "server" ? Side::server : Side::client;
      if (program.timed_out)
        hang(trace, record, program, result);
      else if (any_tested && !program.under_test)
        continue;
      else if (!program.sanitizer.empty() || program.signal || !program.limit.empty())
        ended_badly(record, program, result);
      else if (program.status.value_or(0) != 0 && !end_is_ruled(scenario, side))
        ended_badly(record, program, result);
    }
  if (result.verdict == Verdict::pass) result.seen = "it ran";
  for (const ProgramRecord& program : record.programs)
    if (program.under_test)
      for (const std::string& one : notes(trace, program))
        result.note += (result.note.empty() ? "" : "; ") + one;
  return result;
}

}  // namespace grader
