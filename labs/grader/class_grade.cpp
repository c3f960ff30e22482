#include "labs/grader/class_grade.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <list>
#include <nlohmann/json.hpp>
#include <thread>

#include "tracer/bytes/failure.hpp"

namespace grader {
namespace {

namespace fs = std::filesystem;
using tracer::Failure;
using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

struct Piece {
  std::size_t who, task;
};

/// A process that grades one piece, and what it has said so far.
struct Worker {
  Piece piece;
  pid_t pid;
  Fd said;
  fs::path folder;
  Clock::time_point deadline;
  std::string text;
};

class Grading {
 public:
  Grading(const ClassPlan& plan, Journal& journal, const ClassSetting& setting)
      : plan_(plan), journal_(journal), setting_(setting) {
    sigset_t mask;
    sigemptyset(&mask);
    for (const int one : {SIGINT, SIGTERM}) sigaddset(&mask, one);
    sigprocmask(SIG_BLOCK, &mask, &before_);
    interrupts_ = Fd(signalfd(-1, &mask, SFD_CLOEXEC | SFD_NONBLOCK));
  }
  ~Grading() {
    for (const Worker& one : workers_) kill(one.pid, SIGKILL);
    for (const Worker& one : workers_) waitpid(one.pid, nullptr, 0);
    std::error_code error;
    fs::remove_all(setting_.places.work, error);
    sigprocmask(SIG_SETMASK, &before_, nullptr);
  }
  Grading(const Grading&) = delete;
  Grading& operator=(const Grading&) = delete;

  std::vector<SubmissionGrade> run() {
    clear();
    fs::create_directories(setting_.places.work / "cache");
    for (std::size_t who = 0; who < plan_.all.size(); ++who) {
      missing_.push_back(plan_.all[who].tasks.size());
      for (std::size_t task = 0; task < plan_.all[who].tasks.size(); ++task) {
        if (graded({who, task}))
          --missing_[who];
        else
          pieces_.push_back({who, task});
      }
      if (missing_[who] == 0) tell(who);
    }
    while (!pieces_.empty() || !workers_.empty()) {
      while (!pieces_.empty() && workers_.size() < setting_.jobs) start();
      wait();
    }
    std::vector<SubmissionGrade> grades;
    for (std::size_t who = 0; who < plan_.all.size(); ++who) grades.push_back(of(who));
    return grades;
  }

 private:
  const LabFile& lab(const Piece& piece) const {
    return plan_.labs.at(plan_.all[piece.who].tasks[piece.task].lab);
  }
  const Task& task(const Piece& piece) const { return plan_.all[piece.who].tasks[piece.task]; }
  const ExerciseGrade* graded(const Piece& piece) const {
    const HandedIn& by = plan_.all[piece.who];
    return journal_.find(by.name, by.digest, lab(piece).name,
                         lab(piece).exercises[task(piece).exercise].name);
  }

  /// What a killed run left. Its compilers may be writing still for a moment.
  void clear() const {
    for (int attempt = 0;; ++attempt) {
      std::error_code error;
      fs::remove_all(setting_.places.work, error);
      if (!error) return;
      if (attempt == 50)
        throw Failure(tracer::exit_code::failed,
                      fmt::format("{}: {}", setting_.places.work.string(), error.message()),
                      "an earlier grading left it: remove it");
      std::this_thread::sleep_for(100ms);
    }
  }

  SubmissionGrade of(std::size_t who) const {
    SubmissionGrade grade{plan_.all[who].name, {}};
    for (std::size_t i = 0; i < plan_.all[who].tasks.size(); ++i)
      grade.exercises.push_back(*graded({who, i}));
    return grade;
  }

  void tell(std::size_t who) {
    ++done_;
    if (setting_.heard) setting_.heard(of(who), done_, plan_.all.size());
  }

  void finish(const Piece& piece, const ExerciseGrade& grade) {
    journal_.add(plan_.all[piece.who].name, plan_.all[piece.who].digest, grade);
    if (--missing_[piece.who] == 0) tell(piece.who);
  }

  Clock::duration patience(const Piece& piece) const {
    Clock::duration time = 180s;  // to build it, with a margin for machines that are busy
    for (const std::string& name : lab(piece).exercises[task(piece).exercise].scenarios)
      time += std::chrono::seconds(30 + 2 * lab(piece).scenario(name).time_limit);
    return time;
  }

  void start() {
    const Piece piece = pieces_.front();
    pieces_.pop_front();
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
      throw Failure(tracer::exit_code::failed, fmt::format("pipe: {}", std::strerror(errno)));
    Fd read_end(ends[0]), write_end(ends[1]);
    const fs::path folder = setting_.places.work / fmt::format("{}", ++started_);
    const pid_t parent = getpid(), child = fork();
    if (child < 0)
      throw Failure(tracer::exit_code::failed, fmt::format("fork: {}", std::strerror(errno)));
    if (child == 0) {
      prctl(PR_SET_PDEATHSIG, SIGKILL);
      if (getppid() != parent) _exit(1);
      setpgid(0, 0);  // a terminal's ^C is for the process in front, which ends us
      sigprocmask(SIG_SETMASK, &before_, nullptr);
      grade_one(piece, folder, write_end);
    }
    workers_.push_back(
        {piece, child, std::move(read_end), folder, Clock::now() + patience(piece), {}});
  }

  [[noreturn]] void grade_one(const Piece& piece, const fs::path& folder, int out) const {
    ExerciseGrade grade = without_run(lab(piece), task(piece), Verdict::inconclusive, "");
    WorkPlaces places = setting_.places;
    places.work = folder;
    try {
      fs::create_directories(folder);
      grade = grade_work(lab(piece), task(piece), plan_.all[piece.who], places, setting_.seed);
    } catch (const std::exception& error) {
      grade.because = error.what();
    }
    const std::string text = to_json(SubmissionGrade{"", {grade}}, Verbosity::full)
                                 .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
    for (std::size_t at = 0; at < text.size();) {
      const ssize_t wrote = write(out, text.data() + at, text.size() - at);
      if (wrote < 0 && errno != EINTR) _exit(1);
      at += wrote > 0 ? static_cast<std::size_t>(wrote) : 0;
    }
    _exit(0);
  }

  void wait() {
    std::vector<pollfd> ready{{interrupts_, POLLIN, 0}};
    for (const Worker& one : workers_) ready.push_back({one.said, POLLIN, 0});
    poll(ready.data(), ready.size(), 500);
    if (ready[0].revents)
      throw Failure(
          tracer::exit_code::interrupted,
          fmt::format("interrupted: {} of {} submissions are graded", done_, plan_.all.size()),
          "the same command goes on where this one stopped");
    std::size_t i = 1;
    for (auto one = workers_.begin(); one != workers_.end(); ++i) {
      const bool late = Clock::now() > one->deadline;
      if (late) kill(one->pid, SIGKILL);
      if ((ready[i].revents && !hear(*one)) || late) {
        conclude(*one, late);
        one = workers_.erase(one);
      } else {
        ++one;
      }
    }
  }

  /// False when it has said all.
  static bool hear(Worker& worker) {
    std::array<char, 65'536> buffer;
    const ssize_t got = read(worker.said, buffer.data(), buffer.size());
    if (got > 0) worker.text.append(buffer.data(), static_cast<std::size_t>(got));
    return got > 0 || (got < 0 && errno == EINTR);
  }

  void conclude(const Worker& worker, bool late) {
    int status = 0;
    waitpid(worker.pid, &status, 0);
    std::error_code error;
    fs::remove_all(worker.folder, error);
    const nlohmann::ordered_json json = nlohmann::ordered_json::parse(worker.text, nullptr, false);
    if (!late && status == 0 && !json.is_discarded())
      return finish(worker.piece, submission_from_json(json).exercises.at(0));
    finish(worker.piece,
           without_run(lab(worker.piece), task(worker.piece), Verdict::inconclusive,
                       late ? "the grader stood still"
                       : WIFSIGNALED(status)
                           ? fmt::format("the grader died of signal {}", WTERMSIG(status))
                           : std::string("the grader failed")));
  }

  const ClassPlan& plan_;
  Journal& journal_;
  const ClassSetting& setting_;
  std::list<Piece> pieces_;
  std::list<Worker> workers_;
  std::vector<std::size_t> missing_;
  std::size_t done_ = 0, started_ = 0;
  sigset_t before_{};
  Fd interrupts_;
};

}  // namespace

std::vector<SubmissionGrade> grade_class(const ClassPlan& plan, Journal& journal,
                                         const ClassSetting& setting) {
  return Grading(plan, journal, setting).run();
}

}  // namespace grader
