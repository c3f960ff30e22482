#include "bench/report/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace bench {
namespace {

/// Half the distance between the quartiles of the rounds' medians (closed loops: of their rates), by
/// their median.
double spread(const Subject& subject) {
  std::vector<double> medians;
  for (const Histogram& round :
       subject.served && !subject.served->open ? rates_of(subject.rounds) : filled_rounds(subject))
    medians.push_back(round.median());
  if (medians.size() < 4) return 0;
  std::sort(medians.begin(), medians.end());
  const std::size_t n = medians.size();
  return (medians[n * 3 / 4] - medians[n / 4]) / 2 / medians[n / 2];
}

std::string quantile_text(const Histogram& times, double q) {
  return !times.empty() && times.supports(q) ? duration_text(times.quantile(q)) : "–";
}

}  // namespace

std::string duration_text(double nanoseconds) {
  static constexpr const char* units[] = {"ns", "µs", "ms", "s"};
  std::size_t unit = 0;
  while (nanoseconds >= 999.5 && unit < 3) nanoseconds /= 1000, ++unit;
  const int decimals = unit == 0 || nanoseconds >= 99.95 ? 0 : nanoseconds >= 9.995 ? 1 : 2;
  return fmt::format("{:.{}f} {}", nanoseconds, decimals, units[unit]);
}

std::string count_text(std::uint64_t count) {
  std::string digits = fmt::format("{}", count);
  for (std::size_t place = digits.size(); place > 3; place -= 3) digits.insert(place - 3, 1, ',');
  return digits;
}

double requests_per_second(const Subject& subject) {
  double seconds = 0;
  for (const Round& round : subject.rounds) seconds += round.seconds;
  return seconds > 0 ? static_cast<double>(subject.all().count()) / seconds : 0;
}

namespace {

std::string servers_text(const std::vector<Subject>& subjects) {
  std::string text = fmt::format("  {:<20}{:>11}{:>11}{:>11}{:>11}{:>12}\n", "", "requests/s",
                                 "median", "p99", "p99.9", "answered");
  for (const Subject& subject : subjects) {
    const Histogram times = subject.all();
    text += fmt::format(
        "  {:<20}{:>11}{:>11}{:>11}{:>11}{:>12}\n", subject.label,
        count_text(static_cast<std::uint64_t>(std::llround(requests_per_second(subject)))),
        quantile_text(times, 0.5), quantile_text(times, 0.99), quantile_text(times, 0.999),
        count_text(times.count()));
  }
  return text;
}

}  // namespace

std::string table_text(const std::vector<Subject>& subjects) {
  if (!subjects.empty() && subjects.front().served) return servers_text(subjects);
  std::string text =
      fmt::format("  {:<24}{:>10}{:>11}{:>14}{:>7}\n", "", "median", "p99", "round trips", "lost");
  for (const Subject& subject : subjects) {
    const Histogram times = subject.all();
    text +=
        fmt::format("  {:<24}{:>10}{:>11}{:>14}{:>7}\n", subject.label, quantile_text(times, 0.5),
                    quantile_text(times, 0.99), count_text(times.count()),
                    counts_losses(subject) ? count_text(subject.lost()) : "");
  }
  return text;
}

std::string verdict_text(const Answer& answer) {
  const auto& [ratio, interval, rounds] = answer.estimate;
  return fmt::format("{}.\n({}, {} by {}: {:.2f}, 95 % interval {:.2f} to {:.2f}, {} rounds)\n",
                     sentence_of(answer), answer.measure == Measure::rate ? "rates" : "medians",
                     answer.second->label, answer.first->label, ratio, interval.low, interval.high,
                     rounds);
}

std::string tail_text(const Subject& first, const Subject& second) {
  const Histogram a = first.all(), b = second.all();
  std::string text;
  const auto long_tail = [](const Histogram& times) {
    return times.quantile(0.99) > 5 * times.median();
  };
  const bool known = !a.empty() && !b.empty() && a.supports(0.99) && b.supports(0.99);
  const bool asked_for = first.served && first.served->open;
  const bool is_rate = first.served && !asked_for;
  if (known && !is_rate && (asked_for || long_tail(a) || long_tail(b)))
    text =
        fmt::format("One in 100 took longer: {} more than {}, {} more than {}", first.label,
                    duration_text(a.quantile(0.99)), second.label, duration_text(b.quantile(0.99)));
  for (const Subject* subject : {&first, &second}) {
    if (subject->lost() == 0) continue;
    text += fmt::format("{}{} of {} by {} had no reply", text.empty() ? "" : "; ",
                        count_text(subject->lost()),
                        count_text(subject->lost() + subject->all().count()), subject->label);
  }
  return text.empty() ? text : text + ".";
}

std::string change_text(const RatioEstimate& estimate, Measure measure) {
  const Outcome outcome = judge(estimate);
  std::string change = "no difference detected";
  if (outcome != Outcome::no_difference)
    change = fmt::format("{:.0f} % {} {}", 100 * std::abs(estimate.ratio - 1),
                         outcome == Outcome::more   ? "more"
                         : measure == Measure::time ? "less"
                                                    : "fewer",
                         measure == Measure::time ? "time" : "requests a second");
  return fmt::format("{} ({:.2f}; {:.2f} to {:.2f})", change, estimate.ratio, estimate.interval.low,
                     estimate.interval.high);
}

std::vector<std::string> cautions(const std::vector<Subject>& subjects) {
  std::uint64_t fewest = UINT64_MAX;
  double widest = 0;
  for (const Subject& subject : subjects) {
    fewest = std::min(fewest, subject.all().count());
    widest = std::max(widest, spread(subject));
  }
  std::vector<std::string> lines;
  if (fewest < 1000)
    lines.push_back(fmt::format("only {} samples of one kind: too few for a p99", fewest));
  if (widest > 0.05)
    lines.push_back(
        fmt::format("noisy: medians of rounds differ by ±{:.0f} %; small differences are not seen",
                    widest * 100));
  return lines;
}

}  // namespace bench
