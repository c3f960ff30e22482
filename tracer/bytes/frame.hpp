// What a capture holds: one frame, with the time and the place at which it was seen.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "tracer/bytes/bytes.hpp"

namespace tracer {

using Nanoseconds = std::chrono::nanoseconds;
/// Wall-clock time; capture files count from 1970 (UTC).
using Timestamp = std::chrono::sys_time<Nanoseconds>;

/// The link layer of a frame, by its LINKTYPE_ number in pcap files
/// (https://www.tcpdump.org/linktypes.html). Numbers not listed here are kept as they are.
enum class LinkType : std::uint16_t {
  null = 0,  // BSD loopback, address family in the capturing machine's byte order
  ethernet = 1,
  ppp = 9,
  raw_bsd = 12,  // DLT_RAW on most systems: IP without a link layer
  raw_openbsd = 14,
  ppp_serial = 50,
  pppoe = 51,
  raw = 101,
  cisco_hdlc = 104,
  loop = 108,  // OpenBSD loopback, address family in network byte order
  linux_sll = 113,
  ipv4 = 228,
  ipv6 = 229,
  linux_sll2 = 276,
};

/// Which way a frame went past the place of capture.
enum class Direction : std::uint8_t { unknown, inbound, outbound };

/// One captured frame. The bytes belong to the source that produced it and are valid until
/// the source is asked for the next one.
struct Frame {
  Timestamp time{};
  bool timed = true;  // false: the capture does not say when (time is 1970)
  LinkType link = LinkType::ethernet;
  Direction direction = Direction::unknown;
  bool on_interface = false;          // the capture describes the interface (pcapng)
  std::uint32_t vantage = 0;          // which interface or file it comes from, from 0
  std::uint32_t original_length = 0;  // bytes on the wire
  Bytes bytes;                        // bytes kept: at most original_length, if a snaplen cut it
  std::optional<std::uint64_t> packet_id;  // pcapng epb_packetid: the same packet at every vantage
  std::string_view comment;                // pcapng opt_comment, empty if none
};

/// In a capture from two ends each packet is there twice; whoever counts leaves out this one.
inline bool is_seen_again(const Frame& frame) {
  return frame.packet_id && frame.direction == Direction::inbound;
}

}  // namespace tracer
