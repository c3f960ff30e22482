#pragma once

#include <memory>
#include <string>

#include "tracer/capture/source.hpp"

namespace tracer {

/// Opens a capture file: pcap (microseconds, nanoseconds, both byte orders) or pcapng; "-" is
/// standard input. The format is told by the first bytes, never by the name.
/// Throws Failure: 1 no such file, 2 not a capture, 4 not readable for us.
///
/// The readers are ours and not libpcap's because libpcap refuses a pcapng file whose interfaces
/// have different link types, drops comments and packet ids, and is not always there.
std::unique_ptr<CaptureFile> open_capture(const std::string& path);

}  // namespace tracer
