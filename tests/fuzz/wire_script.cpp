// Any text as a wire script; one that is accepted decides about a few frames.
#include "labs/testbed/wire_rules.hpp"
#include "tests/fuzz/frames.hpp"
#include "tracer/bytes/failure.hpp"
#include "tracer/fields/frame_filter.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = input.find('\0');  // the script, a zero, frames
  try {
    const auto compile = [](const std::string& text) -> testbed::FramePredicate {
      return tracer::FrameFilter(text);
    };
    testbed::WireRules rules(testbed::parse_wire_script(input.substr(0, end)), 1, compile);
    if (end == std::string_view::npos) return 0;
    for (const tracer::Frame& frame :
         tracer::fuzz::frames_of(tracer::as_bytes(input.substr(end + 1))))
      (void)rules.decide(frame.vantage ? testbed::Side::server : testbed::Side::client, frame,
                         frame.time);
  } catch (const tracer::Failure& failure) {
    if (failure.code != tracer::exit_code::usage) __builtin_trap();
  }
  return 0;
}
