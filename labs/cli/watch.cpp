#include "labs/cli/watch.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <sys/inotify.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <optional>
#include <vector>

#include "labs/cli/learn.hpp"
#include "labs/grader/attempt.hpp"
#include "labs/grader/lab_file.hpp"
#include "labs/grader/notebook.hpp"
#include "labs/support/fd.hpp"
#include "tracer/bytes/failure.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;
using tracer::Failure;

/// One key at a time, unseen, for as long as this lives; nothing where standard input is no terminal.
class Keys {
 public:
  Keys() : terminal_(isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before_) == 0) {
    if (!terminal_) return;
    termios quick = before_;
    quick.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    tcsetattr(STDIN_FILENO, TCSANOW, &quick);
  }
  ~Keys() {
    if (terminal_) tcsetattr(STDIN_FILENO, TCSANOW, &before_);
  }
  Keys(const Keys&) = delete;
  Keys& operator=(const Keys&) = delete;
  bool terminal() const { return terminal_; }

 private:
  termios before_{};
  bool terminal_;
};

/// Says when a file was saved. Editors write a new file and rename it, so its folder is watched.
class SavedFile {
 public:
  explicit SavedFile(const fs::path& file)
      : file_(file), events_(inotify_init1(IN_NONBLOCK | IN_CLOEXEC)), last_(state()) {
    const char* poll_only = std::getenv("WIRELAB_POLL");
    if (events_ >= 0 &&
        (poll_only || inotify_add_watch(events_, file.parent_path().c_str(),
                                        IN_CLOSE_WRITE | IN_MOVED_TO | IN_CREATE | IN_DELETE) < 0))
      events_ = Fd();
  }
  int descriptor() const { return events_; }
  /// Since the last call.
  bool saved() {
    std::array<char, 4096> buffer;
    while (events_ >= 0 && read(events_, buffer.data(), buffer.size()) > 0) {
    }
    const auto now = state();
    if (now == last_ || !now) return false;  // in between there may be no file
    last_ = now;
    return true;
  }

 private:
  using State = std::optional<std::pair<fs::file_time_type, std::uintmax_t>>;
  State state() const {
    std::error_code error;
    const auto time = fs::last_write_time(file_, error);
    if (error) return std::nullopt;
    const auto size = fs::file_size(file_, error);
    return error ? State{} : State{{time, size}};
  }

  fs::path file_;
  Fd events_;
  State last_;
};

struct Target {
  std::string lab, exercise;
  fs::path file;
  std::optional<grader::CompileJob> job;  // of a C++ source
};

Target target(const Paths& paths, const grader::LabFile& lab, const grader::Exercise& one,
              bool color) {
  Target made{lab.name, one.name, lab.folder / "exercise" / one.answers, {}};
  if (!one.answers.empty()) return made;
  made.file = grader::learners_file(lab, one);
  if (made.file.extension() == ".cpp")
    made.job = grader::compile_job(lab, one, made.file, "exercise",
                                   {paths.root, paths.programs, paths.state / "build"}, color);
  return made;
}

std::vector<Target> exercises(const Paths& paths, const CheckRequest& request) {
  std::vector<Target> all;
  for (const auto& folder : request.lab.empty()
                                ? grader::find_labs(paths.labs)
                                : std::vector{grader::find_lab(paths.labs, request.lab)}) {
    const grader::LabFile lab = grader::read_lab_file(folder);
    for (const grader::Exercise& one : lab.exercises)
      if (request.exercise.empty() || one.name == request.exercise)
        all.push_back(target(paths, lab, one, request.style.color));
    if (!request.exercise.empty()) lab.exercise(request.exercise);
  }
  if (all.empty())
    throw Failure(tracer::exit_code::usage, "there is no exercise to watch",
                  "wirelab list shows the labs that have some");
  return all;
}

std::size_t first_open(const Paths& paths, const std::vector<Target>& all) {
  grader::Notebook notebook(paths.state);
  for (std::size_t i = 0; i < all.size(); ++i)
    if (notebook.entry(all[i].lab, all[i].exercise).done.empty()) return i;
  return 0;
}

volatile std::sig_atomic_t asked_to_end = 0;

enum class Next { again, hint, next, end };

/// Waits for a save, a key or a signal.
Next wait(SavedFile& file, bool keys) {
  while (!asked_to_end) {
    if (file.saved()) return Next::again;
    std::array<pollfd, 2> ready{
        {{file.descriptor(), POLLIN, 0}, {keys ? STDIN_FILENO : -1, POLLIN, 0}}};
    poll(ready.data(), ready.size(), file.descriptor() < 0 ? 200 : 1000);
    if (!(ready[1].revents & POLLIN)) continue;
    char key = 0;
    if (read(STDIN_FILENO, &key, 1) != 1) return Next::end;
    if (key == '\n' || key == '\r' || key == 'r' || key == ' ') return Next::again;
    if (key == 'h') return Next::hint;
    if (key == 'n') return Next::next;
    if (key == 'q' || key == 4) return Next::end;
  }
  return Next::end;
}

void check_once(const Paths& paths, const CheckRequest& request) {
  try {
    check(paths, request);
  } catch (const Failure& failure) {
    if (failure.code == tracer::exit_code::interrupted) {
      asked_to_end = 1;
      return;
    }
    fmt::print("{}\n", failure.what());
    if (!failure.hint.empty()) fmt::print("hint: {}\n", failure.hint);
  }
}

}  // namespace

int watch(const Paths& paths, CheckRequest request) {
  const auto all = exercises(paths, request);
  std::size_t at = first_open(paths, all);
  struct sigaction action {};
  action.sa_handler = [](int) { asked_to_end = 1; };
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
  const Keys keys;
  while (!asked_to_end) {
    request.lab = all[at].lab;
    request.exercise = all[at].exercise;
    SavedFile file(all[at].file);
    for (Next next = Next::again; next != Next::next; next = wait(file, keys.terminal())) {
      if (next == Next::end) return tracer::exit_code::done;
      if (next == Next::hint) hint(paths, request.lab, request.exercise, request.style);
      if (next == Next::again && keys.terminal()) fmt::print("\x1b[2J\x1b[3J\x1b[H");
      if (next == Next::again) check_once(paths, request);
      const bool warm = next == Next::again && all[at].job;
      fmt::print("\n{}\n",
                 request.style.paint(
                     fmt::format("watching {}{}", fs::proximate(all[at].file).string(),
                                 keys.terminal() ? "   [Enter] again  [h]int  [n]ext  [q]uit" : ""),
                     tracer::Role::faint));
      std::fflush(stdout);
      if (warm) grader::precompile_includes(*all[at].job);
    }
    at = (at + 1) % all.size();
  }
  return tracer::exit_code::done;
}

}  // namespace cli
