#include "tracer/capture/pcap_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tracer/bytes/failure.hpp"

namespace tracer {
namespace {
constexpr std::uint32_t magic_microseconds = 0xa1b2c3d4, magic_nanoseconds = 0xa1b23c4d,
                        magic_modified = 0xa1b2cd34;  // longer record headers: old Linux patches
constexpr std::size_t file_header_bytes = 24;
constexpr std::size_t look_ahead = 4 * longest_frame;

std::uint32_t in_any_order(std::uint32_t magic, bool& swapped) {
  swapped = (magic & 0xffff) == 0xb2a1;
  return swapped ? __builtin_bswap32(magic) : magic;
}
}  // namespace

bool PcapFile::is_magic(std::uint32_t magic) {
  bool swapped;
  const std::uint32_t plain = in_any_order(magic, swapped);
  return plain == magic_microseconds || plain == magic_nanoseconds || plain == magic_modified;
}

PcapFile::PcapFile(std::unique_ptr<Input> input) : input_(std::move(input)) {
  if (!input_->ensure(file_header_bytes))
    throw Failure(exit_code::usage,
                  fmt::format("{}: not a capture: the pcap header ends after {} of 24 bytes",
                              input_->name(), input_->data().size()));
  const Bytes header = input_->data();
  const std::uint32_t magic = in_any_order(FileOrder{}.u32(header, 0), order_.swapped);
  if (magic == magic_nanoseconds) nanoseconds_per_tick_ = 1;
  if (magic == magic_modified) record_header_bytes_ = 24;
  if (order_.u16(header, 4) != 2)
    throw Failure(exit_code::usage, fmt::format("{}: pcap version {} is not known (2 is)",
                                                input_->name(), order_.u16(header, 4)));
  // The upper bits tell of frame check sequences; the link type is in the lower 16.
  const auto link = static_cast<LinkType>(order_.u32(header, 20) & 0xffff);
  vantages_.push_back({input_->name(), link, order_.u32(header, 16)});
  input_->consume(file_header_bytes);
}

bool PcapFile::next(Frame& frame) {
  if (!cut_short_.empty() || input_->consumed() + previous_ >= pause_) return false;
  input_->consume(previous_);
  previous_ = 0;
  if (!input_->ensure(record_header_bytes_)) {
    if (!input_->data().empty())
      cut_short_ =
          fmt::format("{} ends inside the header of frame {}", input_->name(), frames_ + 1);
    return false;
  }
  const Bytes header = input_->data();
  const std::uint32_t seconds = order_.u32(header, 0), fraction = order_.u32(header, 4);
  const std::uint32_t kept = order_.u32(header, 8), original = order_.u32(header, 12);
  if (kept > longest_frame) {
    cut_short_ = fmt::format("{}: frame {} claims {} bytes: the file is damaged there",
                             input_->name(), frames_ + 1, kept);
    return false;
  }
  if (!input_->ensure(record_header_bytes_ + kept)) {
    cut_short_ = fmt::format("{} ends inside frame {}, after {} of its {} bytes", input_->name(),
                             frames_ + 1, input_->data().size() - record_header_bytes_, kept);
    return false;
  }
  ++frames_;
  previous_ = record_header_bytes_ + kept;
  frame.time = Timestamp(std::chrono::seconds(seconds) +
                         Nanoseconds(std::uint64_t{fraction} * nanoseconds_per_tick_));
  frame.timed = true;
  frame.on_interface = false;
  frame.link = vantages_[0].link;
  frame.direction = Direction::unknown;
  frame.vantage = 0;
  frame.original_length = original;
  frame.bytes = input_->data().subspan(record_header_bytes_, kept);
  frame.packet_id.reset();
  frame.comment = {};
  const std::byte* const following = frame.bytes.data() + kept;  // asked for soon; may not be there
  __builtin_prefetch(following);
  __builtin_prefetch(following + 64);
  return true;
}

bool PcapFile::next_at_hand(Frame& frame) {
  const Bytes following = slice(input_->data(), previous_);
  return following.size() >= record_header_bytes_ &&
         following.size() - record_header_bytes_ >= order_.u32(following, 8) && next(frame);
}

/// Is this what one would see from the start of a record on: several of them, none empty, and all
/// within a year of `seconds`?
bool PcapFile::seem_records(Bytes bytes, std::uint32_t seconds) const {
  constexpr std::uint32_t year = 366 * 24 * 60 * 60;
  const std::uint32_t ticks = 1'000'000'000 / nanoseconds_per_tick_;
  for (unsigned found = 0; found < 16; ++found) {
    if (bytes.size() < record_header_bytes_) return found > 2 || (found > 0 && bytes.empty());
    const std::uint32_t away = order_.u32(bytes, 0) - seconds, kept = order_.u32(bytes, 8),
                        original = order_.u32(bytes, 12);
    if ((away > year && -away > year) || order_.u32(bytes, 4) >= ticks || kept == 0 ||
        kept > original || original > longest_frame)
      return false;
    if (bytes.size() - record_header_bytes_ < kept) return found > 2;
    bytes = bytes.subspan(record_header_bytes_ + kept);
  }
  return true;
}

std::unique_ptr<CaptureFile> PcapFile::later_part(std::uint64_t from) {
  auto again = input_->again(), scout = input_->again();
  if (!again || !scout) return nullptr;
  scout->move_to(file_header_bytes);
  if (!scout->ensure(record_header_bytes_)) return nullptr;
  const std::uint32_t seconds = order_.u32(scout->data(), 0);
  scout->move_to(std::max<std::uint64_t>(from, file_header_bytes));
  scout->ensure(look_ahead);  // or what there is
  while (!seem_records(scout->data(), seconds)) {
    if (scout->data().size() <= record_header_bytes_ || scout->consumed() > from + longest_frame)
      return nullptr;
    scout->consume(1);
  }
  auto later = std::make_unique<PcapFile>(std::move(again));
  later->input_->move_to(scout->consumed());
  return later;
}

}  // namespace tracer
