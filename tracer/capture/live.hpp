// Frames as they pass a network interface. The only file, with its .cpp, that knows libpcap.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tracer/capture/source.hpp"

namespace tracer {

struct LiveOptions {
  std::string interface;
  std::string filter;               // pcap-filter(7); empty: everything
  std::uint32_t snaplen = 262'144;  // bytes kept of each frame
  std::uint32_t buffer_bytes = 16 << 20;
  bool immediate = true;    // hand over each frame at once, not in batches
  bool promiscuous = true;  // where the interface can
  bool blocking = true;     // else next() is false while nothing waits; poll descriptor()
};

/// Counts since the start (pcap_stats(3pcap)).
struct LiveStatistics {
  std::uint64_t received = 0, dropped = 0;
};

class LiveSource : public FrameSource {
 public:
  virtual int descriptor() const = 0;  // readable when next() has a frame
  virtual LiveStatistics statistics() = 0;
  /// Makes a blocking next() return false soon. Safe in a signal handler.
  virtual void stop() = 0;
};

/// Throws Failure: 4 not permitted (the hint says what to do), 1 no such interface, 2 bad filter
/// or built without libpcap.
std::unique_ptr<LiveSource> open_live(const LiveOptions& options);

/// The interfaces of this machine: name and description. Throws like open_live().
std::vector<std::pair<std::string, std::string>> list_interfaces();

/// Lets through what a pcap-filter(7) expression selects; throws Failure (2) if it is wrong.
std::unique_ptr<FrameSource> filtered(std::unique_ptr<FrameSource> source,
                                      const std::string& filter);

}  // namespace tracer
