#include "labs/grader/notebook.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "labs/grader/trial.hpp"
#include "labs/support/fd.hpp"
#include "tracer/bytes/failure.hpp"

namespace grader {
namespace {

namespace fs = std::filesystem;
using tracer::Failure;

constexpr const char* heading =
    "# What was done in this clone; `wirelab progress` shows it. Delete this file to begin anew.";

unsigned number(const std::string& text) {
  unsigned value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void take(Entry& entry, const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos) return;
  const std::string key = word.substr(0, equals), value = word.substr(equals + 1);
  if (key == "tries")
    entry.tries = number(value);
  else if (key == "run")
    entry.run = number(value);
  else if (key == "done")
    entry.done = value;
  else if (key == "failing")
    entry.failing = value;
  else if (key.starts_with("hint:"))
    entry.hints[key.substr(5)] = number(value);
}

}  // namespace

Notebook::Notebook(fs::path folder) : folder_(std::move(folder)) { read(); }

void Notebook::read() {
  runs_ = 0;
  entries_.clear();
  rest_.clear();
  std::ifstream file(folder_ / "progress");
  for (std::string line; std::getline(file, line);) {
    if (line == heading || line.empty()) continue;
    std::istringstream words(line);
    std::string word;
    words >> word;
    if (word.starts_with("runs=")) {
      runs_ = number(word.substr(5));
    } else if (word.find('/') == std::string::npos) {
      rest_ += line + "\n";
    } else {
      Entry& entry = entries_[word];
      while (words >> word) take(entry, word);
    }
  }
}

void Notebook::update(const std::function<void()>& change) {
  std::error_code error;
  fs::create_directories(folder_, error);
  const Fd turn(open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  while (flock(turn, LOCK_EX) != 0 && errno == EINTR) {
  }
  read();
  change();
  write();
}

void Notebook::write() const {
  const fs::path file = folder_ / "progress",
                 fresh = folder_ / fmt::format("progress.{}", getpid());
  {
    std::ofstream out(fresh);
    out << heading << "\nruns=" << runs_ << "\n";
    for (const auto& [name, entry] : entries_) {
      out << name << " tries=" << entry.tries;
      if (entry.run) out << " run=" << entry.run;
      if (!entry.done.empty()) out << " done=" << entry.done;
      if (!entry.failing.empty()) out << " failing=" << entry.failing;
      for (const auto& [rule, count] : entry.hints) out << " hint:" << rule << "=" << count;
      out << "\n";
    }
    out << rest_;
    if (!out.flush())
      throw Failure(tracer::exit_code::failed, folder_.string() + ": cannot be written",
                    "progress is kept there; make it writable");
  }
  fs::rename(fresh, file);  // whole or not at all
}

fs::path Notebook::run_file(unsigned run, const char* extension) const {
  return folder_ / "runs" / fmt::format("{}{}", run, extension);
}

unsigned Notebook::keep(RunRecord& record, const Trace* trace) {
  unsigned run = 0;
  update([&] { run = ++runs_; });
  std::error_code error;
  fs::create_directories(folder_ / "runs", error);
  if (trace) {
    record.trace = run_file(run, ".pcapng");
    write_trace(record.trace, *trace);
  }
  std::ofstream file(run_file(run, ".json"));
  file << to_json(record).dump(1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
  if (!file.flush())
    throw Failure(tracer::exit_code::failed, folder_.string() + ": cannot be written",
                  "runs are kept there; make it writable");
  if (run > most_runs)
    for (const char* extension : {".json", ".pcapng"})
      fs::remove(run_file(run - most_runs, extension), error);
  return run;
}

RunRecord Notebook::run(unsigned wanted) const {
  const unsigned run = wanted ? wanted : runs_;
  std::ifstream file(run_file(run, ".json"));
  if (!file)
    throw Failure(
        tracer::exit_code::usage,
        run ? fmt::format("run {} is not kept here", run) : std::string("there was no run yet"),
        fmt::format("the last {} runs of `wirelab check` are kept", most_runs));
  try {
    return record_from_json(nlohmann::ordered_json::parse(file));
  } catch (const nlohmann::json::exception& broken) {
    throw Failure(tracer::exit_code::failed,
                  fmt::format("run {} cannot be read: {}", run, broken.what()));
  }
}

}  // namespace grader
