#include "bench/report/report.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "bench/report/html.hpp"
#include "bench/report/plot.hpp"
#include "bench/report/rounds_json.hpp"
#include "bench/report/text.hpp"

namespace bench {
namespace {

Subject subject(const char* label, Protocol protocol, std::uint64_t nanoseconds,
                unsigned rounds = 20) {
  Subject made{{.protocol = protocol}, label};
  for (unsigned i = 0; i < rounds; ++i) {
    Round& round = made.rounds.emplace_back();
    for (std::uint64_t spread = 0; spread < 60; ++spread)
      round.times.record(nanoseconds + 10 * spread + i);
    round.lost = protocol == Protocol::udp && i == 3;
  }
  return made;
}

Report report(std::uint64_t udp_time = 18'000) {
  Question question{.key = "loopback", .title = "TCP or UDP? <b>"};
  question.subjects = {subject("TCP", Protocol::tcp, 20'000),
                       subject("UDP", Protocol::udp, udp_time)};
  question.comparisons = {{0, 1}};
  return {{{"kernel", "Linux"}}, {question}};
}

TEST(Report, TheTailIsToldWhereTheMedianHidesIt) {
  Subject tcp = subject("TCP", Protocol::tcp, 20'000), udp = subject("UDP", Protocol::udp, 20'000);
  udp.rounds[3].lost = 0;
  EXPECT_EQ(tail_text(tcp, udp), "");
  tcp.rounds[0].times.record(200'000'000, 30);
  EXPECT_EQ(tail_text(tcp, udp),
            "One in 100 took longer: TCP more than 200 ms, UDP more than 20.6 µs.");
  udp.rounds[3].lost = 18;
  EXPECT_EQ(tail_text(subject("TCP", Protocol::tcp, 20'000), udp),
            "18 of 1,218 by UDP had no reply.");
}

TEST(Report, RoundsSurviveJson) {
  const Subject before = subject("UDP", Protocol::udp, 18'000);
  const std::vector<Round> after = rounds_from(nlohmann::json::parse(rounds_json(before).dump()));
  ASSERT_EQ(after.size(), before.rounds.size());
  for (std::size_t i = 0; i < after.size(); ++i) {
    EXPECT_EQ(after[i].times.buckets(), before.rounds[i].times.buckets());
    EXPECT_EQ(after[i].times.min(), before.rounds[i].times.min());
    EXPECT_EQ(after[i].times.max(), before.rounds[i].times.max());
    EXPECT_EQ(after[i].lost, before.rounds[i].lost);
  }
}

TEST(Report, ARoundInWhichAllWasLostIsLeftOutOfTheComparison) {
  Report made = report();
  made.questions[0].subjects[1].rounds[5] = Round();
  const std::vector<Answer> answers = answers_of(made.questions[0]);
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(answers[0].estimate.rounds, 19u);
}

TEST(Report, ABaselineShowsWhatChangedAndNothingElse) {
  const std::string text = compare_with_baseline(report(21'600), report_json(report(18'000)));
  EXPECT_NE(text.find("loopback TCP                       no difference detected"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("loopback UDP                       20 % more time"), std::string::npos)
      << text;
}

TEST(Report, ABaselineThatIsNoneIsRefused) {
  EXPECT_THROW(compare_with_baseline(report(), nlohmann::json::object()), TripError);
  EXPECT_THROW(compare_with_baseline(report(), nlohmann::json::array()), TripError);
  EXPECT_THROW(compare_with_baseline(report(), {{"schema", "wirelab-bench/0"}}), TripError);
}

TEST(Report, TheTableDashesPercentilesThatTooFewSamplesSupport) {
  EXPECT_EQ(
      table_text({subject("TCP", Protocol::tcp, 20'000, 2), subject("UDP", Protocol::udp, 18'000)}),
      "                              median        p99   round trips   lost\n"
      "  TCP                        20.3 µs          –           120       \n"
      "  UDP                        18.3 µs    18.6 µs         1,200      1\n");
}

/// 20 rounds of a tenth of a second, in which a server answered so many requests.
Subject server(const char* label, Model model, std::uint64_t answered) {
  Subject made{{}, label, {}, {}, Served{.model = model}};
  for (unsigned i = 0; i < 20; ++i) {
    Round& round = made.rounds.emplace_back();
    round.times.record(1'000'000, answered + i);
    round.seconds = 0.1;
  }
  return made;
}

Report servers(std::uint64_t reactor = 1200) {
  Question question{.key = "servers", .title = "Which?", .measure = Measure::rate};
  question.subjects = {server("nginx", Model::nginx, 1000),
                       server("reactor", Model::reactor, reactor)};
  question.comparisons = {{0, 1}};
  return {{}, {question}};
}

TEST(Report, ServersAreComparedByWhatTheyAnswerInASecond) {
  const Report made = servers();
  EXPECT_NEAR(requests_per_second(made.questions[0].subjects[0]), 10'095, 0.5);
  const std::vector<Answer> answers = answers_of(made.questions[0]);
  ASSERT_EQ(answers.size(), 1u);
  EXPECT_EQ(sentence_of(answers[0]), "reactor answered 20 % more requests a second than nginx");
  EXPECT_NE(verdict_text(answers[0]).find("(rates, reactor by nginx: 1.20"), std::string::npos)
      << verdict_text(answers[0]);
  EXPECT_NE(
      table_text(made.questions[0].subjects).find("  reactor                  12,095    1.00 ms"),
      std::string::npos)
      << table_text(made.questions[0].subjects);
  EXPECT_NE(report_html(made).find("reactor answered 20 % more"), std::string::npos);
  EXPECT_NE(report_csv(made).find("servers,servers/reactor/kept/closed,reactor,24190,0,12095.0"),
            std::string::npos)
      << report_csv(made);
}

TEST(Report, ABaselineOfServersComparesRates) {
  const nlohmann::json before = nlohmann::json::parse(report_json(servers(1000)).dump());
  const std::string text = compare_with_baseline(servers(1200), before);
  EXPECT_NE(text.find("reactor                   20 % more requests a second"), std::string::npos)
      << text;
  EXPECT_NE(text.find("nginx                     no difference"), std::string::npos) << text;
}

TEST(Report, DurationsReadWithThreeDigits) {
  EXPECT_EQ(duration_text(7), "7 ns");
  EXPECT_EQ(duration_text(999.6), "1.00 µs");
  EXPECT_EQ(duration_text(21'345), "21.3 µs");
  EXPECT_EQ(duration_text(207'000'000), "207 ms");
  EXPECT_EQ(duration_text(1.5e9), "1.50 s");
  EXPECT_EQ(count_text(1'234'567), "1,234,567");
  EXPECT_EQ(count_text(999), "999");
}

TEST(Report, CsvHasALineForEachSubjectAndAsManyFieldsInEach) {
  const std::string csv = report_csv(report());
  std::vector<std::ptrdiff_t> commas;
  for (std::size_t at = 0; at < csv.size(); at = csv.find('\n', at) + 1) {
    const std::string line = csv.substr(at, csv.find('\n', at) - at);
    commas.push_back(std::count(line.begin(), line.end(), ','));
  }
  EXPECT_EQ(commas, (std::vector<std::ptrdiff_t>{12, 12, 12}));
}

TEST(Report, HtmlAsksForNothingAndEscapesWhatItShows) {
  const std::string html = report_html(report());
  EXPECT_EQ(html.find("<b>"), std::string::npos);
  EXPECT_NE(html.find("TCP or UDP? &lt;b&gt;"), std::string::npos);
  for (const char* outside : {"<script", "src=", "href=", "url(", "@import", "nan", "inf\""})
    EXPECT_EQ(html.find(outside), std::string::npos) << outside;
  EXPECT_NE(html.find("UDP took 10 % less time than TCP."), std::string::npos);
  EXPECT_NE(html.find("aria-label=\"Percentiles\""), std::string::npos);
}

TEST(Report, APlotOfNothingIsEmpty) {
  EXPECT_EQ(svg_of({.title = "",
                    .x_label = "",
                    .y_label = "",
                    .x_text = duration_text,
                    .y_text = duration_text,
                    .lines = {{"a", {}}}}),
            "");
}

}  // namespace
}  // namespace bench
