// A script -> ladders, and a row's notes in one line.
#pragma once

#include <fmt/format.h>

#include "tests/support/segment.hpp"
#include "tracer/diagram/ladder.hpp"

namespace support {

inline std::string note_name(const tracer::Note& note) {
  constexpr const char* names[] = {"lost",       "corrupted",     "duplicated",     "overtaken",
                                   "fast",       "timeout",       "needless",       "again",
                                   "dup",        "window-update", "zero-window",    "window-full",
                                   "probe",      "keep-alive",    "keep-alive-ack", "ports-reused",
                                   "incomplete", "gap",           "about",          "malformed",
                                   "cut",        "comment"};
  std::string text = names[static_cast<int>(note.kind)];
  if (note.kind == tracer::Note::Kind::duplicate_ack || note.kind == tracer::Note::Kind::duplicated)
    text += fmt::format(" {}", note.count);
  if (note.about && note.kind != tracer::Note::Kind::duplicate_ack)
    text += fmt::format(" #{}", note.about);
  if (!note.text.empty()) text += " (" + note.text + ")";
  return text;
}

/// "dup 2, window-update"; empty for a row without notes.
inline std::string notes(const tracer::Row& row) {
  std::string text;
  for (const tracer::Note& note : row.notes)
    text.append(text.empty() ? "" : ", ").append(note_name(note));
  return text;
}

/// The only ladder of a script: exact where its lines have arrivals, else from one vantage point.
inline tracer::Ladder ladder_of(const std::vector<std::string>& script, bool numbered = true) {
  const bool two = script.at(0).substr(0, script[0].find(' ')).find('-', 1) != std::string::npos;
  tracer::FrameStore frames = frames_of(script, two && numbered);
  const tracer::Passages passages = two ? tracer::two_ended(frames) : tracer::single_ended(frames);
  tracer::Names names;
  names.add({*tracer::IpAddress::parse("10.0.0.1"), 0}, "client");
  names.add({*tracer::IpAddress::parse("10.0.0.2"), 0}, "server");
  auto all = tracer::ladders(frames, passages, names);
  if (all.size() != 1) throw std::invalid_argument(fmt::format("{} ladders, not one", all.size()));
  return std::move(all[0]);
}

/// What a script with expectations after `=>` says of each row: "number: notes" where that differs.
inline std::string differences(const std::vector<std::string>& script) {
  const tracer::Ladder ladder = ladder_of(script);
  std::string text;
  for (std::size_t i = 0; i < script.size(); ++i) {
    const Segment segment = parse_segment(script[i]);
    const std::string told = notes(ladder.rows.at(i));
    if (told != segment.expectation)
      text += fmt::format("#{} {}\n      says '{}', expected '{}'\n", i + 1, segment.line, told,
                          segment.expectation);
  }
  return text;
}

}  // namespace support
