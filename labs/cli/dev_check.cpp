#include "labs/cli/dev_check.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <deque>
#include <list>
#include <thread>

#include "labs/grader/lab_check.hpp"
#include "labs/support/fd.hpp"
#include "tracer/bytes/failure.hpp"

namespace cli {
namespace {

using grader::LabFile;
using grader::LabJob;
using tracer::Failure;
using tracer::Role;
using Clock = std::chrono::steady_clock;

/// A process that carries out one job and says what is wrong.
struct Worker {
  const LabFile* lab;
  LabJob job;
  pid_t process;
  Fd said_by_it;
  std::string said;
  Clock::time_point since = Clock::now();
};

class Workshop {
 public:
  Workshop(const Paths& paths, unsigned seeds, const tracer::TextStyle& style)
      : places_{paths.root, paths.programs, paths.state / "build"}, seeds_(seeds), style_(style) {}

  void add(const LabFile& lab, const std::string& only) {
    for (const LabJob& job : grader::jobs_of(lab))
      if (only.empty() || only == kind_name(job.kind)) waiting_.emplace_back(&lab, job);
  }

  void work(unsigned at_a_time) {
    while (!waiting_.empty() || !workers_.empty()) {
      while (!waiting_.empty() && workers_.size() < at_a_time) {
        start(*waiting_.front().first, waiting_.front().second);
        waiting_.pop_front();
      }
      listen();
    }
  }

  /// A rule that no wrong solution is known to fail may be one that nothing can fail.
  void lacks(const LabFile& lab, const std::string& rule) {
    ++failed_;
    fmt::print("{} {} {}: no wrong solution fails by it\n", style_.paint("FAIL", Role::lost),
               lab.name, rule);
  }

  std::size_t passed() const { return passed_; }
  std::size_t failed() const { return failed_; }

 private:
  void start(const LabFile& lab, const LabJob& job) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
      throw Failure(tracer::exit_code::failed, fmt::format("pipe: {}", std::strerror(errno)));
    Fd read_end(ends[0]);
    const Fd write_end(ends[1]);
    std::fflush(nullptr);
    const pid_t child = fork();
    if (child < 0)
      throw Failure(tracer::exit_code::failed, fmt::format("fork: {}", std::strerror(errno)));
    if (child == 0) _exit(carry_out(lab, job, write_end));
    workers_.push_back({&lab, job, child, std::move(read_end), {}});
  }

  /// In the child: what it found goes to `to`. On success that is how often it had to try again.
  int carry_out(const LabFile& lab, const LabJob& job, int to) const {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    std::string text;
    int code = 1;
    try {
      const grader::LabFinding found = grader::carry_out(lab, job, seeds_, places_);
      text = fmt::format("{}", fmt::join(found.problems, "\n"));
      code = found.problems.empty() ? 0 : 1;
      if (code == 0 && found.inconclusive > 0)
        text = fmt::format(", {} inconclusive run{} made again", found.inconclusive,
                           found.inconclusive == 1 ? "" : "s");
    } catch (const std::exception& error) {
      text = error.what();
    }
    for (std::size_t at = 0; at < text.size();) {
      const ssize_t put = write(to, text.data() + at, text.size() - at);
      if (put <= 0) break;
      at += static_cast<std::size_t>(put);
    }
    return code;
  }

  void listen() {
    std::vector<pollfd> ready;
    for (const Worker& one : workers_) ready.push_back({one.said_by_it, POLLIN, 0});
    poll(ready.data(), ready.size(), -1);
    std::size_t i = 0;
    for (auto one = workers_.begin(); one != workers_.end(); ++i) {
      std::array<char, 4096> buffer;
      const ssize_t got =
          ready[i].revents ? read(one->said_by_it, buffer.data(), buffer.size()) : -1;
      if (got > 0) one->said.append(buffer.data(), static_cast<std::size_t>(got));
      if (got != 0) {
        ++one;
        continue;
      }
      report(*one);
      one = workers_.erase(one);
    }
  }

  void report(const Worker& one) {
    int status = 0;
    while (waitpid(one.process, &status, 0) < 0 && errno == EINTR) {
    }
    const bool good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    ++(good ? passed_ : failed_);
    fmt::print("{} {} {} ({:.1f} s{})\n",
               style_.paint(good ? "ok  " : "FAIL", good ? Role::good : Role::lost), one.lab->name,
               one.job.name(*one.lab),
               std::chrono::duration<double>(Clock::now() - one.since).count(),
               good ? one.said : "");
    if (!good)
      fmt::print("{}\n", WIFSIGNALED(status)
                             ? fmt::format("     died of signal {}", WTERMSIG(status))
                             : indented(one.said));
    std::fflush(stdout);
  }

  static std::string_view kind_name(LabJob::Kind kind) {
    switch (kind) {
      case LabJob::Kind::starter: return "starters";
      case LabJob::Kind::reference: return "references";
      case LabJob::Kind::wrong: return "wrong";
    }
    return "";
  }

  static std::string indented(const std::string& text) {
    std::string out = "     ";
    for (const char c : text) out += c == '\n' ? std::string("\n     ") : std::string(1, c);
    return out;
  }

  grader::Places places_;
  unsigned seeds_;
  const tracer::TextStyle& style_;
  std::deque<std::pair<const LabFile*, LabJob>> waiting_;
  std::list<Worker> workers_;
  std::size_t passed_ = 0, failed_ = 0;
};

}  // namespace

int dev_check(const Paths& paths, const DevCheck& request, const tracer::TextStyle& style) {
  std::list<LabFile> labs;  // workers point into it
  if (request.labs.empty())
    for (const auto& folder : grader::find_labs(paths.labs))
      labs.push_back(grader::read_lab_file(folder));
  for (const std::string& name : request.labs)
    labs.push_back(grader::read_lab_file(grader::find_lab(paths.labs, name)));
  Workshop workshop(paths, request.seeds, style);
  for (const LabFile& lab : labs) workshop.add(lab, request.only);
  // Half of them wait for something.
  workshop.work(request.jobs ? request.jobs
                             : 2 * std::max(1u, std::thread::hardware_concurrency()));
  if (request.only.empty() || request.only == "wrong")
    for (const LabFile& lab : labs)
      for (const std::string& missing : grader::rules_without_wrong_solution(lab))
        workshop.lacks(lab, missing);
  fmt::print("{} passed, {} failed\n", workshop.passed(), workshop.failed());
  if (workshop.passed() + workshop.failed() == 0)
    throw Failure(tracer::exit_code::failed, "no lab has an exercise: nothing was checked");
  return workshop.failed() ? tracer::exit_code::failed : tracer::exit_code::done;
}

}  // namespace cli
