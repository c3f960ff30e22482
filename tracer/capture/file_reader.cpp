#include "tracer/capture/file_reader.hpp"

#include "tracer/bytes/failure.hpp"
#include "tracer/capture/pcap_file.hpp"
#include "tracer/capture/pcapng_file.hpp"

namespace tracer {
namespace {

std::unique_ptr<CaptureFile> source_of(std::unique_ptr<Input> input) {
  if (!input->ensure(4))
    throw Failure(
        exit_code::usage,
        input->name() + (input->data().empty() ? ": not a capture: it is empty"
                                               : ": not a capture: it is too short"),
        "capture files start with a pcap or pcapng header; was the capture stopped early?");
  const std::uint32_t magic = FileOrder{}.u32(input->data(), 0);
  if (magic == pcapng::section_header) return std::make_unique<PcapngFile>(std::move(input));
  if (PcapFile::is_magic(magic)) return std::make_unique<PcapFile>(std::move(input));
  std::string hint = "tcpdump -w FILE and Wireshark write what is read here: pcap and pcapng";
  if ((magic & 0xffff) == 0x8b1f) hint = "it is compressed: gzip -dc FILE | tracer -r -";
  throw Failure(exit_code::usage, input->name() + ": not a capture: no pcap or pcapng header",
                hint);
}

}  // namespace

std::unique_ptr<CaptureFile> open_capture(const std::string& path) {
  return source_of(std::make_unique<Input>(path));
}

}  // namespace tracer
