#include "bench/report/rounds_json.hpp"

namespace bench {

using nlohmann::json;

json rounds_json(const Subject& subject) {
  json rounds = json::array();
  for (const Round& round : subject.rounds) {
    json buckets = json::array();
    const auto& counts = round.times.buckets();
    for (std::size_t i = 0; i < counts.size(); ++i)
      if (counts[i] != 0) buckets.push_back({Histogram::lowest(i), counts[i]});
    json one{
        {"lost", round.lost}, {"lost_before", round.lost_before}, {"buckets", std::move(buckets)}};
    if (subject.served) one["seconds"] = round.seconds;
    if (!round.times.empty()) {
      one["min_ns"] = round.times.min();
      one["max_ns"] = round.times.max();
    }
    rounds.push_back(std::move(one));
  }
  json made{{"key", key(subject)}, {"label", subject.label}, {"rounds", std::move(rounds)}};
  for (const auto& [name, trip] : subject.moments)
    made["moments"].push_back({{"name", name},
                               {"start_ns", Nanoseconds(trip.start.time_since_epoch()).count()},
                               {"took_ns", trip.took.count()},
                               {"lost", trip.lost}});
  return made;
}

std::vector<Round> rounds_from(const json& subject) {
  std::vector<Round> rounds;
  for (const json& one : subject.at("rounds")) {
    Round& round = rounds.emplace_back();
    round.lost = one.at("lost").get<std::uint64_t>();
    round.lost_before = one.value("lost_before", std::uint64_t{0});
    round.seconds = one.value("seconds", 0.0);
    std::vector<std::uint64_t> counts;
    for (const json& bucket : one.at("buckets")) {
      const std::size_t index = Histogram::bucket_of(bucket.at(0).get<std::uint64_t>());
      if (index >= counts.size()) counts.resize(index + 1);
      counts[index] += bucket.at(1).get<std::uint64_t>();
    }
    if (!counts.empty())
      round.times = Histogram::restore(std::move(counts), one.at("min_ns").get<std::uint64_t>(),
                                       one.at("max_ns").get<std::uint64_t>());
  }
  return rounds;
}

std::vector<Moment> moments_from(const json& subject) {
  std::vector<Moment> moments;
  if (!subject.contains("moments")) return moments;
  for (const json& one : subject.at("moments")) {
    const Nanoseconds start(one.at("start_ns").get<std::int64_t>());
    moments.push_back(
        {one.at("name").get<std::string>(),
         {std::chrono::system_clock::time_point(start),
          Nanoseconds(one.at("took_ns").get<std::int64_t>()), one.at("lost").get<bool>()}});
  }
  return moments;
}

}  // namespace bench
