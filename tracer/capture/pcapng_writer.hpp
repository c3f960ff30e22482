#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tracer/bytes/frame.hpp"
#include "tracer/capture/source.hpp"

namespace tracer {

/// Writes pcapng (draft-ietf-opsawg-pcapng): nanosecond time stamps, direction, packet id and
/// comment of each frame. Buffered; the file is complete after finish(), and well-formed up to the
/// last whole block if the process dies before.
class PcapngWriter {
 public:
  /// Opens the file at once, so that a sandbox may close behind it; "-" is standard output.
  /// Throws Failure (1, or 4 if not permitted).
  PcapngWriter(const std::string& path, std::string application, std::string comment = {});
  /// Into memory: `*into` grows with each flush() and must outlive the writer.
  PcapngWriter(std::string* into, std::string application, std::string comment = {});
  ~PcapngWriter();
  PcapngWriter(const PcapngWriter&) = delete;
  PcapngWriter& operator=(const PcapngWriter&) = delete;

  /// What the whole file is about. REQUIRES: nothing was added yet.
  void describe(std::string comment) { comment_ = std::move(comment); }
  /// Frame::vantage of later frames counts these calls from 0.
  void add_interface(const Vantage& vantage);
  std::size_t interfaces() const { return links_.size(); }
  /// A Name Resolution Block: Wireshark shows the names.
  void add_name(Bytes address, const std::string& name);
  void write(const Frame& frame);
  /// Hands everything to the kernel. Throws Failure (1) where that fails: disk full, pipe closed.
  void flush();

 private:
  void section(const std::string& application, const std::string& comment);
  void u16(std::uint16_t value);
  void u32(std::uint32_t value);
  void raw(Bytes bytes);  // padded to four bytes
  void option(std::uint16_t code, Bytes value);
  std::size_t begin(std::uint32_t type);
  void end(std::size_t start);

  void section();

  std::string name_, application_, comment_;
  int fd_ = -1;
  std::string* into_ = nullptr;
  bool begun_ = false;  // the section header is written
  std::vector<LinkType> links_;
  std::vector<std::byte> buffer_;
};

}  // namespace tracer
