// A capture file of any content: the readers, and what decoding makes of their frames.
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "tracer/bytes/failure.hpp"
#include "tracer/capture/file_reader.hpp"
#include "tracer/wire/packet.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const int file = memfd_create("fuzz", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(file);
  if (ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != static_cast<ssize_t>(size))
    return 0;
  try {
    const auto source = tracer::open_capture(path);
    const auto later = source->later_part(size / 2);
    if (later) source->pause_at(later->place().offset);
    tracer::Frame frame;
    tracer::Packet packet;
    std::uint64_t number = 0;
    const auto read_all = [&](tracer::CaptureFile& part) {
      std::uint64_t frames = 0;
      // Every second time what is at hand is enough; frames and their end are the same.
      while ((frames % 2 != 0 && part.next_at_hand(frame)) || part.next(frame)) {
        ++frames;
        tracer::decode(frame, ++number, packet);
        if (frame.vantage >= part.vantages().size()) __builtin_trap();
      }
      (void)part.cut_short();
      return frames;
    };
    read_all(*source);
    if (!later) return 0;
    // Where it begins at a record of the whole, it gives what the whole gives from there on.
    const bool same_place = source->place() == later->place();
    source->pause_at(UINT64_MAX);
    if (read_all(*source) != read_all(*later) && same_place) __builtin_trap();
  } catch (const tracer::Failure&) {
  }
  return 0;
}
