// How fast does the tracer read a large capture, compared with a bare libpcap loop?
//
//   build/bench/tracer_speed [--packets=N] [--connections=N] [--bulk=MIB] [--tracer=PROGRAM]
//
// The captures: real traffic through a testbed (http: short connections; bulk: one transfer), and
// larger ones made by hand, where each connection is known (made_http, made_bulk). Each iteration
// runs both programs in turns over the same file. Time is what a clock on the wall shows, since a
// summary has two threads: measure on a machine that has nothing else to do. cpu_ratio_to_bare
// compares the processors' time, user and system, instead. Peak memory is the tracer's.
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
#include "bench/tracer_speed/traffic.hpp"
#include "tracer/bytes/failure.hpp"

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
  std::uint64_t cpu_nanoseconds, elapsed_nanoseconds;
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
  const std::chrono::nanoseconds elapsed = std::chrono::steady_clock::now() - start;
  const auto nanoseconds = [](const timeval& time) {
    return static_cast<std::uint64_t>(time.tv_sec) * 1'000'000'000 +
           static_cast<std::uint64_t>(time.tv_usec) * 1000;
  };
  return {nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime),
          static_cast<std::uint64_t>(elapsed.count()), static_cast<double>(usage.ru_maxrss) / 1024};
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
  bench::Histogram ours, theirs, our_cpu, their_cpu;
  double peak = 0;
  try {
    run_program(bare);  // the file is in memory from now on
    const auto run_bare = [&] {
      const Cost cost = run_program(bare);
      theirs.record(cost.elapsed_nanoseconds);
      their_cpu.record(cost.cpu_nanoseconds);
    };
    bool bare_first = true;
    for (auto _ : state) {
      if (bare_first) run_bare();
      const Cost cost = run_program(command);
      if (!bare_first) run_bare();
      bare_first = !bare_first;
      ours.record(cost.elapsed_nanoseconds);
      our_cpu.record(cost.cpu_nanoseconds);
      peak = std::max(peak, cost.peak_mib);
      state.SetIterationTime(static_cast<double>(cost.elapsed_nanoseconds) / 1e9);
    }
  } catch (const std::exception& error) {
    return state.SkipWithError(error.what());
  }
  const auto packets = static_cast<double>(question.packets);
  state.counters["packets/s"] = packets / (ours.median() / 1e9);
  state.counters["bare_packets/s"] = packets / (theirs.median() / 1e9);
  state.counters["ratio_to_bare"] = ours.median() / theirs.median();
  state.counters["cpu_ratio_to_bare"] = our_cpu.median() / their_cpu.median();
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
  if (const int code = bench::run_traffic_program(count, words); code >= 0) return code;
  benchmark::Initialize(&count, words);
  std::uint64_t packets = 300'000, connections = 8000, bulk_mib = 128;
  std::string tracer =
      (fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "tracer" / "tracer")
          .string();
  for (int i = 1; i < count; ++i) {
    const std::string_view word = words[i];
    if (word.starts_with("--packets="))
      packets = std::max(1000ull, std::strtoull(words[i] + 10, nullptr, 10));
    else if (word.starts_with("--connections="))
      connections = std::max(1ull, std::strtoull(words[i] + 14, nullptr, 10));
    else if (word.starts_with("--bulk="))
      bulk_mib = std::max(1ull, std::strtoull(words[i] + 7, nullptr, 10));
    else if (word.starts_with("--tracer="))
      tracer = words[i] + 9;
    else
      return fmt::print(stderr,
                        "tracer_speed: {}: no such option; there are --packets=N, --connections=N, "
                        "--bulk=MIB, --tracer=PROGRAM and Google Benchmark's\n",
                        word),
             2;
  }
  if (access(tracer.c_str(), X_OK) != 0)
    return fmt::print(stderr, "tracer_speed: {}: not there; build it, or give --tracer=PROGRAM\n",
                      tracer),
           1;
  try {
    const TemporaryFolder folder;
    struct Capture {
      std::string name, path;
      bench::MadeCapture made;
    };
    const auto file = [&](const char* name) { return (folder.path / name).string() + ".pcap"; };
    const std::string self = fs::read_symlink("/proc/self/exe");
    std::vector<Capture> captures;
    try {
      captures.push_back(
          {"http", file("http"), bench::record_http_capture(file("http"), self, connections)});
      captures.push_back(
          {"bulk", file("bulk"), bench::record_bulk_capture(file("bulk"), self, bulk_mib << 20)});
    } catch (const tracer::Failure& failure) {
      fmt::print(stderr, "tracer_speed: no real traffic: {}\n", failure.what());
    }
    captures.push_back(
        {"made_http", file("made_http"), bench::make_http_capture(file("made_http"), packets)});
    captures.push_back(
        {"made_bulk", file("made_bulk"), bench::make_bulk_capture(file("made_bulk"), packets)});
    const std::vector<std::pair<std::string, std::vector<std::string>>> formats{
        {"summary", {"-T", "summary", "-q"}},
        {"fields",
         {"-T", "fields", "-e", "frame.number", "-e", "tcp.seq", "-e", "tcp.analysis.flags"}},
        {"flat", {"-T", "flat"}}};
    for (const auto& [name, path, made] : captures)
      for (const auto& [format, options] : formats)
        benchmark::RegisterBenchmark(fmt::format("tracer/{}/{}", format, name).c_str(),
                                     tracer_speed, Question{tracer, path, options, made.packets})
            ->UseManualTime()
            ->Iterations(6)
            ->Unit(benchmark::kMillisecond);
    for (const auto& [key, value] : bench::machine_context("none: files"))
      benchmark::AddCustomContext(key, value);
    for (const auto& [name, path, made] : captures)
      benchmark::AddCustomContext(name, fmt::format("{} packets, {} connections, {} bytes",
                                                    made.packets, made.connections, made.bytes));
    benchmark::RunSpecifiedBenchmarks();
  } catch (const std::exception& error) {
    return fmt::print(stderr, "tracer_speed: {}\n", error.what()), 1;
  }
  benchmark::Shutdown();
}
