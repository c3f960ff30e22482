// Rounds as JSON: from hosts to the front, and from one run to a later one (--baseline).
#pragma once

#include <nlohmann/json.hpp>

#include "bench/trips/rounds.hpp"

namespace bench {

/// {"key", "label", "rounds": [{"lost", "seconds" of a server under load, "min_ns", "max_ns", "buckets": [[lowest ns, count], …]}, …],
///  "moments": [{"name", "start_ns" since 1970, "took_ns", "lost"}, …] if trips were kept}
nlohmann::json rounds_json(const Subject& subject);
/// The rounds of such an object. Throws nlohmann::json::exception if it is none.
std::vector<Round> rounds_from(const nlohmann::json& subject);
/// Its moments; none if it has none.
std::vector<Moment> moments_from(const nlohmann::json& subject);

}  // namespace bench
