#pragma once

#include <memory>

#include "tracer/capture/endian.hpp"
#include "tracer/capture/input.hpp"
#include "tracer/capture/source.hpp"

namespace tracer {

/// The classic format (draft-ietf-opsawg-pcap). Frames point into the input's buffer.
class PcapFile final : public CaptureFile {
 public:
  /// Is this number, read in the machine's byte order, the start of a classic file?
  static bool is_magic(std::uint32_t magic);
  /// Throws Failure (2) if the header is cut or of an unknown version.
  explicit PcapFile(std::unique_ptr<Input> input);

  bool next(Frame& frame) override;
  bool next_at_hand(Frame& frame) override;
  const std::vector<Vantage>& vantages() const override { return vantages_; }
  std::string cut_short() const override { return cut_short_; }
  FilePlace place() const override { return {input_->consumed() + previous_, 1}; }
  void pause_at(std::uint64_t offset) override { pause_ = offset; }
  std::unique_ptr<CaptureFile> later_part(std::uint64_t from) override;

 private:
  bool seem_records(Bytes bytes, std::uint32_t seconds) const;

  std::unique_ptr<Input> input_;
  FileOrder order_;
  std::uint32_t nanoseconds_per_tick_ = 1000;
  std::size_t record_header_bytes_ = 16;
  std::uint64_t frames_ = 0;
  std::uint64_t pause_ = UINT64_MAX;  // offset
  std::size_t previous_ = 0;          // bytes of the record handed out last, still in the buffer
  std::vector<Vantage> vantages_;
  std::string cut_short_;
};

}  // namespace tracer
