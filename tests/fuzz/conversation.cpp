// What two programs say to each other, in segments and datagrams that are in order: so that the
// fuzzer need not find headers and checksums first, and all it does reaches the applications.
#include "tests/fuzz/everything.hpp"

namespace {

using tracer::Bytes;

void put16(std::vector<std::byte>& out, std::size_t value) {
  out.push_back(static_cast<std::byte>(value >> 8));
  out.push_back(static_cast<std::byte>(value));
}

/// IPv4, and TCP or UDP, of 10.0.0.1:40000 and 10.0.0.2:port.
std::vector<std::byte> frame_of(unsigned from, std::uint16_t port, bool udp, std::uint8_t flags,
                                const std::uint32_t (&next)[2], Bytes payload) {
  std::vector<std::byte> out;
  out.reserve(40 + payload.size());
  put16(out, 0x4500);
  put16(out, (udp ? 28 : 40) + payload.size());
  put16(out, 1);
  put16(out, 0x4000);
  put16(out, udp ? 0x4011 : 0x4006);
  put16(out, 0);
  for (const unsigned end : {from, 1 - from}) {
    put16(out, 0x0a00);
    put16(out, 1 + end);
  }
  for (const unsigned end : {from, 1 - from}) put16(out, end == 0 ? 40000 : port);
  if (udp) {
    put16(out, 8 + payload.size());
  } else {
    for (const unsigned end : {from, 1 - from}) {
      put16(out, next[end] >> 16);
      put16(out, next[end] & 0xffff);
    }
    put16(out, 0x5000u | flags);
    put16(out, 0xffff);
    put16(out, 0);
  }
  put16(out, 0);
  out.insert(out.end(), payload.begin(), payload.end());
  return out;
}

}  // namespace

/// A byte for the port, then pieces: a byte that says who speaks and how long, and what it says.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tracer;
  Bytes input = std::as_bytes(std::span(data, size));
  if (input.empty()) return 0;
  constexpr std::uint16_t ports[] = {21, 25, 53, 80, 443, 587, 6379, 8080};
  const std::uint8_t kind = be8(input, 0);
  const std::uint16_t port = ports[kind & 7];
  const bool udp = (kind & 8) != 0;
  constexpr std::uint8_t syn = 2, fin = 1, ack = 16;
  std::vector<std::vector<std::byte>> frames;
  std::uint32_t next[2] = {100, 500};
  if (!udp && (kind & 16) == 0)  // else joined in the middle
    for (const unsigned from : {0u, 1u}) {
      frames.push_back(frame_of(from, port, udp, from ? syn | ack : syn, next, {}));
      ++next[from];
    }
  for (input = slice(input, 1); input.size() >= 2 && frames.size() < 64;) {
    const std::uint8_t head = be8(input, 0);
    const unsigned from = head & 1;
    const Bytes said = slice(input, 2, be8(input, 1) * ((head & 2) ? 8u : 1u));
    const bool lost = (head & 0x1c) == 0x1c, last = (head & 0xe0) == 0xe0;
    if (!lost)
      frames.push_back(
          frame_of(from, port, udp, static_cast<std::uint8_t>(last ? fin | ack : ack), next, said));
    next[from] += static_cast<std::uint32_t>(said.size() + last);
    input = slice(input, 2 + said.size());
  }
  std::vector<Frame> capture;
  Timestamp now{std::chrono::seconds(1'700'000'000)};
  for (const std::vector<std::byte>& bytes : frames) {
    Frame frame;
    frame.link = LinkType::raw;
    frame.time = now += std::chrono::milliseconds(1);
    frame.bytes = bytes;
    frame.original_length = static_cast<std::uint32_t>(bytes.size());
    capture.push_back(frame);
  }
  fuzz::show_everything(capture);
  return 0;
}
