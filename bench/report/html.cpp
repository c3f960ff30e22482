#include "bench/report/html.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "bench/report/plot.hpp"
#include "bench/report/text.hpp"

namespace bench {
namespace {

constexpr const char* head = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<title>wirelab bench</title><style>
:root{--ink:#1a1a1a;--paper:#fff;--grid:#ddd;--quiet:#555}
@media(prefers-color-scheme:dark){:root{--ink:#eee;--paper:#16181c;--grid:#3a3d44;--quiet:#aaa}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:52rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}td,th{padding:.15rem .8rem;text-align:right}td:first-child,th:first-child{text-align:left}
th{border-bottom:1px solid var(--quiet)}.verdict{font-weight:600;margin-bottom:0}.basis,figcaption,footer{color:var(--quiet);font-size:.9rem;margin-top:0}
figure{margin:1rem 0;break-inside:avoid}pre{overflow-x:auto;font-size:.85rem;line-height:1.3}svg{width:100%;height:auto}svg text{font:12px system-ui,sans-serif;fill:var(--ink)}.x{text-anchor:middle}.y{text-anchor:end}
.grid{stroke:var(--grid);fill:none}.line{fill:none;stroke-width:2}
.c0{stroke:#0072b2}.c1{stroke:#d55e00}.c2{stroke:#009e73}.c3{stroke:#cc79a7}.c4{stroke:#e69f00}.c5{stroke:#56b4e9}
</style></head><body>
<h1>Round trips on this machine</h1>
<p>The time from before the first system call of a request to after its reply: the whole round trip. The median is the time that half of
the round trips do not exceed; p99 is the time that 99 of 100 do not exceed. What is compared was measured in turns, and the interval says
how far chance may have moved the ratio.</p>
)";

/// Share of the samples for each eighth of a doubling.
std::vector<std::pair<double, double>> distribution(const Histogram& times) {
  std::map<int, double> shares;
  for (std::size_t i = 0; i < times.buckets().size(); ++i)
    if (times.buckets()[i] != 0)
      shares[static_cast<int>(
          std::floor(8 * std::log2(static_cast<double>(Histogram::lowest(i)) + 1)))] +=
          100 * static_cast<double>(times.buckets()[i]) / static_cast<double>(times.count());
  std::vector<std::pair<double, double>> points;
  if (shares.empty()) return points;
  for (int place = shares.begin()->first - 1; place <= shares.rbegin()->first + 1; ++place) {
    const auto share = shares.find(place);
    points.emplace_back(std::exp2((place + 0.5) / 8), share == shares.end() ? 0 : share->second);
  }
  return points;
}

/// x: how many round trips there are for each that takes longer; the tail gets the room it needs.
std::vector<std::pair<double, double>> percentile_points(const Histogram& times) {
  std::vector<std::pair<double, double>> points;
  for (double one_in = 1.05; !times.empty() && times.supports(1 - 1 / one_in); one_in *= 1.15)
    points.emplace_back(one_in, times.quantile(1 - 1 / one_in));
  return points;
}

std::string plots_of(const Question& question) {
  const auto share_text = [](double value) { return fmt::format("{:g} %", value); };
  const auto number_text = [](double value) { return fmt::format("{:g}", value); };
  Plot shape{.title = "Distribution",
             .x_label = "round trip time",
             .y_label = "share of the round trips in each eighth of a doubling",
             .log_x = true,
             .x_text = duration_text,
             .y_text = share_text,
             .lines = {}};
  Plot tail{.title = "Percentiles",
            .x_label = "percentile",
            .y_label = "the time not exceeded; drawn as far as ten samples lie beyond",
            .log_x = true,
            .log_y = true,
            .x_text = number_text,
            .y_text = duration_text,
            .x_ticks = {{2, "50"}, {10, "90"}, {100, "99"}, {1000, "99.9"}, {10'000, "99.99"}},
            .lines = {}};
  Plot rounds{.title = "Medians over time",
              .x_label = "round",
              .y_label = "the median of each round, in the order measured",
              .log_y = true,
              .x_text = number_text,
              .y_text = duration_text,
              .lines = {}};
  std::map<Protocol, Plot::Line> by_size;
  bool sizes_differ = false;
  for (const Subject& subject : question.subjects) {
    const Histogram times = subject.all();
    if (times.empty()) continue;
    sizes_differ = sizes_differ || subject.trip.size != question.subjects.front().trip.size;
    Plot::Line& line = by_size[subject.trip.protocol];
    line.label = name(subject.trip.protocol);
    line.points.emplace_back(static_cast<double>(subject.trip.size), times.median());
    shape.lines.push_back({subject.label, distribution(times)});
    tail.lines.push_back({subject.label, percentile_points(times)});
    Plot::Line& medians = rounds.lines.emplace_back(Plot::Line{subject.label, {}});
    for (std::size_t i = 0; i < subject.rounds.size(); ++i)
      if (!subject.rounds[i].times.empty())
        medians.points.emplace_back(static_cast<double>(i + 1), subject.rounds[i].times.median());
  }
  if (!sizes_differ) return svg_of(shape) + svg_of(tail) + svg_of(rounds);
  Plot sizes{.title = "Size against time",
             .x_label = "bytes of the request, and of the reply",
             .y_label = "the median round trip",
             .log_x = true,
             .log_y = true,
             .x_text = number_text,
             .y_text = duration_text,
             .lines = {}};
  for (const auto& [protocol, line] : by_size) sizes.lines.push_back(line);
  return svg_of(sizes);
}

std::string table_of(const Question& question) {
  static constexpr std::pair<const char*, double> columns[] = {
      {"median", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}};
  std::string html = "<table><thead><tr><th></th>";
  for (const auto& [name, share] : columns) html += fmt::format("<th>{}</th>", name);
  const bool servers = question.subjects.front().served.has_value();
  html += servers ? "<th>answered</th><th>in a second</th><th>unanswered</th></tr></thead><tbody>\n"
                  : "<th>round trips</th><th>lost</th></tr></thead><tbody>\n";
  for (const Subject& subject : question.subjects) {
    const Histogram times = subject.all();
    html += fmt::format("<tr><td>{}</td>", escaped(subject.label));
    for (const auto& [name, share] : columns)
      html += fmt::format("<td>{}</td>", !times.empty() && times.supports(share)
                                             ? duration_text(times.quantile(share))
                                             : "–");
    html += fmt::format("<td>{}</td>", count_text(times.count()));
    if (servers)
      html += fmt::format(
          "<td>{}</td>",
          count_text(static_cast<std::uint64_t>(std::llround(requests_per_second(subject)))));
    html +=
        fmt::format("<td>{}</td></tr>\n", counts_losses(subject) ? count_text(subject.lost()) : "");
  }
  return html + "</tbody></table>\n";
}

}  // namespace

std::string report_html(const Report& report) {
  std::string html = head;
  for (const Question& question : report.questions) {
    html += fmt::format("<section id=\"{}\"><h2>{}</h2>\n", escaped(question.key),
                        escaped(question.title));
    for (const Answer& answer : answers_of(question)) {
      const auto& [first, second, estimate, measure] = answer;
      html += fmt::format(
          "<p class=\"verdict\">{}.</p><p class=\"basis\">{} by {}: {:.3f} of the {}, 95 % "
          "interval {:.3f} to {:.3f}, {} rounds each</p>\n",
          escaped(sentence_of(answer)), escaped(second->label), escaped(first->label),
          estimate.ratio, measure == Measure::rate ? "requests a second" : "median",
          estimate.interval.low, estimate.interval.high, estimate.rounds);
      if (const std::string tail = tail_text(*first, *second); !tail.empty())
        html += fmt::format("<p>{}</p>\n", escaped(tail));
    }
    html += table_of(question);
    if (!question.note.empty())
      html += fmt::format("<p class=\"basis\">{}</p>\n", escaped(question.note));
    for (const std::string& line : cautions(question.subjects))
      html += fmt::format("<p class=\"basis\">Caution: {}.</p>\n", escaped(line));
    html += plots_of(question);
    for (const ExchangeLadder& ladder : question.ladders)
      html += fmt::format("<h3>{}</h3><pre tabindex=\"0\">{}</pre>\n", escaped(ladder.title),
                          escaped(ladder.rows));
    html += "</section>\n";
  }
  html +=
      "<footer><h2>Method and machine</h2><p>One request in flight, TCP_NODELAY, connected UDP, "
      "rounds in turns (A B B A), every round trip "
      "recorded to within 1/256 of itself. Servers under load: 32 requests in flight, or at times "
      "set beforehand and counted from then. Ratios are of medians over all rounds; the interval "
      "resamples rounds. A percentile is shown only "
      "with at least ten samples beyond it.</p><table><tbody>\n";
  for (const auto& [name, value] : report.context)
    html += fmt::format("<tr><td>{}</td><td>{}</td></tr>\n", escaped(name), escaped(value));
  return html + "</tbody></table></footer></body></html>\n";
}

}  // namespace bench
