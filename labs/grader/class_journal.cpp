#include "labs/grader/class_journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "tracer/bytes/failure.hpp"

namespace grader {
namespace {

using nlohmann::ordered_json;
using tracer::Failure;

std::string key_of(const std::string& submission, const std::string& digest, const std::string& lab,
                   const std::string& exercise) {
  return fmt::format("{}\n{}\n{}\n{}", submission, digest, lab, exercise);
}

std::string read_all(int descriptor) {
  std::string text;
  std::array<char, 65'536> buffer;
  for (ssize_t got; (got = read(descriptor, buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(got));
  return text;
}

/// False when another grading holds it. The workers of one that was killed hold it until they have
/// ended too: they get the time for that.
bool lock(int descriptor) {
  using namespace std::chrono_literals;
  for (const auto until = std::chrono::steady_clock::now() + 10s;
       flock(descriptor, LOCK_EX | LOCK_NB) != 0;) {
    if (std::chrono::steady_clock::now() > until) return false;
    std::this_thread::sleep_for(20ms);
  }
  return true;
}

}  // namespace

Journal::Journal(std::filesystem::path file, const std::string& about) : file_(std::move(file)) {
  descriptor_ = Fd(open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (descriptor_ < 0)
    throw Failure(tracer::exit_code::failed,
                  fmt::format("{}: {}", file_.string(), std::strerror(errno)),
                  "results so far are kept there: choose another place with --journal");
  if (!lock(descriptor_))
    throw Failure(tracer::exit_code::usage,
                  fmt::format("{}: another grading is under way", file_.string()),
                  "wait for it, or choose another place with --journal");
  const std::string text = read_all(descriptor_);
  const std::size_t whole = text.rfind('\n') + 1;  // 0 where there is no line
  std::istringstream lines(text.substr(0, whole));
  std::string line;
  if (std::getline(lines, line) &&
      ordered_json::parse(line, nullptr, false).value("about", "") != about)
    throw Failure(tracer::exit_code::usage,
                  fmt::format("{} is of another grading, which was interrupted", file_.string()),
                  "delete it, or choose another place with --journal");
  while (std::getline(lines, line)) {
    const ordered_json json = ordered_json::parse(line, nullptr, false);
    if (json.is_discarded()) continue;
    SubmissionGrade one = submission_from_json(json);
    grades_[key_of(one.name, json.value("digest", ""), one.exercises.at(0).lab,
                   one.exercises.at(0).exercise)] = std::move(one.exercises.at(0));
  }
  found_ = grades_.size();
  if (ftruncate(descriptor_, static_cast<off_t>(whole)) != 0 || lseek(descriptor_, 0, SEEK_END) < 0)
    throw Failure(tracer::exit_code::failed,
                  fmt::format("{}: {}", file_.string(), std::strerror(errno)));
  if (whole > 0) return;
  const std::string head = ordered_json{{"journal", 1}, {"about", about}}.dump() + "\n";
  if (write(descriptor_, head.data(), head.size()) != static_cast<ssize_t>(head.size()))
    throw Failure(tracer::exit_code::failed,
                  fmt::format("{}: {}", file_.string(), std::strerror(errno)));
}

const ExerciseGrade* Journal::find(const std::string& submission, const std::string& digest,
                                   const std::string& lab, const std::string& exercise) const {
  const auto found = grades_.find(key_of(submission, digest, lab, exercise));
  return found == grades_.end() ? nullptr : &found->second;
}

void Journal::add(const std::string& submission, const std::string& digest,
                  const ExerciseGrade& grade) {
  SubmissionGrade one{submission, {grade}};
  ordered_json json = to_json(one, Verbosity::full);
  json["digest"] = digest;
  const std::string line =
      json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  if (write(descriptor_, line.data(), line.size()) != static_cast<ssize_t>(line.size()) ||
      fdatasync(descriptor_) != 0)
    throw Failure(tracer::exit_code::failed,
                  fmt::format("{}: {}", file_.string(), std::strerror(errno)),
                  "results so far are safe: make room, and run it again");
  grades_[key_of(submission, digest, grade.lab, grade.exercise)] = grade;
}

void Journal::finish() {
  std::error_code error;
  std::filesystem::remove(file_, error);
}

}  // namespace grader
