// wirelab bench: TCP or UDP? Measured here and now, with a verdict that says how sure it is.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "bench/context.hpp"
#include "bench/report/text.hpp"
#include "bench/trips/echo.hpp"
#include "bench/trips/rounds.hpp"

namespace {

using namespace bench;

struct Options {
  bool demo = false;
  std::size_t size = 64;
};

void show_progress(double share) {
  if (isatty(STDERR_FILENO)) fmt::print(stderr, "\r\033[Kmeasuring … {:.0f} %{}", share * 100, share >= 1 ? "\r\033[K" : "");
}

Subject subject_of(const Trip& trip) {
  return {key(trip), name(trip.protocol), [trip] { return start_echo(trip); }, is_datagram(trip.protocol)};
}

int demo(const Options& options) {
  std::vector<std::string> doubts = machine_cautions();
  std::vector<Subject> subjects;
  for (const Protocol protocol : {Protocol::tcp, Protocol::udp})
    subjects.push_back(subject_of({.protocol = protocol, .size = options.size}));
  measure_in_turns(subjects, {}, show_progress);

  const std::vector<const Subject*> shown{&subjects[0], &subjects[1]};
  fmt::print("Round trips of {} bytes over loopback, TCP and UDP in turns:\n{}", count_text(options.size), table_text(shown));
  const RatioEstimate estimate = compare_medians(subjects[0].histograms(), subjects[1].histograms(), Pairing::paired);
  fmt::print("{}", verdict_text(estimate, subjects[0].label, subjects[1].label));
  for (const std::string& line : cautions(shown)) doubts.push_back(line);
  doubts.resize(std::min<std::size_t>(doubts.size(), 2));
  for (const std::string& line : doubts) fmt::print("caution: {}\n", line);
  return 0;
}

}  // namespace

int main(int count, char** words) {
  Options options;
  CLI::App app("Measures round trips on this machine and says how sure it is.", "wirelab bench");
  app.add_flag("--demo", options.demo, "TCP and UDP over loopback, in a few seconds");
  app.add_option("--size", options.size, "bytes of the request and of the reply")->check(CLI::Range(1, 65'507));
  CLI11_PARSE(app, count, words);
  try {
    return demo(options);
  } catch (const TripError& error) {
    fmt::print(stderr, "wirelab bench: {}\n", error.what());
    return 1;
  }
}
