#include "tracer/capture/file_reader.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <thread>

#include "tests/support/reading.hpp"

namespace tracer {
namespace {

using namespace support;

Failure opening(const std::string& path) {
  try {
    open_capture(path);
  } catch (const Failure& failure) {
    return failure;
  }
  return {0, "no failure"};
}

TEST(OpenCapture, AMissingFileSaysSoAndWhatToDo) {
  const Failure failure = opening("/nonexistent.pcap");
  EXPECT_EQ(failure.code, exit_code::failed);
  EXPECT_STREQ(failure.what(), "/nonexistent.pcap: no such file");
  EXPECT_NE(failure.hint.find("-i INTERFACE"), std::string::npos);
}

TEST(OpenCapture, WhatIsNoCaptureIsUsage) {
  EXPECT_EQ(failure_of({}).code, exit_code::usage);
  EXPECT_NE(std::string(failure_of({}).what()).find("it is empty"), std::string::npos);
  EXPECT_EQ(failure_of(text("abc")).code, exit_code::usage);
  EXPECT_EQ(failure_of(text("#!/bin/sh\necho this is no capture\n")).code, exit_code::usage);
}

TEST(OpenCapture, ACompressedFileIsToldHow) {
  const Failure failure = failure_of(hex("1f 8b 08 00 00 00 00 00 00 03"));
  EXPECT_EQ(failure.code, exit_code::usage);
  EXPECT_NE(failure.hint.find("gzip -dc"), std::string::npos);
}

TEST(OpenCapture, AFolderIsNoFile) {
  const Failure failure = opening(testing::TempDir());
  EXPECT_EQ(failure.code, exit_code::failed);
  EXPECT_NE(failure.hint, "");
}

TEST(OpenCapture, AFileThatWeMayNotReadIsNotPermitted) {
  if (geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const TemporaryFile file(pcap_header({}));
  chmod(file.path().c_str(), 0);
  EXPECT_EQ(opening(file.path()).code, exit_code::not_permitted);
}

TEST(OpenCapture, TheNameOfTheFileDoesNotMatter) {
  EXPECT_EQ(
      read_capture(join({pcap_header({}), pcap_record(false, 1, 1, text("x"))})).frames.size(), 1u);
  EXPECT_EQ(read_capture(join({section({true}), interface({true}, 1)})).frames.size(), 0u);
}

TEST(OpenCapture, SeveralReadersEndAtTheSameFrameOfAFileThatGrows) {
  const Buffer record = pcap_record(false, 1, 1, text("frame"));
  const TemporaryFile file(join({pcap_header({}), record, record}));
  const auto sources = open_capture(file.path(), 3);
  ASSERT_EQ(sources.size(), 3u);
  std::ofstream(file.path(), std::ios::app | std::ios::binary) << as_text(record);
  for (const auto& source : sources) {
    unsigned frames = 0;
    for (Frame frame; source->next(frame);) ++frames;
    EXPECT_EQ(frames, 2u);
    EXPECT_EQ(source->cut_short(), "");
  }
  EXPECT_EQ(read_file(file.path()).frames.size(), 3u);
}

TEST(OpenCapture, APipeHasOneReader) {
  const TemporaryFile place;
  const std::string pipe = place.path() + ".pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer(
      [&] { std::ofstream(pipe, std::ios::binary) << as_text(Bytes(pcap_header({}))); });
  EXPECT_EQ(open_capture(pipe, 2).size(), 1u);
  writer.join();
  unlink(pipe.c_str());
}

}  // namespace
}  // namespace tracer
