#include "bench/report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "bench/report/rounds_json.hpp"
#include "bench/report/text.hpp"

namespace bench {

using nlohmann::json;

namespace {

constexpr std::array<std::pair<const char*, double>, 5> percentiles{
    {{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}, {"p99.99", 0.9999}}};
constexpr const char* schema = "wirelab-bench/1";

json subject_json(const Subject& subject) {
  json made = rounds_json(subject);
  const Histogram times = subject.all();
  if (subject.served) made["requests_per_second"] = requests_per_second(subject);
  made["samples"] = times.count();
  made["lost"] = subject.lost();
  for (const auto& [name, share] : percentiles)
    if (!times.empty() && times.supports(share))
      made["microseconds"][name] = times.quantile(share) / 1e3;
  return made;
}

std::vector<Histogram> filled(const std::vector<Round>& rounds) {
  std::vector<Histogram> each;
  for (const Round& round : rounds)
    if (!round.times.empty()) each.push_back(round.times);
  return each;
}

std::string quoted(const std::string& text) {
  return text.find(',') == std::string::npos ? text : fmt::format("\"{}\"", text);
}

}  // namespace

std::vector<Histogram> filled_rounds(const Subject& subject) { return filled(subject.rounds); }

std::vector<Histogram> rates_of(const std::vector<Round>& rounds) {
  std::vector<Histogram> each;
  for (const Round& round : rounds) {
    if (round.times.empty() || round.seconds <= 0) continue;
    each.emplace_back().record(static_cast<std::uint64_t>(
        std::llround(static_cast<double>(round.times.count()) / round.seconds)));
  }
  return each;
}

std::string sentence_of(const Answer& answer) {
  const auto say = answer.measure == Measure::rate ? rate_sentence : verdict_sentence;
  return say(answer.estimate, answer.first->label, answer.second->label);
}

std::vector<Answer> answers_of(const Question& question) {
  std::vector<Answer> answers;
  for (const auto& [first, second] : question.comparisons) {
    const Subject &a = question.subjects[first], &b = question.subjects[second];
    std::vector<Round> as, bs;
    for (std::size_t i = 0; i < std::min(a.rounds.size(), b.rounds.size()); ++i) {
      if (a.rounds[i].times.empty() || b.rounds[i].times.empty()) continue;  // all were lost
      as.push_back(a.rounds[i]);
      bs.push_back(b.rounds[i]);
    }
    if (as.size() < 2) continue;
    const auto measured = question.measure == Measure::rate ? rates_of : filled;
    answers.push_back(
        {&a, &b, compare_medians(measured(as), measured(bs), Pairing::paired), question.measure});
  }
  return answers;
}

json report_json(const Report& report) {
  json made{{"schema", schema}, {"context", json::object()}, {"questions", json::array()}};
  for (const auto& [name, value] : report.context) made["context"][name] = value;
  for (const Question& question : report.questions) {
    json one{{"key", question.key},
             {"title", question.title},
             {"note", question.note},
             {"subjects", json::array()},
             {"comparisons", json::array()}};
    for (const Subject& subject : question.subjects)
      one["subjects"].push_back(subject_json(subject));
    for (const Answer& answer : answers_of(question)) {
      const auto& [ratio, interval, rounds] = answer.estimate;
      one["comparisons"].push_back({{"first", answer.first->label},
                                    {"second", answer.second->label},
                                    {"of", answer.measure == Measure::rate ? "rate" : "time"},
                                    {"ratio", ratio},
                                    {"low", interval.low},
                                    {"high", interval.high},
                                    {"rounds", rounds},
                                    {"verdict", sentence_of(answer)}});
    }
    made["questions"].push_back(std::move(one));
  }
  return made;
}

std::string report_csv(const Report& report) {
  std::string text = "question,key,label,samples,lost,per_second,min_us";
  for (const auto& [name, share] : percentiles) text += fmt::format(",{}_us", name);
  text += ",max_us\n";
  for (const Question& question : report.questions) {
    for (const Subject& subject : question.subjects) {
      const Histogram times = subject.all();
      const auto microseconds = [](double nanoseconds) {
        return fmt::format("{:.3f}", nanoseconds / 1e3);
      };
      text += fmt::format("{},{},{},{},{},{},{}", question.key, key(subject), quoted(subject.label),
                          times.count(), subject.lost(),
                          subject.served ? fmt::format("{:.1f}", requests_per_second(subject)) : "",
                          times.empty() ? "" : microseconds(static_cast<double>(times.min())));
      for (const auto& [name, share] : percentiles)
        text += fmt::format(",{}", !times.empty() && times.supports(share)
                                       ? microseconds(times.quantile(share))
                                       : "");
      text +=
          fmt::format(",{}\n", times.empty() ? "" : microseconds(static_cast<double>(times.max())));
    }
  }
  return text;
}

std::string compare_with_baseline(const Report& now, const json& before) try {
  if (before.at("schema") != schema) throw TripError("the baseline is of another version");
  std::string text = "Now, compared with the baseline:\n";
  for (const Question& question : now.questions) {
    for (const json& old_question : before.at("questions")) {
      if (old_question.at("key") != question.key) continue;
      for (const Subject& subject : question.subjects) {
        for (const json& old_subject : old_question.at("subjects")) {
          if (old_subject.at("key") != key(subject)) continue;
          const auto measured = question.measure == Measure::rate ? rates_of : filled;
          const std::vector<Histogram> was = measured(rounds_from(old_subject)),
                                       is = measured(subject.rounds);
          if (was.size() < 2 || is.size() < 2) continue;
          const RatioEstimate estimate = compare_medians(was, is, Pairing::separate);
          text += fmt::format("  {:<9}{:<26}{}\n", question.key, subject.label,
                              change_text(estimate, question.measure));
        }
      }
    }
  }
  return text;
} catch (const json::exception&) {
  throw TripError("the baseline is no file of wirelab bench --json");
}

}  // namespace bench
