#include "labs/grader/answers.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "labs/grader/command_name.hpp"
#include "labs/grader/toml_reader.hpp"
#include "tracer/bytes/failure.hpp"
#include "tracer/bytes/frame_store.hpp"
#include "tracer/capture/file_reader.hpp"
#include "tracer/fields/dissect.hpp"
#include "tracer/fields/frame_filter.hpp"

namespace grader {
namespace {

namespace fs = std::filesystem;
using tracer::Failure;

/// What the capture says to a question.
struct Truth {
  std::uint32_t frame = 0;  // its number at the client; 0: no frame is selected
  std::string text;         // empty: the frame has no such field
};

std::optional<std::uint64_t> number(const std::string& text) {
  const bool hex = text.starts_with("0x") || text.starts_with("0X");
  std::uint64_t value = 0;
  const char* begin = text.data() + (hex ? 2 : 0);
  const char* end = text.data() + text.size();
  const auto [at, error] = std::from_chars(begin, end, value, hex ? 16 : 10);
  if (error != std::errc() || at != end || begin == end) return std::nullopt;
  return value;
}

bool equal(const std::string& given, const std::string& right) {
  const auto a = number(given), b = number(right);
  return a && b ? *a == *b : given == right;
}

/// Looks all questions up in one pass a question over the client's frames.
Truth look_up(const Question& question, const tracer::FrameStore& frames) {
  tracer::FrameFilter selects(question.filter);
  const tracer::Field field = *tracer::find_field(question.field);
  tracer::FieldSet wanted;
  wanted.add(field);
  tracer::FieldSink sink(wanted);
  tracer::Tracker tracker;
  if (needs_applications(wanted)) tracker.follow_applications();
  tracer::Packet packet;
  tracer::FrameClock clock;
  std::uint32_t count = 0;
  unsigned selected = 0;
  for (const tracer::Frame& frame : frames) {
    if (frame.vantage != 0) continue;
    if (++count == 1) clock.first = clock.previous = frame.time;
    tracer::decode(frame, count, packet);
    const tracer::Tracked& tracked = tracker.track(packet);
    sink.clear();
    tracer::dissect(packet, tracked, clock, sink);
    clock.previous = frame.time;
    if (!selects(frame, count) || ++selected != question.nth) continue;
    Truth truth{count, {}};
    if (sink.values().empty()) return truth;
    const tracer::FieldValue& value = sink.values().front();
    const bool in_frame = !value.where.empty() && value.where.data() >= frame.bytes.data() &&
                          value.where.data() < frame.bytes.data() + frame.bytes.size();
    switch (question.part) {
      case Question::Part::value: tracer::append_value(truth.text, value); break;
      case Question::Part::offset:
        if (in_frame) truth.text = std::to_string(value.where.data() - frame.bytes.data());
        break;
      case Question::Part::length:
        if (in_frame) truth.text = std::to_string(value.where.size());
        break;
    }
    return truth;
  }
  return {};
}

std::map<std::string, std::string> read_answers(const fs::path& file, const Exercise& exercise) {
  if (!fs::exists(file))
    throw Failure(tracer::exit_code::usage, file.string() + ": there is no such file",
                  "wirelab reset brings it back");
  const TomlReader reader(file);
  std::map<std::string, std::string> answers;
  for (const auto& [key, value] : reader.file()) {
    const bool known = std::ranges::any_of(
        exercise.questions, [id = key.str()](const Question& one) { return one.id == id; });
    if (!known) reader.fail(key.source(), fmt::format("no question is called '{}'", key.str()));
    if (const auto text = value.value_exact<std::string>())
      answers[std::string(key.str())] = *text;
    else if (const auto whole = value.value_exact<std::int64_t>())
      answers[std::string(key.str())] = std::to_string(*whole);
    else if (const auto real = value.value_exact<double>())
      answers[std::string(key.str())] = fmt::format("{}", *real);
    else
      reader.fail(value.source(), "an answer is a number or a text in quotes");
  }
  return answers;
}

const char* part_name(Question::Part part) {
  return part == Question::Part::offset   ? "offset"
         : part == Question::Part::length ? "length"
                                          : "value";
}

RuleResult judge_answer(const Question& question, const Truth& truth, const std::string* given) {
  RuleResult result;
  result.id = question.id;
  result.points = question.points;
  result.wanted = question.ask;
  result.why = question.why;
  if (truth.frame == 0 || truth.text.empty()) {
    result.seen =
        truth.frame ? fmt::format("frame {} of the capture has no {}", truth.frame, question.field)
                    : fmt::format("no frame of the capture is `{}`", question.filter);
    return result;  // inconclusive: not the learner's fault
  }
  result.packets = {truth.frame};
  if (!given || given->empty()) {
    result.verdict = Verdict::fail;
    result.seen = "no answer yet";
  } else if (equal(*given, truth.text)) {
    result.verdict = Verdict::pass;
    result.seen = *given;
  } else {
    result.verdict = Verdict::fail;
    result.seen = fmt::format("{} is not the {} of {} in frame {}", *given,
                              part_name(question.part), question.field, truth.frame);
  }
  if (result.verdict == Verdict::fail)
    result.repair = fmt::format(
        "Look at frame {} again: the bytes stand on the left, the fields they make beside them.",
        truth.frame);
  return result;
}

void make_capture(const LabFile& lab, const Exercise& exercise, const TrialSetting& setting,
                  const fs::path& file) {
  std::shared_ptr<const Trace> trace;
  const RunRecord record =
      run_trial(lab, exercise, lab.scenario(exercise.scenarios.front()), {}, setting, &trace);
  if (!trace || !trace->result().complete)
    throw Failure(tracer::exit_code::failed, "no capture could be made: " + record.because,
                  "wirelab doctor says what this system lacks");
  std::error_code error;
  fs::create_directories(file.parent_path(), error);
  write_trace(file, *trace);
}

}  // namespace

fs::path capture_of(const LabFile& lab, const Exercise& exercise, const fs::path& captures) {
  return captures / (lab.name + "-" + exercise.name + ".pcapng");
}

AnswerSheet check_answers(const LabFile& lab, const Exercise& exercise, const TrialSetting& setting,
                          const fs::path& captures, bool solution, const fs::path& file) {
  AnswerSheet sheet;
  sheet.capture = capture_of(lab, exercise, captures);
  sheet.fresh = !fs::exists(sheet.capture);
  if (sheet.fresh) make_capture(lab, exercise, setting, sheet.capture);
  tracer::FrameStore frames;
  const auto source = tracer::open_capture(sheet.capture);
  for (tracer::Frame frame; source->next(frame);) frames.add(frame);
  const fs::path answer_file = file.empty() ? lab.folder / "exercise" / exercise.answers : file;
  std::map<std::string, std::string> answers;
  if (!solution) answers = read_answers(answer_file, exercise);

  RunRecord& record = sheet.record;
  record.wirelab = WIRELAB_VERSION;
  record.lab = lab.name;
  record.exercise = exercise.name;
  record.scenario = exercise.scenarios.front();
  record.submission = solution ? "the capture itself" : answer_file.filename().string();
  record.started = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
  record.command = setting.command;
  record.hint_command = fmt::format("{} hint {} {}", command_name(), lab.name, exercise.name);
  record.trace = sheet.capture;
  record.verdict = Verdict::pass;
  for (const Question& question : exercise.questions) {
    const Truth truth = look_up(question, frames);
    const auto given = answers.find(question.id);
    record.rules.push_back(judge_answer(question, truth,
                                        solution                 ? &truth.text
                                        : given == answers.end() ? nullptr
                                                                 : &given->second));
    record.verdict = worse(record.verdict, record.rules.back().verdict);
  }
  return sheet;
}

}  // namespace grader
