#pragma once

#include <cstdint>
#include <memory>
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

/// Between two records of a capture file.
struct FilePlace {
  std::uint64_t offset = 0;     // bytes from the start
  std::uint64_t described = 0;  // sections and interfaces, whose description was before
  friend bool operator==(const FilePlace&, const FilePlace&) = default;
};

/// A file that two threads can read at once: one from its start, the other a later part.
class CaptureFile : public FrameSource {
 public:
  /// As next(), where that takes no more than what has been read of the file already: frames stay
  /// valid until the call after it of next(). False: it takes more, which next() then reads.
  virtual bool next_at_hand(Frame& frame) = 0;
  /// Where next() goes on.
  virtual FilePlace place() const = 0;
  /// From now on next() returns false where it would begin at `offset` or behind it.
  virtual void pause_at(std::uint64_t offset) = 0;
  /// Another reader of this file, which begins at the first offset from `from` on where a record
  /// seems to. That is a guess, which who reads from the start confirms by coming to the same
  /// place(). Both end where the file ends now, though it may grow. Null: there is no such record
  /// nearby, or the input is a pipe, which gives its bytes once.
  virtual std::unique_ptr<CaptureFile> later_part(std::uint64_t from) = 0;
};

}  // namespace tracer
