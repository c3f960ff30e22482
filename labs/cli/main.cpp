// wirelab: the labs' one command. Subcommands only; what they do is elsewhere.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "labs/cli/check.hpp"
#include "labs/cli/demo.hpp"
#include "labs/cli/dev_check.hpp"
#include "labs/cli/doctor.hpp"
#include "labs/cli/export.hpp"
#include "labs/cli/grade.hpp"
#include "labs/cli/lab_run.hpp"
#include "labs/cli/lab_serve.hpp"
#include "labs/cli/learn.hpp"
#include "labs/cli/myths.hpp"
#include "labs/cli/watch.hpp"
#include "labs/grader/command_name.hpp"
#include "tracer/bytes/failure.hpp"

namespace {

using tracer::Failure;

/// How to write for whoever is in front of standard output.
tracer::TextStyle terminal_style(const std::string& color, std::size_t width, bool ascii) {
  tracer::TextStyle style;
  style.ascii = ascii;
  const char* no_color = std::getenv("NO_COLOR");
  style.color =
      color == "always" || (color == "auto" && isatty(STDOUT_FILENO) && !(no_color && *no_color));
  winsize size{};
  if (width > 0)
    style.width = width;
  else if (isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    style.width = size.ws_col;
  return style;
}

/// Becomes another program of ours, with the words that follow.
int become(const std::filesystem::path& program, const char* name, int count, char** words) {
  std::vector<char*> arguments{const_cast<char*>(name)};
  arguments.insert(arguments.end(), words, words + count);
  arguments.push_back(nullptr);
  execv(program.c_str(), arguments.data());
  throw Failure(tracer::exit_code::failed, fmt::format("{} is not built here", program.string()),
                "ninja -C build");
}

int run(int count, char** words) {
  cli::Paths paths = cli::Paths::find();
  if (!paths.own_labs.empty()) grader::command_name() = "wirelab";
  if (count > 1 && std::string_view(words[1]) == "trace")
    return become(paths.tracer, "tracer", count - 2, words + 2);
  if (count > 1 && std::string_view(words[1]) == "bench")
    return become(paths.bench, "wirelab-bench", count - 2, words + 2);

  CLI::App app("wirelab: learn network programming on the wire", "wirelab");
  app.set_version_flag("--version", "wirelab " WIRELAB_VERSION);
  std::string color = "auto", demo_out = paths.demo;
  std::size_t width = 0;
  bool ascii = false;
  app.add_option("--color", color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  app.add_option("--width", width, "columns of the ladder")->check(CLI::Range(20, 1000));
  app.add_flag("--ascii", ascii, "no characters beyond ASCII");
  app.fallthrough();

  auto* demo = app.add_subcommand(
      "demo",
      "the tour: a lost segment, a lost datagram, TCP against UDP (also without a subcommand)");
  demo->add_option("--out", demo_out, "folder for the captures")->type_name("DIR");
  auto* list_labs =
      app.add_subcommand("list", "the labs, their scenarios and exercises, and what is done");
  auto* doctor =
      app.add_subcommand("doctor", "what this machine can do, and the remedy for what it cannot");
  app.add_subcommand("trace", "the tracer: wirelab trace --help");
  app.add_subcommand("bench", "benchmarks: wirelab bench --help");

  cli::RunRequest request;
  double seconds = 30;
  auto* run_one =
      app.add_subcommand("run", "run a lab between two hosts and draw what crossed the wire");
  run_one->add_option("LAB", request.lab, "number, name, or both: 01-sockets")->required();
  run_one
      ->add_option("--scenario", request.scenario,
                   "which of the lab's scenarios; the first if not given")
      ->type_name("NAME");
  run_one->add_option("--wire", request.wire, "what the wire does: 'delay 20ms; drop c>s data#3'")
      ->type_name("SCRIPT");
  run_one->add_option("--seed", request.seed, "for loss and jitter")->type_name("N");
  run_one
      ->add_option("--server", request.server,
                   "run this in the server host; {port} is the lab's port")
      ->type_name("COMMAND");
  run_one
      ->add_option("--client", request.client,
                   "run this in the client host; {port} is the server's port")
      ->type_name("COMMAND");
  run_one->add_option("--out", request.out, "keep captures, wire log and record there")
      ->type_name("DIR");
  run_one
      ->add_option("-o", request.report,
                   "to this file: a report in HTML, or what its extension says (.svg, .json, .mmd, "
                   "…); - is standard output")
      ->type_name("FILE");
  run_one->add_flag(
      "--serve", request.serve,
      "a page on 127.0.0.1 that draws the ladder live, and runs the lab again and again");
  run_one->add_option("-T", request.format, "another format than the ladder, as in tracer")
      ->type_name("FORMAT");
  run_one
      ->add_option("--figure", request.figure,
                   "draw it to LAB/figures/NAME.svg, for the lab's README")
      ->type_name("NAME");
  run_one->add_option("--congestion", request.congestion, "TCP congestion control")
      ->type_name("NAME");
  run_one->add_option("--time-limit", seconds, "end the programs after so many seconds")
      ->type_name("SECONDS")
      ->check(CLI::Range(0.1, 3600.0));
  run_one->add_flag("--ipv6", request.ipv6, "names stand for IPv6 addresses first");
  cli::CheckRequest checked;
  auto* check =
      app.add_subcommand("check", "build an exercise, run it, and judge what it put on the wire");
  check->add_option("LAB", checked.lab, "number, name, or both: 01-sockets")->required();
  check->add_option("EXERCISE", checked.exercise, "which; all of the lab's if not given");
  check->add_flag("--solution", checked.solution, "judge the reference instead of yours");
  check->add_option("--file", checked.source, "judge this source instead of the one in exercise/")
      ->type_name("FILE");
  check
      ->add_option("--server", checked.server,
                   "judge this command as the server; {port} is the lab's port")
      ->type_name("COMMAND");
  check
      ->add_option("--client", checked.client,
                   "judge this command as the client; {port} is the server's port")
      ->type_name("COMMAND");
  check->add_option("--seed", checked.seed, "for loss, jitter and peers")->type_name("N");
  check->add_option("--times", checked.times, "run it so often, each time with the next seed")
      ->type_name("N")
      ->check(CLI::Range(1, 100'000));
  auto* watch = app.add_subcommand("watch", "check an exercise whenever its file is saved");
  watch->add_option("LAB", checked.lab,
                    "number, name, or both; the first that is not done if not given");
  watch->add_option("EXERCISE", checked.exercise, "which");
  std::string lab_name, exercise_name;
  const auto of_exercise = [&](CLI::App* command) {
    command->add_option("LAB", lab_name, "number, name, or both: 01-sockets")->required();
    command->add_option("EXERCISE", exercise_name, "which of the lab's exercises");
    return command;
  };
  auto* hint = of_exercise(app.add_subcommand("hint", "one more hint for what failed last"));
  auto* reset =
      of_exercise(app.add_subcommand("reset", "bring the starter back; yours is kept beside it"));
  auto* progress = app.add_subcommand("progress", "what is done, and what failed last");
  unsigned replayed = 0;
  std::optional<unsigned> packet;
  auto* replay =
      app.add_subcommand("replay", "an earlier run again: its rules, its ladder, its packets");
  replay->add_option("RUN", replayed, "its number; the latest if not given");
  replay->add_option("--packet", packet, "this packet's bytes, and the ladder around it")
      ->type_name("N");
  auto* myths = app.add_subcommand("myths", "what people believe, decided on this machine");
  myths->add_option("LAB", lab_name, "of one lab only");
  auto* dev = app.add_subcommand("dev", "for those who write labs");
  dev->require_subcommand(1);
  cli::DevCheck dev_checked;
  auto* dev_check = dev->add_subcommand(
      "check", "starters fail, references pass, wrong solutions fail by their rule");
  dev_check->add_option("LAB", dev_checked.labs, "of these labs only");
  dev_check->add_option("--only", dev_checked.only, "of these only: starters, references, wrong")
      ->type_name("KIND")
      ->check(CLI::IsMember({"starters", "references", "wrong"}));
  dev_check->add_option("--seeds", dev_checked.seeds, "try each with so many seeds")
      ->type_name("N")
      ->check(CLI::Range(1, 10'000));
  dev_check
      ->add_option("--jobs", dev_checked.jobs, "so many at a time; two a processor if not given")
      ->type_name("N")
      ->check(CLI::Range(1, 1000));
  check->add_flag("--all", checked.all,
                  "tell the story of every rule that fails, not only of the first");
  cli::GradeRequest graded;
  auto* grade = cli::add_grade(app, graded);
  cli::ExportRequest exported;
  auto* export_labs = cli::add_export(app, exported);
  app.require_subcommand(0, 1);
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);
    throw Failure(tracer::exit_code::usage, error.what(), "wirelab --help");
  }
  const tracer::TextStyle style = terminal_style(color, width, ascii);
  if (*check || *watch || *hint || *reset || (*grade && graded.what.size() < 2))
    paths.use_own_labs();
  if (*list_labs || *check || *watch || *hint || *progress || *reset) cli::keep_starters(paths);
  if (*list_labs) return cli::list(paths, style);
  if (*grade) {
    graded.style = style;
    return cli::grade(paths, graded);
  }
  if (*export_labs) return cli::export_labs(paths, exported);
  if (*hint) return cli::hint(paths, lab_name, exercise_name, style);
  if (*reset) return cli::reset(paths, lab_name, exercise_name);
  if (*progress) return cli::progress(paths, style);
  if (*replay) return cli::replay(paths, replayed, packet, style);
  if (*myths) return cli::myths(paths, lab_name, style);
  if (*dev_check) return cli::dev_check(paths, dev_checked, style);
  checked.style = style;
  if (*watch) return cli::watch(paths, checked);
  if (*doctor) return cli::doctor(style);
  if (*check) return cli::check(paths, checked);
  if (*run_one) {
    request.style = style;
    request.time_limit = std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
    const std::string extension = std::filesystem::path(request.report).extension();
    if (!request.format.empty() ? request.format != "html"
                                : !extension.empty() && extension != ".html" && extension != ".htm")
      request.drawing = std::exchange(request.report, {});
    if (request.format == "html") {  // here, where the run is known, and not by the tracer
      if (request.report.empty()) request.report = "-";
      request.format.clear();
    }
    return request.serve ? cli::serve_lab(paths, request) : cli::run_lab(paths, request);
  }
  return cli::demo(paths, demo_out, style);
}

}  // namespace

int main(int count, char** words) {
  signal(SIGPIPE, SIG_IGN);
  try {
    return run(count, words);
  } catch (const Failure& failure) {
    std::fflush(stdout);
    fmt::print(stderr, "wirelab: {}\n", failure.what());
    if (!failure.hint.empty()) fmt::print(stderr, "hint: {}\n", failure.hint);
    return failure.code;
  } catch (const std::system_error& error) {  // of fmt: standard output is closed, as by `| head`
    if (error.code().value() == EPIPE) _exit(tracer::exit_code::done);
    fmt::print(stderr, "wirelab: standard output: {}\n", error.code().message());
    return tracer::exit_code::failed;
  }
}
