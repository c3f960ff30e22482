// What stands in for live_pcap.cpp in a build without libpcap: files still work.
#include "tracer/bytes/failure.hpp"
#include "tracer/capture/live.hpp"

namespace tracer {
namespace {
[[noreturn]] void refuse(const std::string& what) {
  throw Failure(exit_code::usage, what + ": this tracer was built without libpcap",
                "install libpcap-dev and run: meson setup --reconfigure build -Dpcap=enabled");
}
}  // namespace

std::unique_ptr<LiveSource> open_live(const LiveOptions& options) { refuse(options.interface); }
std::vector<std::pair<std::string, std::string>> list_interfaces() { refuse("-D"); }
std::unique_ptr<FrameSource> filtered(std::unique_ptr<FrameSource>, const std::string& filter) {
  refuse("capture filter '" + filter + "'");
}

}  // namespace tracer
