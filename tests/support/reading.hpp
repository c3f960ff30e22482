// A capture file's bytes -> what open_capture() gives. Links the capture layer, so not in the library.
#pragma once

#include <gtest/gtest.h>

#include "tests/support/capture_files.hpp"
#include "tracer/bytes/failure.hpp"
#include "tracer/bytes/frame_store.hpp"
#include "tracer/capture/file_reader.hpp"

namespace support {

struct Reading {
  tracer::FrameStore frames;
  std::vector<tracer::Vantage> vantages;
  std::string cut_short, application;
};

inline Reading read_file(const std::string& path) {
  const auto source = tracer::open_capture(path);
  Reading reading;
  for (tracer::Frame frame; source->next(frame);) reading.frames.add(frame);
  tracer::Frame beyond;
  EXPECT_FALSE(source->next(beyond)) << "a source that has ended stays so";
  reading.vantages = source->vantages();
  reading.cut_short = source->cut_short();
  reading.application = source->application();
  return reading;
}

inline Reading read_capture(const Buffer& content) {
  const TemporaryFile file(content);
  return read_file(file.path());
}

/// The failure with which opening these bytes ends; code 0 if it does not fail.
inline tracer::Failure failure_of(const Buffer& content) {
  try {
    read_capture(content);
  } catch (const tracer::Failure& failure) {
    return failure;
  }
  return {0, "no failure"};
}

}  // namespace support
