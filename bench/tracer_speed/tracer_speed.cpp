// How fast does the tracer read a large capture, compared with a bare libpcap loop?
//
//   build/bench/tracer_speed [--packets=N] [--tracer=PROGRAM]
//
// Each iteration runs both as programs of their own, in turns, over the same file, which is made
// first and removed at the end. Peak memory is the tracer's.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <pcap/pcap.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <filesystem>
#include <optional>
#include <stdexcept>

#include "bench/context.hpp"
#include "bench/stats/histogram.hpp"
#include "bench/tracer_speed/capture_maker.hpp"

namespace {

namespace fs = std::filesystem;

/// The yardstick: every frame read and looked at, nothing more.
int bare_loop(const char* path) {
  char error[PCAP_ERRBUF_SIZE];
  pcap_t* capture = pcap_open_offline(path, error);
  if (!capture) return 1;
  pcap_pkthdr* head;
  const u_char* bytes;
  std::uint64_t packets = 0, sum = 0;
  while (pcap_next_ex(capture, &head, &bytes) == 1) ++packets, sum += bytes[head->caplen / 2];
  pcap_close(capture);
  return packets > 0 && sum > 0 ? 0 : 1;
}

struct Cost {
  std::uint64_t nanoseconds;
  double peak_mib;
};

Cost run_program(const std::vector<std::string>& command) {
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child == 0) {
    const int null = open("/dev/null", O_WRONLY);
    dup2(null, STDOUT_FILENO);
    execv(words[0], words.data());
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child || status != 0)
    throw std::runtime_error(fmt::format("{} failed", command[0]));
  const auto time = std::chrono::steady_clock::now() - start;
  return {static_cast<std::uint64_t>(std::chrono::nanoseconds(time).count()), static_cast<double>(usage.ru_maxrss) / 1024};
}

struct Question {
  std::string tracer, capture;
  std::vector<std::string> options;
  std::uint64_t packets;
};

void tracer_speed(benchmark::State& state, const Question& question) {
  std::vector<std::string> command{question.tracer, "-r", question.capture};
  command.insert(command.end(), question.options.begin(), question.options.end());
  const std::vector<std::string> bare{"/proc/self/exe", "--bare", question.capture};
  bench::Histogram ours, theirs;
  double peak = 0;
  try {
    run_program(bare);  // the file is in memory from now on
    bool bare_first = true;
    for (auto _ : state) {
      if (bare_first) theirs.record(run_program(bare).nanoseconds);
      const Cost cost = run_program(command);
      if (!bare_first) theirs.record(run_program(bare).nanoseconds);
      bare_first = !bare_first;
      ours.record(cost.nanoseconds);
      peak = std::max(peak, cost.peak_mib);
      state.SetIterationTime(static_cast<double>(cost.nanoseconds) / 1e9);
    }
  } catch (const std::exception& error) {
    return state.SkipWithError(error.what());
  }
  const auto packets = static_cast<double>(question.packets);
  state.counters["packets/s"] = packets / (ours.median() / 1e9);
  state.counters["bare_packets/s"] = packets / (theirs.median() / 1e9);
  state.counters["ratio_to_bare"] = ours.median() / theirs.median();
  state.counters["peak_MiB"] = peak;
}

/// A folder of our own for as long as the program runs.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (fs::temp_directory_path() / "wirelab-bench-XXXXXX").string();
    if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder to be had");
    path = name;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  fs::path path;
};

}  // namespace

int main(int count, char** words) {
  if (count == 3 && std::strcmp(words[1], "--bare") == 0) return bare_loop(words[2]);
  benchmark::Initialize(&count, words);
  std::uint64_t packets = 300'000;
  std::string tracer = (fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "tracer" / "tracer").string();
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (word.starts_with("--packets=")) packets = std::max(1000ull, std::strtoull(words[i] + 10, nullptr, 10));
    else if (word.starts_with("--tracer=")) tracer = words[i] + 9;
    else return fmt::print(stderr, "tracer_speed: {}: no such option; there are --packets=N, --tracer=PROGRAM and Google Benchmark's\n", word), 2;
  }
  if (access(tracer.c_str(), X_OK) != 0)
    return fmt::print(stderr, "tracer_speed: {}: not there; build it, or give --tracer=PROGRAM\n", tracer), 1;
  try {
    const TemporaryFolder folder;
    const std::string http = folder.path / "http.pcap", bulk = folder.path / "bulk.pcap";
    const bench::MadeCapture made_http = bench::make_http_capture(http, packets);
    const bench::MadeCapture made_bulk = bench::make_bulk_capture(bulk, packets);
    const std::vector<std::pair<std::string, std::vector<std::string>>> formats{
        {"summary", {"-T", "summary", "-q"}},
        {"fields", {"-T", "fields", "-e", "frame.number", "-e", "tcp.seq", "-e", "tcp.analysis.flags"}},
        {"flat", {"-T", "flat"}}};
    for (const auto& [name, path, made] : {std::tuple{"http", http, made_http}, {"bulk", bulk, made_bulk}})
      for (const auto& [format, options] : formats)
        benchmark::RegisterBenchmark(fmt::format("tracer/{}/{}", format, name).c_str(), tracer_speed,
                                     Question{tracer, path, options, made.packets})
            ->UseManualTime()->Iterations(6)->Unit(benchmark::kMillisecond);
    for (const auto& [key, value] : bench::machine_context("none: files")) benchmark::AddCustomContext(key, value);
    benchmark::AddCustomContext("http.pcap", fmt::format("{} packets, {} connections, {} bytes", made_http.packets, made_http.connections, made_http.bytes));
    benchmark::AddCustomContext("bulk.pcap", fmt::format("{} packets, {} connection, {} bytes", made_bulk.packets, made_bulk.connections, made_bulk.bytes));
    benchmark::RunSpecifiedBenchmarks();
  } catch (const std::exception& error) {
    return fmt::print(stderr, "tracer_speed: {}\n", error.what()), 1;
  }
  benchmark::Shutdown();
}
