#include "labs/testbed/wire_process.hpp"

namespace testbed {
namespace {

constexpr std::uint16_t local_experimental = 0x88b5;  // IEEE 802 EtherType for private use

/// An MLDv2 report (RFC 3810 §5.2) that speaks of solicited-node groups only (RFC 4291 §2.7.1):
/// what Linux sends when an interface gets an address, whatever the programs do.
bool reports_own_address(tracer::Bytes frame) {
  constexpr std::size_t ip = 14, hop_by_hop = ip + 40, icmp = hop_by_hop + 8, first = icmp + 8;
  if (frame.size() < first || tracer::be16(frame, 12) != 0x86dd) return false;
  if (tracer::be8(frame, ip + 6) != 0 || tracer::be8(frame, hop_by_hop) != 58) return false;
  if (tracer::be8(frame, icmp) != 143) return false;
  const unsigned records = tracer::be16(frame, icmp + 6);
  for (unsigned i = 0; i < records; ++i) {
    const std::size_t group = first + i * 20u + 4;
    if (group + 16 > frame.size()) return false;
    const bool solicited_node = tracer::be32(frame, group) == 0xff020000 &&
                                tracer::be32(frame, group + 8) == 1 &&
                                tracer::be8(frame, group + 12) == 0xff;
    if (!solicited_node) return false;
  }
  return true;
}

}  // namespace

bool is_sentinel(tracer::Bytes frame) {
  return frame.size() >= 14 && tracer::be16(frame, 12) == local_experimental;
}

bool is_last_sentinel(tracer::Bytes frame) {
  return is_sentinel(frame) && frame.size() > 14 && tracer::be8(frame, 14) != 0;
}

bool is_housekeeping(tracer::Bytes frame) {
  return is_sentinel(frame) || reports_own_address(frame);
}

}  // namespace testbed
