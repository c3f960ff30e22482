// Rules over a trace: does it hold, and by what evidence?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "labs/grader/rule.hpp"
#include "labs/grader/trace.hpp"

namespace grader {

/// What was found out about a demand.
struct Finding {
  bool holds = false;
  std::string seen;                    // in words, with packet numbers
  std::vector<std::uint32_t> packets;  // the evidence
  std::string reason;                  // what it means; may be empty
  std::string repair;                  // what to change; may be empty
};

/// What the rule wants, in words.
std::string wanted(const Rule& rule);
/// Throws tracer::Failure (2) for a filter that is wrong, which reading the lab has ruled out.
Finding judge(const Rule& rule, const Trace& trace);

// One function a kind of demand; judge() calls them. `talks` says which conversations count.
using Talks = std::vector<const Talk*>;
Finding judge_tcp(const Property& property, const Trace& trace, const Talks& talks);
Finding judge_udp(const Property& property, const Trace& trace, const Talks& talks);
Finding judge_survives(Side side, const Trace& trace, const Talks& talks);
Finding judge_count(const Count& count, const Trace& trace, const Talks& talks);
Finding judge_order(const Order& order, const Trace& trace, const Talks& talks);
Finding judge_pause(const Pause& pause, const Trace& trace, const Talks& talks);
Finding judge_connections(const Connections& connections, const Trace& trace, const Talks& talks);
Finding judge_bytes(const StreamBytes& bytes, const Trace& trace, const Talks& talks);
Finding judge_datagrams(const Datagrams& datagrams, const Trace& trace, const Talks& talks);
Finding judge_text(const Text& text, const Trace& trace, const Talks& talks);
Finding judge_exit(const Exit& exit, const Trace& trace);

}  // namespace grader
