#include "tests/support/capture_files.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include <gtest/gtest.h>

namespace support {

TemporaryFile::TemporaryFile(const Buffer& content)
    : path_(testing::TempDir() + "wirelab-test-XXXXXX") {
  const int fd = mkstemp(path_.data());
  if (fd < 0 || write(fd, content.data(), content.size()) != static_cast<ssize_t>(content.size()))
    throw std::runtime_error("cannot write " + path_);
  close(fd);
}
TemporaryFile::~TemporaryFile() { unlink(path_.c_str()); }

Buffer TemporaryFile::content() const {
  std::ifstream in(path_, std::ios::binary);
  const std::string all{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  return text(all);
}

Buffer ByteOrder::n16(unsigned value) const {
  const Buffer bytes = u16(value);
  return big ? bytes : Buffer(bytes.rbegin(), bytes.rend());
}
Buffer ByteOrder::n32(std::uint32_t value) const {
  const Buffer bytes = u32(value);
  return big ? bytes : Buffer(bytes.rbegin(), bytes.rend());
}
Buffer ByteOrder::n64(std::uint64_t value) const {
  const Buffer bytes =
      join({u32(static_cast<std::uint32_t>(value >> 32)), u32(static_cast<std::uint32_t>(value))});
  return big ? bytes : Buffer(bytes.rbegin(), bytes.rend());
}

Buffer pcap_header(const PcapHeader& header) {
  const ByteOrder order{header.big};
  return join({order.n32(header.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4), order.n16(header.major),
               order.n16(4), order.n32(0), order.n32(0), order.n32(header.snaplen),
               order.n32(header.link)});
}
Buffer pcap_record(bool big, std::uint32_t seconds, std::uint32_t fraction, const Buffer& bytes,
                   std::uint32_t original) {
  const ByteOrder order{big};
  const auto kept = static_cast<std::uint32_t>(bytes.size());
  return join({order.n32(seconds), order.n32(fraction), order.n32(kept),
               order.n32(original ? original : kept), bytes});
}

Buffer block(ByteOrder order, std::uint32_t type, const Buffer& body) {
  Buffer padded = body;
  padded.resize((padded.size() + 3) / 4 * 4);
  const auto length = order.n32(static_cast<std::uint32_t>(padded.size() + 12));
  return join({order.n32(type), length, padded, length});
}
Buffer option(ByteOrder order, unsigned code, const Buffer& value) {
  Buffer padded = value;
  padded.resize((padded.size() + 3) / 4 * 4);
  return join({order.n16(code), order.n16(static_cast<unsigned>(value.size())), padded});
}
Buffer section(ByteOrder order, const Buffer& options) {
  return block(order, 0x0a0d0d0a,
               join({order.n32(0x1a2b3c4d), order.n16(1), order.n16(0),
                     order.n64(~std::uint64_t{0}), options}));
}
Buffer interface(ByteOrder order, unsigned link, const Buffer& options, std::uint32_t snaplen) {
  return block(order, 1, join({order.n16(link), order.n16(0), order.n32(snaplen), options}));
}
Buffer enhanced(ByteOrder order, std::uint32_t interface, std::uint64_t ticks, const Buffer& bytes,
                const Buffer& options) {
  Buffer padded = bytes;
  padded.resize((padded.size() + 3) / 4 * 4);
  const auto kept = order.n32(static_cast<std::uint32_t>(bytes.size()));
  return block(order, 6,
               join({order.n32(interface), order.n32(static_cast<std::uint32_t>(ticks >> 32)),
                     order.n32(static_cast<std::uint32_t>(ticks)), kept, kept, padded, options}));
}

}  // namespace support
