#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tracer/bytes/frame.hpp"

namespace tracer {

/// A place of capture: an interface of a pcapng section, a classic file, a live interface.
struct Vantage {
  std::string name;  // if_name, or the file's name
  LinkType link = LinkType::ethernet;
  std::uint32_t snaplen = 0;  // bytes; 0: unlimited
};

/// Where frames come from, one at a time, in the order of capture.
class FrameSource {
 public:
  virtual ~FrameSource() = default;
  /// Fills `frame` and returns true; false at the end. `frame` is valid until the next call.
  virtual bool next(Frame& frame) = 0;
  /// The places of capture seen so far; Frame::vantage indexes it.
  virtual const std::vector<Vantage>& vantages() const = 0;
  /// Why reading stopped before the input's own end; empty if it did not.
  virtual std::string cut_short() const { return {}; }
  /// The program that wrote the file, as it says itself (pcapng shb_userappl); may be empty.
  virtual std::string application() const { return {}; }
};

}  // namespace tracer
