#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tracer/diagram/ladder.hpp"

namespace tracer {

/// One true sentence about a conversation, with what it rests on.
struct Sentence {
  enum class Part : std::uint8_t { setting, opening, data, losses, windows, closing };
  Part part;
  std::string text;  // names packets as #N; from the packets' contents it has nothing
  std::vector<std::uint32_t> rows;  // numbers of the packets that show it
  std::string source;               // where the rule is written: "RFC 9293 §3.5"; may be empty
};

/// The conversation in sentences, in the order in which they are best read. REQUIRES: a whole
/// ladder, no rows filtered out; a missing packet would be taken for one that was not sent.
///
/// Each sentence follows from packets that were seen. What only one vantage point can suggest is
/// called probable, and where the packets do not say why (a RST, most of all), the sentence says that.
std::vector<Sentence> explain(const Ladder& ladder, const FrameStore& frames);

/// "opening", "losses", …
std::string_view name(Sentence::Part part);

}  // namespace tracer
