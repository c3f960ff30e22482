#include "labs/cli/learn.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "labs/grader/attempt.hpp"
#include "labs/grader/lab_file.hpp"
#include "labs/grader/notebook.hpp"
#include "labs/grader/report_text.hpp"
#include "tracer/bytes/failure.hpp"

namespace cli {
namespace {

namespace fs = std::filesystem;
using grader::Entry;
using grader::Exercise;
using grader::LabFile;
using grader::Notebook;
using tracer::Failure;
using tracer::Role;
using tracer::TextStyle;

std::string mark(const Entry& entry, const TextStyle& style) {
  if (!entry.done.empty()) return style.paint(style.ascii ? "x" : "✓", Role::good);
  return entry.tries > 0 ? style.paint(style.ascii ? "-" : "…", Role::warning)
         : style.ascii   ? "."
                         : "·";
}

/// The file that the learner edits.
fs::path edited(const LabFile& lab, const Exercise& exercise) {
  const fs::path folder = lab.folder / "exercise";
  return folder / (exercise.answers.empty() ? exercise.program + ".cpp" : exercise.answers);
}

fs::path starter(const Paths& paths, const LabFile& lab, const Exercise& exercise) {
  return paths.state / "starters" / lab.name / edited(lab, exercise).filename();
}

struct Hints {
  std::string id, demand;
  std::vector<std::string> list;
};

/// All rules of an exercise that have hints, in order.
std::vector<Hints> hints_of(const LabFile& lab, const Exercise& exercise) {
  std::vector<Hints> all;
  for (const std::string& name : exercise.scenarios)
    for (const grader::Rule& rule : lab.scenario(name).rules)
      if (!rule.hints.empty() && !rule.hidden) all.push_back({rule.id, rule.why, rule.hints});
  for (const grader::Question& one : exercise.questions)
    if (!one.hints.empty()) all.push_back({one.id, one.ask, one.hints});
  return all;
}

/// The name, and beside it what it is about, on as many lines as that takes.
void print_scenario(const grader::Scenario& one, std::size_t column, const TextStyle& style) {
  const std::size_t indent = 4 + column + 2;
  if (style.width < indent + 20) {  // too narrow for two columns
    fmt::print("    {}\n",
               tracer::clipped(one.name, style.width - std::min<std::size_t>(style.width, 4),
                               style.ascii));
    return;
  }
  std::string line = fmt::format("    {:<{}} ", one.name, column);
  for (std::size_t at = 0; (at = one.about.find_first_not_of(' ', at)) != std::string::npos;) {
    const std::size_t end = std::min(one.about.find(' ', at), one.about.size());
    const std::string word = one.about.substr(at, end - at);
    if (tracer::width(line) > indent &&
        tracer::width(line) + 1 + tracer::width(word) > style.width) {
      fmt::print("{}\n", line);
      line.assign(indent - 1, ' ');
    }
    line.append(" ").append(word);
    at = end;
  }
  fmt::print("{}\n", line);
}

}  // namespace

int list(const Paths& paths, const TextStyle& style) {
  Notebook notebook(paths.state);
  for (const auto& folder : grader::find_labs(paths.labs)) {
    const LabFile lab = grader::read_lab_file(folder);
    fmt::print("{}\n", tracer::clipped(fmt::format("{:<14} {}", lab.name, lab.title), style.width,
                                       style.ascii));
    std::size_t column = 16;
    for (const grader::Scenario& one : lab.scenarios) column = std::max(column, one.name.size());
    for (const grader::Scenario& one : lab.scenarios) print_scenario(one, column, style);
    for (const Exercise& one : lab.exercises) {
      const Entry& entry = notebook.entry(lab.name, one.name);
      fmt::print("  {} {}\n", mark(entry, style),
                 tracer::clipped(fmt::format("exercise {}: {}", one.name, one.task),
                                 style.width > 4 ? style.width - 4 : 1, style.ascii));
    }
  }
  return tracer::exit_code::done;
}

int progress(const Paths& paths, const TextStyle& style) {
  Notebook notebook(paths.state);
  std::size_t done = 0, all = 0;
  for (const auto& folder : grader::find_labs(paths.labs)) {
    const LabFile lab = grader::read_lab_file(folder);
    for (const Exercise& one : lab.exercises) {
      const Entry& entry = notebook.entry(lab.name, one.name);
      ++all;
      done += !entry.done.empty();
      std::string state = "not tried";
      if (entry.tries > 0)
        state = fmt::format("{} {}", entry.tries, entry.tries == 1 ? "try" : "tries");
      if (!entry.done.empty())
        state += ", done on " + entry.done;
      else if (!entry.failing.empty())
        state += ", fails by " + entry.failing;
      fmt::print("{} {:<14} {:<20} {}\n", mark(entry, style), lab.name, one.name, state);
    }
  }
  fmt::print("{} of {} exercises done\n", done, all);
  return tracer::exit_code::done;
}

int hint(const Paths& paths, const std::string& name, const std::string& exercise_name,
         const TextStyle& style) {
  const LabFile lab = grader::read_lab_file(grader::find_lab(paths.labs, name));
  Notebook notebook(paths.state);
  const Exercise* exercise = &lab.exercise(exercise_name);
  if (exercise_name.empty())  // the first that is still to be done
    for (const Exercise& one : lab.exercises)
      if (notebook.entry(lab.name, one.name).done.empty()) {
        exercise = &one;
        break;
      }
  const std::string failing = notebook.entry(lab.name, exercise->name).failing;
  const auto all = hints_of(lab, *exercise);
  if (all.empty())
    throw Failure(tracer::exit_code::usage,
                  fmt::format("{} · {} has no hints", lab.name, exercise->name),
                  "its README says what to read");
  auto rule = std::ranges::find_if(all, [&](const Hints& one) { return one.id == failing; });
  const bool failed = rule != all.end();
  if (!failed) rule = all.begin();
  unsigned shown = 0;
  notebook.update([&] {
    unsigned& count = notebook.entry(lab.name, exercise->name).hints[rule->id];
    shown = count = std::min<unsigned>(count + 1, static_cast<unsigned>(rule->list.size()));
  });
  fmt::print("{}\n", style.paint(fmt::format("{} {} {} {} {}", lab.name, style.ascii ? "-" : "·",
                                             exercise->name, style.ascii ? "-" : "·", rule->id),
                                 Role::heading));
  if (!failed)
    fmt::print("{}",
               grader::folded("note",
                              failing.empty()
                                  ? "nothing has failed here; these hints are about the first rule"
                                  : "the rule that failed last, " + failing +
                                        ", has no hints; these are about the first that has",
                              style));
  fmt::print("{}", grader::folded("about", rule->demand, style));
  for (unsigned i = 0; i < shown; ++i)
    fmt::print("{}", grader::folded(fmt::format("hint {}", i + 1), rule->list[i], style));
  fmt::print("{}\n",
             style.paint(shown < rule->list.size() ? fmt::format("{} of {}; ask again for the next",
                                                                 shown, rule->list.size())
                                                   : "that was the last one",
                         Role::faint));
  return tracer::exit_code::done;
}

void keep_starters(const Paths& paths) {
  try {
    Notebook notebook(paths.state);
    for (const auto& folder : grader::find_labs(paths.labs)) {
      const LabFile lab = grader::read_lab_file(folder);
      for (const Exercise& one : lab.exercises) {
        const auto entry = notebook.entries().find(lab.name + "/" + one.name);
        const fs::path from = edited(lab, one), to = starter(paths, lab, one);
        if ((entry != notebook.entries().end() && entry->second.tries > 0) || !fs::exists(from))
          continue;
        std::error_code error;
        if (fs::exists(to)) continue;
        fs::create_directories(to.parent_path(), error);
        fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
      }
    }
  } catch (const Failure&) {
    // A faulty lab.toml says so when it is asked for.
  }
}

int reset(const Paths& paths, const std::string& name, const std::string& exercise_name) {
  const LabFile lab = grader::read_lab_file(grader::find_lab(paths.labs, name));
  lab.exercise(exercise_name);
  Notebook notebook(paths.state);
  for (const Exercise& one : lab.exercises) {
    if (!exercise_name.empty() && one.name != exercise_name) continue;
    const fs::path file = edited(lab, one), from = starter(paths, lab, one);
    if (!fs::exists(from))
      throw Failure(tracer::exit_code::failed,
                    fmt::format("no copy of {} as it was", file.string()),
                    "git restore brings it back as it was committed");
    if (fs::exists(file)) {
      unsigned number = 1;
      while (fs::exists(fmt::format("{}.mine-{}", file.string(), number))) ++number;
      const std::string kept = fmt::format("{}.mine-{}", file.string(), number);
      fs::rename(file, kept);
      fmt::print("yours is now {}\n", fs::proximate(kept).string());
    }
    fs::copy_file(from, file);
    if (!one.answers.empty())
      fs::remove(paths.state / "captures" / (lab.name + "-" + one.name + ".pcapng"));
    notebook.update([&] { notebook.entry(lab.name, one.name) = {}; });
    fmt::print("{} is as it was at first\n", fs::proximate(file).string());
  }
  return tracer::exit_code::done;
}

}  // namespace cli
