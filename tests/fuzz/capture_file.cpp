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
    tracer::Frame frame;
    tracer::Packet packet;
    for (std::uint64_t number = 1; source->next(frame); ++number) {
      tracer::decode(frame, number, packet);
      if (frame.vantage >= source->vantages().size()) __builtin_trap();
    }
    (void)source->cut_short();
  } catch (const tracer::Failure&) {
  }
  return 0;
}
