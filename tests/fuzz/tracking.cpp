// Some frames after each other, from one end and from two: reassembly, tracking, and every drawing.
#include "tests/fuzz/everything.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tracer;
  fuzz::show_everything(fuzz::frames_of(std::as_bytes(std::span(data, size))));
  return 0;
}
