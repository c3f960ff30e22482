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

unsigned frames_of(FrameSource& source) {
  unsigned frames = 0;
  for (Frame frame; source.next(frame);) ++frames;
  return frames;
}

/// Ten records of different lengths, and where each begins; the last number is the file's size.
struct Records {
  Buffer file;
  std::vector<std::uint64_t> begin;
};

Records classic_records(const PcapHeader& header) {
  Records records{pcap_header(header), {}};
  for (unsigned i = 0; i < 10; ++i) {
    records.begin.push_back(records.file.size());
    const Buffer one =
        pcap_record(header.big, 1'700'000'000 + i, 7, Buffer(1 + i * i, std::byte{0xff}));
    records.file.insert(records.file.end(), one.begin(), one.end());
  }
  records.begin.push_back(records.file.size());
  return records;
}

Records blocks(ByteOrder order) {
  Records records{join({section(order), interface(order, 1), interface(order, 1)}), {}};
  for (unsigned i = 0; i < 10; ++i) {
    records.begin.push_back(records.file.size());
    const Buffer one = enhanced(order, i % 2, 1'000'000 + i, Buffer(1 + i * i, std::byte{0xff}));
    records.file.insert(records.file.end(), one.begin(), one.end());
  }
  records.begin.push_back(records.file.size());
  return records;
}

TEST(NextAtHand, GivesTheSameFramesAndLeavesThoseBeforeValid) {
  for (const Records& records :
       {classic_records({}), classic_records({.big = true}), blocks({}), blocks({true})}) {
    Buffer file = records.file;  // several buffers full
    const auto first = file.begin() + static_cast<std::ptrdiff_t>(records.begin[0]);
    const Buffer again(first, file.end());
    while (file.size() < 1'000'000) file.insert(file.end(), again.begin(), again.end());
    const TemporaryFile place(file);
    const auto whole = read_file(place.path()).frames;
    const auto source = open_capture(place.path());
    std::size_t at_hand = 0, number = 0;
    std::vector<Frame> valid;
    for (Frame frame;; valid.push_back(frame), ++number) {
      if (source->next_at_hand(frame)) {
        ++at_hand;
      } else {
        for (std::size_t i = 0; i < valid.size(); ++i)
          ASSERT_EQ(as_text(valid[i].bytes), as_text(whole[number - valid.size() + i].bytes));
        valid.clear();
        if (!source->next(frame)) break;
      }
    }
    EXPECT_EQ(number, whole.size());
    EXPECT_GT(at_hand, whole.size() * 9 / 10);
    EXPECT_LT(at_hand, whole.size() - 2);
  }
}

// What is wrong is left to next(), which says why.
TEST(NextAtHand, OfWhatIsCutOrDamagedThereIsNone) {
  for (const Records& records : {classic_records({}), blocks({})})
    for (std::size_t size = records.begin[5]; size < records.file.size(); ++size) {
      const TemporaryFile cut(
          Buffer(records.file.begin(), records.file.begin() + static_cast<std::ptrdiff_t>(size)));
      const auto source = open_capture(cut.path()), other = open_capture(cut.path());
      unsigned frames = 0;
      for (Frame frame; source->next_at_hand(frame) || source->next(frame);) ++frames;
      EXPECT_EQ(frames, frames_of(*other));
      EXPECT_EQ(source->cut_short(), other->cut_short());
      EXPECT_EQ(source->place(), other->place());
    }
}

TEST(NextAtHand, EndsWhereTheFilePauses) {
  for (const Records& records : {classic_records({}), blocks({})}) {
    const TemporaryFile file(records.file);
    const auto source = open_capture(file.path());
    source->pause_at(records.begin[4]);
    unsigned frames = 0;
    for (Frame frame; source->next_at_hand(frame) || source->next(frame);) ++frames;
    EXPECT_EQ(frames, 4u);
    EXPECT_EQ(source->place().offset, records.begin[4]);
  }
}

TEST(LaterPart, BeginsAtTheNextRecordWhereItIsSplitAndNowhereElse) {
  for (const Records& records :
       {classic_records({}), classic_records({.big = true, .nanoseconds = true}), blocks({}),
        blocks({true})}) {
    const TemporaryFile file(records.file);
    const std::size_t first = records.file[0] == std::byte{0x0a} ? 1 : 0;  // a block is read ahead
    for (std::uint64_t from = 0; from < records.file.size(); ++from) {
      const auto whole = open_capture(file.path());
      const auto later = whole->later_part(from);
      std::size_t expected = first;
      while (records.begin[expected] < from) ++expected;
      if (expected == 10) {
        EXPECT_EQ(later, nullptr) << from;
        continue;
      }
      ASSERT_NE(later, nullptr) << from;
      const FilePlace border = later->place();
      EXPECT_EQ(border.offset, records.begin[expected]) << from;
      EXPECT_EQ(frames_of(*later), 10 - expected) << from;
      whole->pause_at(border.offset);
      EXPECT_EQ(frames_of(*whole), expected) << from;
      EXPECT_EQ(whole->place(), border) << from;
      whole->pause_at(UINT64_MAX);
      EXPECT_EQ(frames_of(*whole), 10 - expected) << "it goes on where it paused";
      EXPECT_EQ(whole->cut_short(), "");
    }
  }
}

TEST(LaterPart, WhatIsDescribedBetweenMakesAnotherPlaceOfIt) {
  const ByteOrder order{};
  Buffer file = blocks(order).file;
  const std::size_t middle = file.size();
  for (const Buffer& more : {interface(order, 113), blocks(order).file})
    file.insert(file.end(), more.begin(), more.end());
  const TemporaryFile both(file);
  const auto whole = open_capture(both.path());
  const auto later = whole->later_part(middle + interface(order, 113).size());
  ASSERT_NE(later, nullptr);
  whole->pause_at(later->place().offset);
  frames_of(*whole);
  EXPECT_EQ(whole->place().offset, later->place().offset);
  EXPECT_FALSE(whole->place() == later->place());
}

TEST(LaterPart, ZerosAreNoRecords) {
  Buffer file = join({pcap_header({}), pcap_record(false, 1, 1, Buffer(100'000))});
  const TemporaryFile zeros(file);
  EXPECT_EQ(open_capture(zeros.path())->later_part(1000), nullptr);
}

TEST(LaterPart, EndsWithTheWholeThoughTheFileGrows) {
  const Records records = classic_records({});
  const TemporaryFile file(records.file);
  const auto whole = open_capture(file.path()), later = whole->later_part(records.begin[5]);
  std::ofstream(file.path(), std::ios::app | std::ios::binary)
      << as_text(Bytes(pcap_record(false, 1, 1, text("frame"))));
  EXPECT_EQ(frames_of(*later), 5u);
  EXPECT_EQ(frames_of(*whole), 10u);
  EXPECT_EQ(whole->cut_short(), "");
  EXPECT_EQ(read_file(file.path()).frames.size(), 11u);
}

TEST(LaterPart, APipeHasNone) {
  const TemporaryFile place;
  const std::string pipe = place.path() + ".pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  std::thread writer(
      [&] { std::ofstream(pipe, std::ios::binary) << as_text(Bytes(classic_records({}).file)); });
  EXPECT_EQ(open_capture(pipe)->later_part(50), nullptr);
  writer.join();
  unlink(pipe.c_str());
}

}  // namespace
}  // namespace tracer
