// Any text as a display filter; one that is accepted is asked about frames of the same input.
#include "tests/fuzz/frames.hpp"
#include "tracer/bytes/failure.hpp"
#include "tracer/fields/frame_filter.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = input.find('\0');  // the filter, a zero, frames
  try {
    tracer::FrameFilter filter(std::string(input.substr(0, end)));
    if (end == std::string_view::npos) return 0;
    for (const tracer::Frame& frame :
         tracer::fuzz::frames_of(tracer::as_bytes(input.substr(end + 1))))
      filter(frame);
  } catch (const tracer::Failure& failure) {
    if (failure.code != tracer::exit_code::usage) __builtin_trap();
  }
  return 0;
}
