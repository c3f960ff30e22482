// Captures that were hurt: each cut at every 97th byte, and with every 31st byte flipped. Whatever
// reads them may refuse them; it must not crash, nor hang, nor give a sanitizer something to say.
//
//   hurt_captures FOLDER|FILE...     and the folder that WIRELAB_CORPUS names
#include <sys/mman.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/fuzz/everything.hpp"
#include "tracer/bytes/failure.hpp"
#include "tracer/capture/file_reader.hpp"

namespace {

using namespace tracer;
namespace fs = std::filesystem;

constexpr std::size_t cut_every = 97, flip_every = 31;

std::vector<std::byte> content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
  const Bytes read = std::as_bytes(std::span(bytes));
  return {read.begin(), read.end()};
}

/// A file that can be written again and cut, and has a name.
class Scratch {
 public:
  Scratch() : file_(memfd_create("hurt", MFD_CLOEXEC)) {}
  ~Scratch() { close(file_); }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;

  void write(Bytes bytes) const {
    cut(bytes.size());
    if (pwrite(file_, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
      std::abort();
  }
  void cut(std::size_t size) const {
    if (ftruncate(file_, static_cast<off_t>(size)) != 0) std::abort();
  }
  std::string path() const { return "/proc/self/fd/" + std::to_string(file_); }

 private:
  int file_;
};

FrameStore frames_of(const std::string& path) {
  FrameStore frames;
  try {
    const auto source = open_capture(path);
    for (Frame frame; source->next(frame);) {
      frame.vantage %= 2;  // two_ended() knows no more, and is given none in the tracer
      frames.add(frame);
    }
    (void)source->cut_short();
  } catch (const Failure&) {
  }
  return frames;
}

/// Reads and follows all, and shows every field of the packets from number `from` on: those before
/// were shown when there was more of the file. Returns how many there are.
std::uint64_t follow(const std::string& path, std::uint64_t from) try {
  const auto source = open_capture(path);
  Tracker tracker;
  tracker.follow_applications();
  Packet packet;
  FieldSink sink(FieldSet::all());
  std::string out;
  std::uint64_t number = 0;
  Timestamp first;
  for (; source->next(packet.frame); ++number) {
    if (number == 0) first = packet.frame.time;
    decode(number + 1, packet);
    const Tracked& tracked = tracker.track(packet);
    if (number + 1 < from) continue;
    sink.clear();
    dissect(packet, tracked, {first, packet.frame.time}, sink);
    append_json(out, number + 1, packet.frame, sink);
  }
  (void)source->cut_short();
  for (std::size_t i = 0; i < tracker.conversations().size(); ++i)
    append_summary(out, tracker.conversations()[i], {});
  return number;
} catch (const Failure&) {
  return 0;
}

/// The longest piece first.
std::size_t cut(Bytes whole, const Scratch& scratch) {
  scratch.write(whole);
  std::size_t cuts = 0;
  std::uint64_t frames = follow(scratch.path(), 1);
  for (std::size_t size = whole.size() / cut_every * cut_every; size > 0; size -= cut_every) {
    scratch.cut(size);
    frames = follow(scratch.path(), frames > 2 ? frames - 2 : 1);
    ++cuts;
  }
  return cuts;
}

void show(const FrameStore& frames) { fuzz::show_everything({frames.begin(), frames.end()}); }

/// From the first byte on, from a later one, and from behind the headers of the file.
void flip_file(Bytes whole, const Scratch& scratch) {
  for (const std::size_t start : {0u, 7u, 40u}) {
    std::vector<std::byte> flipped(whole.begin(), whole.end());
    for (std::size_t at = start; at < flipped.size(); at += flip_every)
      flipped[at] ^= std::byte{0xff};
    scratch.write(flipped);
    show(frames_of(scratch.path()));
  }
}

/// The same in what the packets hold, where the file's own structure stays whole.
void flip_packets(Bytes whole, const Scratch& scratch) {
  scratch.write(whole);
  const FrameStore frames = frames_of(scratch.path());
  for (const std::size_t start : {3u, 12u, 23u, 30u}) {
    FrameStore flipped;
    std::size_t next = start;  // counts through all packets
    for (const Frame& frame : frames) {
      std::vector<std::byte> bytes(frame.bytes.begin(), frame.bytes.end());
      for (; next < bytes.size(); next += flip_every) bytes[next] ^= std::byte{0xff};
      next -= bytes.size();
      Frame hurt = frame;
      hurt.bytes = bytes;
      flipped.add(hurt);
    }
    show(flipped);
  }
}

}  // namespace

int main(int count, char** words) {
  std::vector<fs::path> captures;
  const auto add = [&](const fs::path& path) {
    if (path.string().find(".pcap") != std::string::npos) captures.push_back(path);
  };
  std::vector<fs::path> named(words + 1, words + count);
  const char* corpus = std::getenv("WIRELAB_CORPUS");
  if (corpus && *corpus)
    named.emplace_back(corpus);
  else
    std::puts("WIRELAB_CORPUS is not set: only captures of our own");
  for (const fs::path& path : named) {
    if (!fs::is_directory(path))
      add(path);
    else
      for (const auto& entry : fs::directory_iterator(path)) add(entry.path());
  }
  const Scratch scratch;
  std::size_t cuts = 0;
  for (const fs::path& path : captures) {
    std::printf("%s\n", path.c_str());
    std::fflush(stdout);  // so that the last line names what crashes us
    const std::vector<std::byte> whole = content(path);
    cuts += cut(whole, scratch);
    flip_file(whole, scratch);
    flip_packets(whole, scratch);
  }
  std::printf("%zu captures, %zu cuts: read to their ends\n", captures.size(), cuts);
  return cuts > 0 ? 0 : 1;
}
