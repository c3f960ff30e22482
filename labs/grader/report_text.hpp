// A result for somebody at a terminal. Everything that a program under test may have chosen is made
// printable first.
#pragma once

#include <string>

#include "labs/grader/result.hpp"
#include "tracer/render/text.hpp"

namespace grader {

/// The rules of a run, a line each:
///
///     letter, seed 1                                        fail · 3 of 5 points
///       ✓ one-syn       one connection attempt is made
///       ✗ fin-first     RST #7 from the server: …
std::string rule_lines(const RunRecord& record, const tracer::TextStyle& style);

/// The story of one rule that did not hold: the steps so far, expected beside seen, the ladder around it, the
/// reason, the repair. `run` is the number under which the run is kept, 0 if it is not.
std::string failure_story(const RunRecord& record, const RuleResult& rule, unsigned run,
                          const tracer::TextStyle& style);

/// `text` in lines of at most style.width, the first after `label`, the others under it.
std::string folded(const std::string& label, const std::string& text,
                   const tracer::TextStyle& style);

}  // namespace grader
