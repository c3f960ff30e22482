// wirelab bench: TCP or UDP? Measured here and now, with a verdict that says how sure it is.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>

#include "bench/context.hpp"
#include "bench/report/html.hpp"
#include "bench/report/report.hpp"
#include "bench/report/text.hpp"
#include "bench/run.hpp"
#include "tracer/bytes/failure.hpp"

namespace {

using namespace bench;

struct Options {
  bool demo = false, quick = false, full = false, list = false;
  std::size_t size = 64;
  std::vector<std::string> questions;
  std::string json, csv, html, baseline, trace, in_host;
};

void show_progress(const std::string& what, double share) {
  if (isatty(STDERR_FILENO))
    fmt::print(stderr, "\r\033[K{} {:.0f} %{}", what, share * 100, share >= 1 ? "\r\033[K" : "");
}

/// At most 80 columns a line.
void print_wrapped(const std::string& text) {
  std::string line;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, end - at);
    if (!line.empty() && line.size() + 1 + word.size() > 80) {
      fmt::print("{}\n", line);
      line.clear();
    }
    line += line.empty() ? word : " " + word;
    at = end + 1;
  }
  fmt::print("{}\n", line);
}

void print_answers(const Question& question) {
  fmt::print("{}", table_text(question.subjects));
  for (const Answer& answer : answers_of(question)) {
    fmt::print("{}", verdict_text(answer));
    if (const std::string tail = tail_text(*answer.first, *answer.second); !tail.empty())
      print_wrapped(tail);
  }
  if (!question.note.empty()) fmt::print("({})\n", question.note);
  for (const ExchangeLadder& ladder : question.ladders)
    fmt::print("\n{}\n{}", ladder.title, ladder.rows);
}

int demo(const Options& options) {
  std::vector<std::string> doubts = machine_cautions();
  Question question{
      .key = "demo", .title = "TCP or UDP?", .comparisons = {{0, 1}}, .quick_seconds = 2.8};
  for (const Protocol protocol : {Protocol::tcp, Protocol::udp})
    question.subjects.push_back({{.protocol = protocol, .size = options.size}, name(protocol)});
  answer(question, Effort::quick, [](double share) { show_progress("measuring", share); });

  fmt::print("Round trips of {} bytes over loopback, TCP and UDP in turns:\n",
             count_text(options.size));
  print_answers(question);
  for (const std::string& line : cautions(question.subjects)) doubts.push_back(line);
  doubts.resize(std::min<std::size_t>(doubts.size(), 2));
  for (const std::string& line : doubts) fmt::print("caution: {}\n", line);
  return 0;
}

void write_file(const std::string& path, const std::string& text) {
  if (path.empty()) return;
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.flush();
  if (!file) throw TripError(fmt::format("{}: cannot be written", path));
}

nlohmann::json read_baseline(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw TripError(fmt::format("{}: no such file; make one with --json {}", path, path));
  const auto read = nlohmann::json::parse(file, nullptr, false);
  if (read.is_discarded())
    throw TripError(fmt::format("{}: no file of wirelab bench --json", path));
  return read;
}

void make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error)
    throw TripError(
        fmt::format("{}: {}; choose a folder that you may write to", path, error.message()));
}

bool wanted(const Question& question, const Options& options) {
  if (!options.questions.empty())
    return std::find(options.questions.begin(), options.questions.end(), question.key) !=
           options.questions.end();
  return options.full || question.quick;
}

int ask_all(const Options& options) {
  std::optional<nlohmann::json> baseline;
  if (!options.baseline.empty())
    baseline = read_baseline(options.baseline);  // before the work, not after it
  if (!options.trace.empty()) make_folder(options.trace);
  const Effort effort = options.full ? Effort::full : Effort::quick;
  bool traced = false;
  Report report{machine_context("loopback, veth, scripted"), {}};
  for (const std::string& line : machine_cautions()) fmt::print("caution: {}\n", line);
  for (Question& question : all_questions()) {
    if (!wanted(question, options)) continue;
    fmt::print("\n{}\n", question.title);
    std::fflush(stdout);
    try {
      answer(
          question, effort, [&](double share) { show_progress(question.key, share); },
          options.trace);
    } catch (const tracer::Failure& failure) {
      // No hosts of our own here: the questions about this machine can still be answered.
      fmt::print("not asked: {}\n", failure.what());
      continue;
    }
    print_answers(question);
    for (const std::string& line : cautions(question.subjects)) fmt::print("caution: {}\n", line);
    traced = traced || !question.ladders.empty();
    report.questions.push_back(std::move(question));
  }
  if (traced)
    fmt::print("\nThe captures are in {0}; wirelab trace -r {0}/… shows them whole.\n",
               options.trace);
  else if (!options.trace.empty())
    fmt::print(
        "\nNothing was traced: only questions over the scripted wire are (delay, loss, far).\n");
  if (baseline) fmt::print("\n{}", compare_with_baseline(report, *baseline));
  if (!options.json.empty()) write_file(options.json, report_json(report).dump() + "\n");
  write_file(options.csv, report_csv(report));
  if (!options.html.empty()) write_file(options.html, report_html(report));
  return 0;
}

int list() {
  for (const Question& question : all_questions())
    fmt::print("{:<10}{}\n", question.key, question.title);
  return 0;
}

int in_host(const Options& options) {
  if (options.in_host == "server") answer_from_host();
  ask_from_host(options.in_host, options.full ? Effort::full : Effort::quick,
                !options.trace.empty());
  return 0;
}

std::string known(const std::string& key) {
  for (const Question& question : all_questions())
    if (question.key == key) return {};
  return fmt::format("{}: no such question; wirelab bench --list shows them", key);
}

}  // namespace

int main(int count, char** words) {
  Options options;
  CLI::App app(
      "Measures round trips on this machine and says how sure it is. Without options: --quick.",
      "wirelab bench");
  app.add_option("questions", options.questions, "ask only these (--list shows them)")
      ->check(known);
  app.add_flag("--demo", options.demo, "TCP and UDP over loopback, in three seconds");
  app.add_flag("--quick", options.quick, "the main questions, in about 15 seconds");
  app.add_flag("--full", options.full, "all questions, in about two minutes");
  app.add_flag("--list", options.list, "list the questions");
  app.add_option("--size", options.size, "--demo: bytes of the request and of the reply")
      ->check(CLI::Range(1, 65'507));
  app.add_option("--json", options.json, "write everything, histograms included")
      ->type_name("FILE");
  app.add_option("--csv", options.csv, "write a line for each thing measured")->type_name("FILE");
  app.add_option("--html", options.html, "write a page with plots")->type_name("FILE");
  app.add_option("--baseline", options.baseline, "compare with an earlier --json file")
      ->type_name("FILE");
  app.add_option("--trace", options.trace,
                 "keep the captures of what runs over the scripted wire, and show the median, p99 "
                 "and worst\n"
                 "exchange as ladders")
      ->type_name("DIR");
  app.add_option("--in-host", options.in_host)->group("");  // for ourselves
  CLI11_PARSE(app, count, words);
  try {
    if (!options.in_host.empty()) return in_host(options);
    if (options.list) return list();
    return options.demo ? demo(options) : ask_all(options);
  } catch (const TripError& error) {
    fmt::print(stderr, "wirelab bench: {}\n", error.what());
    return tracer::exit_code::failed;
  } catch (const tracer::Failure& failure) {
    fmt::print(
        stderr, "wirelab bench: {}\n{}{}", failure.what(),
        failure.hint.empty() ? "" : "hint: ", failure.hint.empty() ? "" : failure.hint + "\n");
    return failure.code;
  }
}
