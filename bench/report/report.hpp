// The answers to all that was asked, and the files that hold them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "bench/questions.hpp"
#include "bench/stats/verdict.hpp"

namespace bench {

struct Report {
  std::vector<std::pair<std::string, std::string>> context;
  std::vector<Question> questions;
};

/// One comparison that a question asks for, with its answer.
struct Answer {
  const Subject *first, *second;
  RatioEstimate estimate;
  Measure measure = Measure::time;
};
/// The verdict in a sentence, without its full stop.
std::string sentence_of(const Answer& answer);
/// Those with at least two rounds that hold samples on both sides.
std::vector<Answer> answers_of(const Question& question);
/// The rounds of a subject that hold samples.
std::vector<Histogram> filled_rounds(const Subject& subject);
/// Requests answered in a second, a sample for each of these rounds.
std::vector<Histogram> rates_of(const std::vector<Round>& rounds);

/// Everything: context, rounds with their histograms, percentiles, comparisons. The schema is in
/// bench/README.md; `"schema": "wirelab-bench/1"`.
nlohmann::json report_json(const Report& report);
/// A line a subject: question, key, label, samples, lost, then percentiles in microseconds (empty
/// where too few samples support them).
std::string report_csv(const Report& report);

/// Was and is: a line for each subject that both have, with the verdict. `before` is what
/// report_json() gave. Throws TripError if it is not.
std::string compare_with_baseline(const Report& now, const nlohmann::json& before);

}  // namespace bench
