#include "tracer/capture/pcapng_file.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "tracer/bytes/failure.hpp"

namespace tracer {
namespace {

constexpr std::size_t block_overhead = 12;         // type, length, and the length once more
constexpr std::uint32_t longest_block = 16 << 20;  // a packet block with room for options
constexpr std::size_t look_ahead = 4 * longest_frame;
constexpr std::size_t padded(std::size_t bytes) { return (bytes + 3) & ~std::size_t{3}; }

/// Calls `use(code, value)` for each option, in order, until the end or the first damaged one.
template <class Use>
void for_each_option(FileOrder order, Bytes options, Use use) {
  while (options.size() >= 4) {
    const std::uint16_t code = order.u16(options, 0), length = order.u16(options, 2);
    if (code == pcapng::opt_end || options.size() - 4 < length) return;
    use(code, options.subspan(4, length));
    options = slice(options, 4 + padded(length));
  }
}

__extension__ using Wide = __int128;

// 1823 to 2116: whoever subtracts two such times gets a number that fits, too.
constexpr std::int64_t farthest = std::int64_t{1} << 62;

/// Ticks to nanoseconds without overflow, whatever resolution a file claims.
std::int64_t to_nanoseconds(std::uint64_t ticks, std::uint64_t per_second, std::int64_t offset) {
  const auto seconds = static_cast<Wide>(ticks / per_second) + offset;
  const auto part = static_cast<Wide>(ticks % per_second) * 1'000'000'000 / per_second;
  const auto total = seconds * 1'000'000'000 + part;
  return static_cast<std::int64_t>(std::clamp<Wide>(total, -farthest, farthest - 1));
}

/// if_tsresol: a power of ten, or of two if the top bit is set. Beyond 64 bits the ticks cannot
/// reach one second, and the largest power stands in.
std::uint64_t resolution(std::uint8_t code) {
  const unsigned exponent = code & 0x7f;
  if (code & 0x80) return exponent < 64 ? std::uint64_t{1} << exponent : std::uint64_t{1} << 63;
  std::uint64_t power = 1;
  for (unsigned i = 0; i < std::min(exponent, 19u); ++i) power *= 10;
  return power;
}

}  // namespace

PcapngFile::PcapngFile(std::unique_ptr<Input> input) : input_(std::move(input)) {
  Bytes body;
  std::uint32_t type = 0;
  if (!read_block(body, type) || type != pcapng::section_header || !section(body))
    throw Failure(exit_code::usage,
                  cut_short_.empty() ? input_->name() + ": not a capture: no pcapng section header"
                                     : cut_short_);
}

bool PcapngFile::stop(std::string why) {
  previous_ = 0;  // place() is where the damage is, and not behind it
  cut_short_ = std::move(why);
  return false;
}

/// Makes one whole block available; its body is what lies between the two lengths.
bool PcapngFile::read_block(Bytes& body, std::uint32_t& type) {
  for (;;) {
    if (input_->consumed() + previous_ >= pause_) return false;
    input_->consume(previous_);
    previous_ = 0;
    if (!input_->ensure(block_overhead)) {
      if (input_->data().empty()) return false;
      return stop(fmt::format("{} ends inside the header of a block, at byte {}", input_->name(),
                              input_->consumed()));
    }
    type = order_.u32(input_->data(), 0);
    if (type == pcapng::section_header) {  // its byte order holds from here on
      const std::uint32_t magic = FileOrder{}.u32(input_->data(), 8);
      if (magic != pcapng::byte_order_magic && magic != __builtin_bswap32(pcapng::byte_order_magic))
        return stop(fmt::format("{}: section header at byte {} has no byte-order magic",
                                input_->name(), input_->consumed()));
      order_.swapped = magic != pcapng::byte_order_magic;
    }
    const std::uint32_t length = order_.u32(input_->data(), 4);
    if (length < block_overhead || length % 4 != 0)
      return stop(fmt::format("{}: block at byte {} claims {} bytes: the file is damaged there",
                              input_->name(), input_->consumed(), length));
    if (length > longest_block) {
      const bool packet = type == pcapng::enhanced_packet || type == pcapng::simple_packet;
      if (packet || type == pcapng::section_header || type == pcapng::interface_description)
        return stop(fmt::format("{}: block at byte {} claims {} bytes: the file is damaged there",
                                input_->name(), input_->consumed(), length));
      if (!input_->skip(length))
        return stop(fmt::format("{} ends inside a block of {} bytes", input_->name(), length));
      continue;
    }
    if (!input_->ensure(length))
      return stop(fmt::format("{} ends inside a block: {} of its {} bytes are there",
                              input_->name(), input_->data().size(), length));
    previous_ = length;
    body = input_->data().subspan(8, length - block_overhead);
    return true;
  }
}

bool PcapngFile::section(Bytes body) {
  if (body.size() < 16) return stop(input_->name() + ": section header is too short");
  if (const std::uint16_t major = order_.u16(body, 4); major != 1)
    return stop(fmt::format("{}: pcapng version {} is not known (1 is)", input_->name(), major));
  section_start_ = vantages_.size();
  ++described_;
  for_each_option(order_, body.subspan(16), [&](std::uint16_t code, Bytes value) {
    if (code == pcapng::shb_userappl) application_ = as_text(value);
  });
  return true;
}

bool PcapngFile::interface(Bytes body) {
  if (body.size() < 8) return stop(input_->name() + ": interface description is too short");
  // A hostile file must not make us keep more than it has bytes for in any useful way.
  if (vantages_.size() >= 65'536) return stop(input_->name() + ": more than 65536 interfaces");
  Vantage vantage{{}, static_cast<LinkType>(order_.u16(body, 0)), order_.u32(body, 4)};
  Clock clock;
  for_each_option(order_, body.subspan(8), [&](std::uint16_t code, Bytes value) {
    if (code == pcapng::if_name) vantage.name = as_text(value);
    if (code == pcapng::if_tsresol && !value.empty())
      clock.ticks_per_second = resolution(be8(value, 0));
    if (code == pcapng::if_tsoffset && value.size() >= 8)
      clock.offset_seconds = static_cast<std::int64_t>(order_.u64(value, 0));
  });
  vantages_.push_back(std::move(vantage));
  clocks_.push_back(clock);
  ++described_;
  return true;
}

bool PcapngFile::fill(Frame& frame, std::uint32_t interface, std::uint64_t ticks,
                      std::uint32_t original, Bytes kept) {
  const std::size_t index = section_start_ + interface;
  if (index >= vantages_.size())
    return stop(fmt::format("{}: a packet names interface {}, which was not described",
                            input_->name(), interface));
  const Clock& clock = clocks_[index];
  frame.time =
      Timestamp(Nanoseconds(to_nanoseconds(ticks, clock.ticks_per_second, clock.offset_seconds)));
  frame.timed = frame.on_interface = true;
  frame.link = vantages_[index].link;
  frame.direction = Direction::unknown;
  frame.vantage = static_cast<std::uint32_t>(index);
  frame.original_length = original;
  frame.bytes = kept;
  frame.packet_id.reset();
  frame.comment = {};
  return true;
}

void PcapngFile::packet_options(Bytes options, Frame& frame) {
  for_each_option(order_, options, [&](std::uint16_t code, Bytes value) {
    if (code == pcapng::opt_comment && frame.comment.empty()) frame.comment = as_text(value);
    if (code == pcapng::epb_packetid && value.size() == 8) frame.packet_id = order_.u64(value, 0);
    if (code == pcapng::epb_flags && value.size() == 4) {
      const std::uint32_t way = order_.u32(value, 0) & 3;
      frame.direction = way == 1   ? Direction::inbound
                        : way == 2 ? Direction::outbound
                                   : Direction::unknown;
    }
  });
}

bool PcapngFile::enhanced(Bytes body, Frame& frame) {
  if (body.size() < 20) return stop(input_->name() + ": packet block is too short");
  const std::uint32_t kept = order_.u32(body, 12);
  if (kept > body.size() - 20 || kept > longest_frame)
    return stop(fmt::format("{}: a packet block claims {} bytes of packet, and has {}",
                            input_->name(), kept, body.size() - 20));
  const std::uint64_t ticks = std::uint64_t{order_.u32(body, 4)} << 32 | order_.u32(body, 8);
  if (!fill(frame, order_.u32(body, 0), ticks, order_.u32(body, 16), body.subspan(20, kept)))
    return false;
  packet_options(slice(body, 20 + padded(kept)), frame);
  return true;
}

bool PcapngFile::obsolete(Bytes body, Frame& frame) {
  if (body.size() < 20) return stop(input_->name() + ": packet block is too short");
  const std::uint32_t kept = order_.u32(body, 12);
  if (kept > body.size() - 20 || kept > longest_frame)
    return stop(fmt::format("{}: a packet block claims {} bytes of packet, and has {}",
                            input_->name(), kept, body.size() - 20));
  const std::uint64_t ticks = std::uint64_t{order_.u32(body, 4)} << 32 | order_.u32(body, 8);
  return fill(frame, order_.u16(body, 0), ticks, order_.u32(body, 16), body.subspan(20, kept));
}

bool PcapngFile::simple(Bytes body, Frame& frame) {
  if (body.size() < 4) return stop(input_->name() + ": packet block is too short");
  if (section_start_ >= vantages_.size()) return fill(frame, 0, 0, 0, {});
  const std::uint32_t original = order_.u32(body, 0), snaplen = vantages_[section_start_].snaplen;
  const std::size_t kept = std::min<std::size_t>(
      {original, body.size() - 4, snaplen ? snaplen : body.size(), longest_frame});
  if (!fill(frame, 0, 0, original, body.subspan(4, kept))) return false;
  frame.timed = false;
  return true;
}

bool PcapngFile::next(Frame& frame) {
  Bytes body;
  std::uint32_t type = 0;
  while (cut_short_.empty() && read_block(body, type)) {
    switch (type) {
      case pcapng::section_header:
        if (!section(body)) return false;
        break;
      case pcapng::interface_description:
        if (!interface(body)) return false;
        break;
      case pcapng::enhanced_packet: return enhanced(body, frame);
      case pcapng::simple_packet: return simple(body, frame);
      case pcapng::packet: return obsolete(body, frame);
      default: break;  // names, statistics, secrets, and whatever comes later
    }
  }
  return false;
}

bool PcapngFile::next_at_hand(Frame& frame) {
  const Bytes following = slice(input_->data(), previous_);
  return following.size() >= block_overhead &&
         order_.u32(following, 0) == pcapng::enhanced_packet &&
         order_.u32(following, 4) <= following.size() && next(frame);
}

/// Is this what one would see from a packet block on: several blocks, the first of them with a
/// packet in it?
bool PcapngFile::seem_blocks(Bytes bytes) const {
  if (bytes.size() < 4 || order_.u32(bytes, 0) != pcapng::enhanced_packet) return false;
  for (unsigned found = 0; found < 8; ++found) {
    if (bytes.size() < block_overhead) return found > 2 || (found > 0 && bytes.empty());
    const std::uint32_t length = order_.u32(bytes, 4);
    if (length < block_overhead || length % 4 != 0 || length > longest_block) return false;
    if (length > bytes.size()) return found > 2;
    if (order_.u32(bytes, length - 4) != length) return false;
    bytes = bytes.subspan(length);
  }
  return true;
}

std::unique_ptr<CaptureFile> PcapngFile::later_part(std::uint64_t from) {
  auto again = input_->again(), scout = input_->again();
  if (!again || !scout) return nullptr;
  auto later = std::make_unique<PcapngFile>(std::move(again));
  Frame first;  // what describes the interfaces is usually before it
  if (!later->next(first)) return nullptr;
  scout->move_to(std::max(later->place().offset, (from + 3) / 4 * 4));  // where blocks may begin
  scout->ensure(look_ahead);                                            // or what there is
  while (!later->seem_blocks(scout->data())) {
    if (scout->data().size() <= block_overhead || scout->consumed() > from + longest_frame)
      return nullptr;
    scout->consume(4);
  }
  later->input_->move_to(scout->consumed());
  later->previous_ = 0;
  return later;
}

}  // namespace tracer
