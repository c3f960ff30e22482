#pragma once

#include "tracer/bytes/bytes.hpp"
#include "tracer/bytes/decoded.hpp"
#include "tracer/wire/seq_number.hpp"

namespace tracer {

/// The control bits, as the wire has them (RFC 9293 §3.1; AE: RFC 9768).
struct TcpFlags {
  static constexpr std::uint16_t fin = 0x001, syn = 0x002, rst = 0x004, psh = 0x008, ack = 0x010,
                                 urg = 0x020, ece = 0x040, cwr = 0x080, ae = 0x100;
  std::uint16_t bits = 0;  // the low 12 bits of the word: three reserved bits, AE, and the rest

  constexpr bool has(std::uint16_t mask) const { return (bits & mask) != 0; }
  /// SYN, FIN or RST: segments that steer the connection.
  constexpr bool control() const { return has(syn | fin | rst); }
};

/// A TCP header read in place, without a copy (RFC 9293 §3.1). Valid only while the frame is.
class TcpHeader {
 public:
  static constexpr std::size_t min_size = 20;  // bytes, without options

  /// Checks every length once, so that no accessor below can run past the end.
  /// truncated: the capture holds fewer than 20 bytes; options may be cut and are then short.
  /// malformed: Data Offset is under 5 words.
  static Decoded<TcpHeader> parse(Bytes segment) {
    if (segment.size() < min_size)
      return DecodeError{Fault::truncated, "TCP", min_size, segment.size()};
    const std::size_t size = (be8(segment, at::data_offset) >> 4) * 4u;
    if (size < min_size) return DecodeError{Fault::malformed, "TCP", min_size, size};
    return TcpHeader(segment);
  }
  /// REQUIRES: 20 bytes; and parse() finds nothing wrong, or nothing is asked but what comes before
  /// the options.
  static TcpHeader parsed(Bytes segment) { return TcpHeader(segment); }

  std::uint16_t source_port() const { return be16(segment_, at::source_port); }
  std::uint16_t destination_port() const { return be16(segment_, at::destination_port); }
  SeqNumber seq() const { return {be32(segment_, at::seq)}; }  // SEG.SEQ
  SeqNumber ack() const { return {be32(segment_, at::ack)}; }  // SEG.ACK, if ACK is set
  TcpFlags flags() const {
    return {static_cast<std::uint16_t>(be16(segment_, at::data_offset) & 0x0fff)};
  }
  std::uint16_t window() const { return be16(segment_, at::window); }  // SEG.WND, unscaled
  std::uint16_t checksum() const { return be16(segment_, at::checksum); }
  std::uint16_t urgent_pointer() const { return be16(segment_, at::urgent); }

  /// In bytes; the wire counts 32-bit words. May exceed what the capture kept.
  std::size_t size() const { return (be8(segment_, at::data_offset) >> 4) * 4u; }
  bool complete() const { return size() <= segment_.size(); }
  Bytes options() const { return slice(segment_, min_size, size() - min_size); }
  /// Bytes of the options that the capture did not keep.
  std::size_t missing_options() const { return complete() ? 0 : size() - segment_.size(); }
  Bytes payload() const { return slice(segment_, size()); }  // what the capture kept of it

 private:
  struct at {  // offsets in bytes: the RFC's picture, told once
    static constexpr std::size_t source_port = 0, destination_port = 2, seq = 4, ack = 8,
                                 data_offset = 12, window = 14, checksum = 16, urgent = 18;
  };
  explicit TcpHeader(Bytes segment) : segment_(segment) {}
  Bytes segment_;
};

}  // namespace tracer
