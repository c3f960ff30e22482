#include "tracer/cli/parallel_summary.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <random>
#include <set>
#include <sstream>

#include "tests/support/capture_files.hpp"
#include "tracer/bytes/failure.hpp"
#include "tracer/capture/file_reader.hpp"
#include "tracer/render/summary.hpp"
#include "tracer/tracking/tracker.hpp"

namespace tracer {
namespace {

using namespace support;
namespace fs = std::filesystem;

struct Told {
  std::string summary, cut_short;
};

std::string written(CaptureFile& file, std::unique_ptr<CaptureFile> later = nullptr,
                    const std::atomic<bool>& interrupted = false) {
  const TemporaryFile to;
  Output out(to.path());
  summarize({}, file, std::move(later), interrupted, out);
  out.flush();
  return std::string(as_text(to.content()));
}

/// The same by a tracker that finds out all there is to know of each segment.
std::string thorough(CaptureFile& file) {
  Tracker tracker;
  Packet packet;
  std::uint64_t frames = 0;
  for (Frame frame; file.next(frame);) {
    ++frames;
    if (is_seen_again(frame)) continue;
    decode(frame, frames, packet);
    tracker.track(packet);
  }
  std::string text;
  for (std::size_t i = 0; i < tracker.conversations().size(); ++i)
    append_summary(text, tracker.conversations()[i], {});
  return text;
}

/// What is told of a capture; or why it is none. `from`: where a second reader begins.
Told told(const std::string& path, std::optional<std::uint64_t> from = std::nullopt) {
  try {
    const auto file = open_capture(path);
    auto later = from ? file->later_part(*from) : nullptr;
    Told told{written(*file, std::move(later)), {}};
    told.cut_short = file->cut_short();
    return told;
  } catch (const Failure& failure) {
    return {{}, failure.what()};
  }
}

/// One reader's summary, which is also that of two, wherever the second one begins.
std::string agreed(const std::string& path, unsigned places = 7) {
  const Told alone = told(path);
  if (!alone.summary.empty()) {
    EXPECT_EQ(alone.summary, thorough(*open_capture(path))) << path;
  }
  const std::uint64_t size = fs::file_size(path);
  for (unsigned place = 0; place < places; ++place) {
    const std::uint64_t from = size * place / places;
    const Told together = told(path, from);
    EXPECT_EQ(together.summary, alone.summary) << path << " from " << from;
    EXPECT_EQ(together.cut_short, alone.cut_short) << path << " from " << from;
  }
  return alone.summary;
}

/// Frames of all kinds between few endpoints, so that they meet again: in order, out of order, in
/// pieces if `pieces`, tagged, damaged. The same ones each time for the same seed.
class Traffic {
 public:
  explicit Traffic(unsigned seed = 3, bool pieces = true) : pieces_(pieces), random_(seed) {}

  Buffer frame() {
    const unsigned kind = any(12);
    switch (kind == 3 && !pieces_ ? 11 : kind) {
      case 0:
        return ethernet(0x0800,
                        ipv4({.source = client(), .options = hex("01 01 01 00")}, segment()));
      case 1: return ethernet(0x8100, vlan(7, 0x0800, ipv4({.source = client()}, segment())));
      case 2:
        return ethernet(0x88a8,
                        vlan(8, 0x8100, vlan(7, 0x0800, ipv4({.source = client()}, segment()))));
      case 3: return piece();
      case 4: return error();
      case 5:
        return ethernet(
            0x86dd, ipv6({.next = any(2) != 0 ? std::uint8_t{6} : std::uint8_t{17}}, segment()));
      case 6: return ethernet(0x0800, ipv4({.source = client(), .protocol = 17}, datagram()));
      case 7: return ethernet(0x0800, ipv4({.protocol = 1}, icmp(8, 0, any(9), text("ping"))));
      case 8: return damaged();
      default: return ethernet(0x0800, either_way(segment()));
    }
  }

 private:
  unsigned any(unsigned below) { return static_cast<unsigned>(random_() % below); }
  std::string client() { return "10.0.0." + std::to_string(3 + any(4)); }
  std::uint16_t port() { return static_cast<std::uint16_t>(40000 + any(20)); }

  Buffer segment() {
    const std::uint16_t flags[] = {TcpFlags::syn,
                                   TcpFlags::syn | TcpFlags::ack,
                                   TcpFlags::ack,
                                   TcpFlags::ack | TcpFlags::psh,
                                   TcpFlags::ack | TcpFlags::fin,
                                   TcpFlags::rst};
    const bool back = any(2) != 0;
    Tcp header{
        .source = port(), .seq = 1000 + any(50), .ack = 1000 + any(50), .flags = flags[any(6)]};
    if (back) std::swap(header.source, header.destination);
    return tcp(header, Buffer(any(30)));
  }
  Buffer datagram() { return udp(port(), 7001, Buffer(any(30))); }
  Buffer either_way(const Buffer& payload) {
    Ipv4 header{.source = client()};
    if (any(2) != 0) std::swap(header.source, header.destination);
    return ipv4(header, payload);
  }
  /// Half of a datagram; the other half comes some time, or never.
  Buffer piece() {
    static const Buffer whole = tcp({.source = 40003, .flags = TcpFlags::ack}, Buffer(60));
    const bool first = any(2) != 0;
    const Buffer part =
        first ? Buffer(whole.begin(), whole.begin() + 40) : Buffer(whole.begin() + 40, whole.end());
    return ethernet(0x0800, ipv4({.source = client(),
                                  .id = static_cast<std::uint16_t>(any(3)),
                                  .more = first,
                                  .offset = first ? std::uint16_t{0} : std::uint16_t{5}},
                                 part));
  }
  /// "Unreachable", about a packet that was perhaps never seen.
  Buffer error() {
    const bool of_tcp = any(2) != 0;
    const Ipv4 quoted{.source = client(), .protocol = of_tcp ? std::uint8_t{6} : std::uint8_t{17}};
    return ethernet(0x0800,
                    ipv4({.source = "10.0.0.2", .destination = quoted.source, .protocol = 1},
                         icmp(3, 3, 0, ipv4(quoted, of_tcp ? segment() : datagram()))));
  }
  Buffer damaged() {
    Buffer frame = ethernet(0x0800, either_way(segment()));
    if (any(2) != 0)
      frame[46] = std::byte{0x10};  // TCP's data offset
    else
      frame.resize(any(static_cast<unsigned>(frame.size())));
    return frame;
  }

  const bool pieces_;
  std::mt19937 random_;
};

Buffer classic(unsigned frames, Traffic traffic = Traffic()) {
  Buffer file = pcap_header({});
  for (unsigned i = 0; i < frames; ++i) {
    const Buffer frame = traffic.frame();
    const Buffer record =
        pcap_record(false, 1 + i, 0, frame, static_cast<std::uint32_t>(frame.size()) + i % 3);
    file.insert(file.end(), record.begin(), record.end());
  }
  return file;
}

TEST(ParallelSummary, IsTheSummaryOfOneReader) {
  const TemporaryFile file(classic(6000));
  const std::string summary = agreed(file.path());
  for (const char* kind : {"TCP 10.", "UDP 10.", "ICMP 10.", "TCP [fd00", "UDP [fd00", "repeated"})
    EXPECT_NE(summary.find(kind), std::string::npos) << kind;
  // Ports that were used again are conversations of their own.
  std::multiset<std::string> ends;
  std::istringstream lines(summary);
  for (std::string line; std::getline(lines, line);) ends.insert(line.substr(0, line.find("  ")));
  EXPECT_TRUE(std::adjacent_find(ends.begin(), ends.end()) != ends.end());
}

// Where nothing comes in pieces the later part is followed, and not given up at once.
TEST(ParallelSummary, WhateverLiesOnEitherSideOfTheBorder) {
  for (unsigned seed = 0; seed < 60; ++seed) {
    const TemporaryFile file(classic(40 + 4 * seed, Traffic(seed, false)));
    SCOPED_TRACE(seed);
    agreed(file.path(), 11);
  }
}

// More lines than one of the two puts together at once, and in the later part those of connections
// that are followed there between those of datagrams that are kept for the earlier one.
TEST(ParallelSummary, LinesOfBothPartsInOneOrder) {
  Buffer file = pcap_header({});
  std::mt19937 random(5);
  for (unsigned i = 0; i < 15'000; ++i) {
    const std::string from = "10.1." + std::to_string(i / 250) + '.' + std::to_string(1 + i % 250);
    const Buffer packet = random() % 3 != 0
                              ? ipv4({.source = from}, tcp({.flags = TcpFlags::syn}, {}))
                              : ipv4({.source = from, .protocol = 17}, udp(5000, 7001, {}));
    const Buffer record = pcap_record(false, 1 + i, 0, ethernet(0x0800, packet));
    file.insert(file.end(), record.begin(), record.end());
  }
  const TemporaryFile capture(file);
  const std::string summary = agreed(capture.path(), 9);
  EXPECT_EQ(std::count(summary.begin(), summary.end(), '\n'), 15'000);
}

TEST(ParallelSummary, ABorderThatIsNoneCostsTimeOnly) {
  // A capture within a capture: what lies in the middle looks like records, and is one's payload.
  const Buffer within = classic(60);
  const TemporaryFile file(join(
      {classic(20), pcap_record(false, 30, 0, within), pcap_record(false, 31, 0, tcp_frame({}))}));
  agreed(file.path(), 40);
}

TEST(ParallelSummary, OfACutFileToo) {
  const Buffer whole = classic(60);
  for (std::size_t size = 0; size < whole.size(); size += 61) {
    const TemporaryFile file(
        Buffer(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
    agreed(file.path(), 3);
  }
}

// The first reader stops there, and what the second one found is not told.
TEST(ParallelSummary, DamageJustBeforeTheBorder) {
  constexpr ByteOrder order{false};
  const Buffer start = join({section(order), interface(order, 1)});
  const auto packet = [&](std::uint16_t port) {
    return enhanced(order, 0, 1'000'000, tcp_frame({.source = port, .flags = TcpFlags::syn}));
  };
  const Buffer later = join({packet(1003), packet(1004), packet(1005), packet(1006)});
  for (const std::size_t claim : {8u, 20u}) {  // the interface; how much of the packet is there
    Buffer damaged = packet(1002);
    damaged[claim] = std::byte{0xff};
    const TemporaryFile file(join({start, packet(1001), damaged, later}));
    const std::string summary = agreed(file.path(), 40);
    EXPECT_EQ(std::count(summary.begin(), summary.end(), '\n'), 1) << claim;
  }
}

TEST(ParallelSummary, CountsOnceWhatWasCapturedAtBothEnds) {
  constexpr ByteOrder order{false};
  Buffer file = join({section(order), interface(order, 1), interface(order, 1)});
  Traffic traffic;
  for (unsigned i = 0; i < 500; ++i) {
    const Buffer frame = traffic.frame();
    for (const std::uint32_t inbound : {0u, 1u}) {
      const Buffer seen = enhanced(order, inbound, 1'000'000 + i, frame,
                                   join({option(order, 2, order.n32(inbound ? 1 : 2)),
                                         option(order, 5, order.n64(i)), option(order, 0, {})}));
      file.insert(file.end(), seen.begin(), seen.end());
    }
  }
  const TemporaryFile both(file);
  EXPECT_NE(agreed(both.path()), "");
}

TEST(ParallelSummary, OfEveryCaptureAtHand) {
  const char* corpus = std::getenv("WIRELAB_CORPUS");
  for (const char* folder : {GOLDEN_CAPTURES, corpus})
    if (folder && *folder)
      for (const auto& entry : fs::directory_iterator(folder))
        if (entry.path().string().find(".pcap") != std::string::npos) agreed(entry.path());
}

TEST(ParallelSummary, AReaderThatWasInterruptedTellsWhatItHas) {
  const TemporaryFile file(classic(50));
  const auto whole = open_capture(file.path());
  EXPECT_EQ(written(*whole, whole->later_part(1000), true), "");
}

/// Frames, and then an error of the disk.
class Failing final : public CaptureFile {
 public:
  explicit Failing(unsigned frames) : left_(frames) {}
  bool next(Frame& frame) override {
    if (left_-- == 0) throw Failure(exit_code::failed, "the disk is broken");
    frame = support::frame(bytes_);
    return true;
  }
  bool next_at_hand(Frame& frame) override { return next(frame); }
  const std::vector<Vantage>& vantages() const override { return vantages_; }
  FilePlace place() const override { return {}; }
  void pause_at(std::uint64_t) override {}
  std::unique_ptr<CaptureFile> later_part(std::uint64_t) override { return nullptr; }

 private:
  unsigned left_;
  const Buffer bytes_ = tcp_frame({});
  std::vector<Vantage> vantages_;
};

TEST(ParallelSummary, AnErrorOfTheFirstReaderIsTold) {
  const TemporaryFile file(classic(50));
  Failing broken(20);
  EXPECT_THROW(written(broken, open_capture(file.path())->later_part(1000)), Failure);
}

TEST(ParallelSummary, AnErrorOfTheSecondReaderIsLeftToTheFirst) {
  const TemporaryFile file(classic(50));
  const auto whole = open_capture(file.path());
  EXPECT_EQ(written(*whole, std::make_unique<Failing>(20)), told(file.path()).summary);
}

}  // namespace
}  // namespace tracer
