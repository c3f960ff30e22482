// What one vantage point can tell of a TCP segment, decided in one pass and never revised:
// the tcp.analysis.* columns of Wireshark 4.0, rule for rule, so that the two can be compared.
#pragma once

#include <cstdint>
#include <optional>

#include "tracer/bytes/frame.hpp"
#include "tracer/tracking/pending_segments.hpp"
#include "tracer/wire/packet.hpp"
#include "tracer/wire/tcp_options.hpp"

namespace tracer {

/// Bits of TcpFacts::analysis.
namespace analysis {
inline constexpr std::uint16_t retransmission = 1, fast_retransmission = 2,
                               spurious_retransmission = 4, out_of_order = 8, lost_segment = 16,
                               ack_lost_segment = 32, duplicate_ack = 64, keep_alive = 128,
                               keep_alive_ack = 256, zero_window = 512, zero_window_probe = 1024,
                               zero_window_probe_ack = 2048, window_update = 4096,
                               window_full = 8192, reused_ports = 16384;
}

/// Bits of TcpFacts::completeness: what a connection has shown so far.
namespace completeness {
inline constexpr std::uint8_t syn = 1, syn_ack = 2, ack = 4, data = 8, fin = 16, rst = 32;
}

/// How much is to be found out of each segment of a connection, from the first to the last.
enum class Facts {
  all,
  flags,  // none of acks_frame, ack_rtt, rto, bytes_in_flight: no segment need be remembered
};

/// What is known of one segment, in its connection, when it passes.
struct TcpFacts {
  std::uint32_t stream = 0;    // counts connections from 0, in order of first packet
  std::uint8_t direction = 0;  // 0 or 1: index of the sending endpoint in its Conversation
  bool complete = true;        // false: the header is cut or misshapen; only the state was updated
  std::uint32_t seq = 0, ack = 0, next_seq = 0;  // relative to the initial numbers
  std::uint32_t ack_base = 0;                    // what SACK blocks are relative to
  std::uint32_t length = 0;                      // payload bytes on the wire
  std::uint32_t window = 0;                      // bytes, scaled where the scale is known
  std::int8_t scale = -1;                        // -1 unknown, -2 none, else the shift
  std::uint16_t analysis = 0;
  std::uint8_t completeness = 0;  // before this segment
  std::uint32_t duplicate_ack_number = 0;
  std::uint64_t duplicate_ack_frame = 0;  // where this ACK number first appeared
  std::uint64_t acks_frame = 0;           // the segment that this one acknowledges; 0 if none
  std::optional<Nanoseconds> ack_rtt, initial_rtt, rto;
  std::optional<std::uint32_t> bytes_in_flight;

  bool has(std::uint16_t flag) const { return (analysis & flag) != 0; }
  /// Wireshark repeats the initial RTT on each frame with anything to say.
  bool has_items() const { return analysis || acks_frame || bytes_in_flight; }
};

/// One direction of a connection. 0 doubles as "unset" in next, edge and last_ack, also where a
/// real number happens to be 0: that is part of what we reproduce. A capture may hold millions of
/// connections that are long over and must still be known again: the order of the members leaves no
/// gaps.
struct TcpDirection {
  static constexpr std::int8_t scale_unknown = -1, scale_none = -2;
  static constexpr std::uint16_t many = 0xffff;

  PendingSegments pending;
  Timestamp next_time{}, last_time{};
  std::uint64_t ack_origin = 0;  // frame in which last_ack first appeared
  std::uint32_t isn = 0;
  SeqNumber next;                          // highest segment end seen
  SeqNumber edge;                          // end of the gap-free part
  SeqNumber last_ack;                      // raw field of the latest segment, whatever its ACK bit
  std::uint32_t last_window = 0xffffffff;  // raw; at first no real window
  std::uint32_t sacked_bytes = 0;          // in the first three blocks of the latest segment
  std::uint16_t duplicates = 0;
  std::uint16_t last_analysis = 0;
  std::uint16_t multipath =
      0;  // MPTCP subtypes that the connection had shown at the latest segment
  std::int8_t scale = scale_unknown;
  bool isn_known : 1 = false;
  bool handshake : 1 = false;
  bool hide_in_flight : 1 = false;  // since a lost segment, until the other side acknowledges
};

/// A connection as one vantage point sees it.
struct TcpConnection {
  TcpDirection ends[2];  // in the order of Conversation::ends
  Timestamp syn_time{};
  Nanoseconds initial_rtt{0};  // 0: not known yet
  std::uint32_t stream = 0;
  std::uint16_t multipath = 0;  // a bit for each MPTCP subtype so far, of either end
  std::uint8_t seen = 0;        // completeness bits
  bool begun : 1 = false;       // a segment was judged before
  bool announced : 1 = false;   // an FTP control connection said that it would come
};

/// Must a SYN with this number, without an ACK, open a new stream, though its endpoints have one
/// already? True for another initial sequence number than the one known: the ports were used again.
bool starts_anew(const TcpConnection& connection, unsigned direction, SeqNumber syn);

/// Judges one segment and updates the connection. REQUIRES: packet.any_tcp_length().
/// `reused` marks the first segment of a stream for which starts_anew() was true.
/// Everything in `facts` is written anew.
void analyse(TcpConnection& connection, unsigned direction, const Packet& packet,
             const TcpOptions& options, bool reused, Facts wanted, TcpFacts& facts);

}  // namespace tracer
