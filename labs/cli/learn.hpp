// The learner's loop apart from checking: what there is, what is done, a hint, a fresh start, a look back.
#pragma once

#include <optional>
#include <string>

#include "labs/cli/paths.hpp"
#include "tracer/render/text.hpp"

namespace cli {

/// The labs, their scenarios and their exercises, with what is done. Returns 0.
int list(const Paths& paths, const tracer::TextStyle& style);
/// A line an exercise: done or not, how often tried, what failed last.
int progress(const Paths& paths, const tracer::TextStyle& style);
/// One hint more for the rule that failed last; of the first rule where nothing was tried.
int hint(const Paths& paths, const std::string& lab, const std::string& exercise,
         const tracer::TextStyle& style);
/// Puts the starters of a lab, or of one exercise, back; what was there is kept beside them.
int reset(const Paths& paths, const std::string& lab, const std::string& exercise);
/// An earlier run: its rules, the story of its failures and the whole ladder; or one packet, the ladder
/// around it and its bytes. 0 is the latest.
int replay(const Paths& paths, unsigned run, std::optional<unsigned> packet,
           const tracer::TextStyle& style);

/// Keeps a copy of every starter that was not tried yet, for reset(). Best effort: without a place to
/// keep them, reset() has nothing to bring back.
void keep_starters(const Paths& paths);

}  // namespace cli
