#pragma once

#include <cstdint>
#include <string>

namespace bench {

struct MadeCapture {
  std::uint64_t packets = 0, connections = 0, bytes = 0;  // bytes of the file
};

/// Writes a classic pcap file of short HTTP connections, 64 alive at a time: three-way handshake,
/// a GET of about 200 bytes, a reply in one to three segments, all acknowledged, closed by FINs.
/// Sequence numbers, windows, time stamp options and checksums are right; one reply in 50 begins with a segment that is sent
/// twice. The seed is fixed: the same file every time. Throws std::runtime_error.
MadeCapture make_http_capture(const std::string& path, std::uint64_t packets);

/// One connection that carries bulk data in full segments, each second one acknowledged, with now
/// and then a segment lost and sent again after three duplicate ACKs.
MadeCapture make_bulk_capture(const std::string& path, std::uint64_t packets);

}  // namespace bench
