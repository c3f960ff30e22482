#pragma once

#include <map>
#include <memory>

#include "tracer/capture/endian.hpp"
#include "tracer/capture/input.hpp"
#include "tracer/capture/source.hpp"

namespace tracer {

/// Block types and option codes of pcapng (draft-ietf-opsawg-pcapng), shared with the writer.
namespace pcapng {
inline constexpr std::uint32_t section_header = 0x0a0d0d0a, byte_order_magic = 0x1a2b3c4d,
                               interface_description = 1, packet = 2, simple_packet = 3,
                               name_resolution = 4, enhanced_packet = 6;
inline constexpr std::uint16_t opt_end = 0, opt_comment = 1, shb_userappl = 4, if_name = 2,
                               if_tsresol = 9, if_tsoffset = 14, epb_flags = 2, epb_packetid = 5;
}  // namespace pcapng

/// The pcapng format, several sections and interfaces of different link types included.
/// Frames point into the input's buffer.
class PcapngFile final : public CaptureFile {
 public:
  /// Throws Failure (2) if the first section header is no good.
  explicit PcapngFile(std::unique_ptr<Input> input);

  bool next(Frame& frame) override;
  bool next_at_hand(Frame& frame) override;
  const std::vector<Vantage>& vantages() const override { return vantages_; }
  std::string cut_short() const override { return cut_short_; }
  std::string application() const override { return application_; }
  FilePlace place() const override { return {input_->consumed() + previous_, described_}; }
  void pause_at(std::uint64_t offset) override { pause_ = offset; }
  std::unique_ptr<CaptureFile> later_part(std::uint64_t from) override;

 private:
  struct Clock {
    std::uint64_t ticks_per_second = 1'000'000;
    std::int64_t offset_seconds = 0;
  };
  bool seem_blocks(Bytes bytes) const;
  bool stop(std::string why);
  bool read_block(Bytes& body, std::uint32_t& type);
  bool section(Bytes body);
  bool interface(Bytes body);
  bool enhanced(Bytes body, Frame& frame);
  bool simple(Bytes body, Frame& frame);
  bool obsolete(Bytes body, Frame& frame);
  bool fill(Frame& frame, std::uint32_t interface, std::uint64_t ticks, std::uint32_t original,
            Bytes kept);
  void packet_options(Bytes options, Frame& frame);

  std::unique_ptr<Input> input_;
  FileOrder order_;
  std::uint64_t pause_ = UINT64_MAX;  // offset
  std::uint64_t described_ = 0;       // section headers and interface descriptions
  std::size_t previous_ = 0;          // bytes of the block handed out last, still in the buffer
  std::size_t section_start_ = 0;     // index of the section's first interface in vantages_
  std::vector<Vantage> vantages_;     // of all sections
  std::vector<Clock> clocks_;         // one for each vantage
  std::string application_, cut_short_;
};

}  // namespace tracer
