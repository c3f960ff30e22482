// Capture files byte by byte, the wrong ones too, and what the reader makes of them.
#pragma once

#include <string>
#include <vector>

#include "tests/support/frames.hpp"
#include "tracer/bytes/frame_store.hpp"

namespace support {

/// A file that is gone when this is.
class TemporaryFile {
 public:
  explicit TemporaryFile(const Buffer& content = {});
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }
  Buffer content() const;

 private:
  std::string path_;
};

/// Numbers in the byte order of the file's writer.
struct ByteOrder {
  bool big;
  Buffer n16(unsigned value) const;
  Buffer n32(std::uint32_t value) const;
  Buffer n64(std::uint64_t value) const;
};

/// The classic format.
struct PcapHeader {
  bool big = false, nanoseconds = false;
  std::uint32_t link = 1, snaplen = 65535;
  std::uint16_t major = 2;
};
Buffer pcap_header(const PcapHeader& header);
Buffer pcap_record(bool big, std::uint32_t seconds, std::uint32_t fraction, const Buffer& bytes,
                   std::uint32_t original = 0);

/// pcapng: a block with its lengths; sections, interfaces, packets made of it.
Buffer block(ByteOrder order, std::uint32_t type, const Buffer& body);
Buffer option(ByteOrder order, unsigned code, const Buffer& value);
Buffer section(ByteOrder order, const Buffer& options = {});
Buffer interface(ByteOrder order, unsigned link, const Buffer& options = {},
                 std::uint32_t snaplen = 0);
Buffer enhanced(ByteOrder order, std::uint32_t interface, std::uint64_t ticks, const Buffer& bytes,
                const Buffer& options = {});

}  // namespace support
