// One direction of a TCP connection, put back in order.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "tracer/wire/seq_number.hpp"
#include "tracer/bytes/bytes.hpp"

namespace tracer {

/// Delivers the bytes of a direction in order, once each. In order and read to its end, a segment
/// is only looked at: nothing is copied or allocated. What is not read yet, and what came too
/// early, is kept up to a limit; beyond it the stream gives up() and delivers nothing more.
class ByteStream {
 public:
  static constexpr std::size_t most_unread = 4 << 20, most_early = 4 << 20;  // bytes
  static constexpr std::size_t most_early_segments = 4096;

  /// The first byte that is to come: told by the SYN. Without it the first segment begins the stream.
  void begin(SeqNumber first) {
    if (begun_) return;
    begun_ = true;
    next_ = first;
  }
  /// Takes a segment's payload, which must live until the next call. True if there are new bytes.
  bool add(SeqNumber seq, Bytes payload);
  /// Goes on after bytes that the capture did not keep: what was unread or early is dropped.
  void jump(SeqNumber next);

  /// What has arrived in order and was not read.
  Bytes unread() const { return viewing_ ? view_ : Bytes(held_).subspan(read_); }
  /// REQUIRES: count <= unread().size(). The bytes stay where they are until the next add().
  void read(std::size_t count) {
    if (viewing_)
      view_ = view_.subspan(count);
    else
      read_ += count;
  }
  /// Copies what is left unread, because the segment will not live on.
  void keep_unread();

  SeqNumber next() const { return next_; }  // of the first byte not yet delivered
  bool waiting() const { return !early_.empty(); }
  /// True once more was unread or early than is kept: what follows is not delivered.
  bool gave_up() const { return gave_up_; }
  void give_up();

 private:
  void append(Bytes bytes);

  SeqNumber next_;
  bool begun_ = false, viewing_ = false, gave_up_ = false;
  Bytes view_;
  std::vector<std::byte> held_;
  std::size_t read_ = 0;                                             // of held_
  std::vector<std::pair<SeqNumber, std::vector<std::byte>>> early_;  // in order, may overlap
  std::size_t early_bytes_ = 0;
};

}  // namespace tracer
