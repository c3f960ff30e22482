#include "tracer/tracking/tcp_analysis.hpp"

#include <algorithm>

namespace tracer {
namespace {

using namespace std::chrono_literals;
constexpr Nanoseconds fast_retransmit_limit = 20ms;
constexpr Nanoseconds out_of_order_limit = 3ms;  // while the initial RTT is not known
constexpr std::uint32_t longest_plausible_flight = 2'000'000'000;  // bytes

/// One segment on its way through the rules. `own` is the direction that it travels in.
class Judge {
 public:
  Judge(TcpConnection& connection, unsigned direction, const Packet& packet, std::uint32_t length,
        Facts wanted)
      : connection_(connection),
        own_(connection.ends[direction]),
        other_(connection.ends[1 - direction]),
        flags_(packet.any_tcp()->flags()),
        seq_(packet.any_tcp()->seq()),
        ack_(packet.any_tcp()->ack()),
        window_(packet.any_tcp()->window()),
        length_(length),
        end_(seq_ + length + (flags_.has(TcpFlags::syn | TcpFlags::fin) ? 1 : 0)),
        time_(packet.frame.time),
        frame_(packet.number),
        shaped_(packet.tcp.has_value()),
        whole_(packet.tcp && packet.tcp->complete()),
        remembers_(wanted == Facts::all) {}

  /// The tests, in the order in which they decide.
  std::uint16_t flags(TcpFacts& facts) {
    namespace a = analysis;
    std::uint16_t found = 0;
    const bool control = flags_.control();
    const bool same_place = seq_ == own_.next && ack_ == own_.last_ack;
    const bool probe = length_ == 1 && seq_ == own_.next && other_.last_window == 0;
    if (probe) {
      found |= a::zero_window_probe;
    } else {
      if (window_ == 0 && !control) found |= a::zero_window;
      if (own_.next.value != 0 && seq_ > own_.next && !flags_.has(TcpFlags::rst))
        found |= a::lost_segment;
      if (length_ <= 1 && seq_ - own_.next == -1 && !control) found |= a::keep_alive;
      if (length_ == 0 && window_ != 0 && window_ != own_.last_window && same_place && !control)
        found |= a::window_update;
      if (length_ > 0 && !control && fills_window()) found |= a::window_full;

      const bool repeats = length_ == 0 && window_ == own_.last_window && same_place && !control;
      if (repeats && window_ != 0 && (other_.last_analysis & a::keep_alive)) {
        found |= a::keep_alive_ack;
      } else if (repeats && window_ == 0 && (other_.last_analysis & a::zero_window_probe)) {
        found |= a::zero_window_probe_ack;
      } else if (repeats && window_ != 0 && connection_.multipath == own_.multipath) {
        own_.duplicates = own_.duplicates == TcpDirection::many ? std::uint16_t{1}
                          : own_.duplicates == TcpDirection::many - 1
                              ? own_.duplicates
                              : static_cast<std::uint16_t>(own_.duplicates + 1);
        found |= a::duplicate_ack;
        facts.duplicate_ack_number = own_.duplicates;
        facts.duplicate_ack_frame = own_.ack_origin;
      }
    }
    if (ack_ != own_.last_ack) {
      own_.duplicates = 0;
      own_.ack_origin = frame_;
    }
    if (flags_.has(TcpFlags::ack) && other_.edge.value != 0 && ack_ > other_.edge)
      found |= acknowledges_unseen();
    if (length_ > 0 || flags_.has(TcpFlags::syn | TcpFlags::fin))
      if (!(found & a::keep_alive)) found |= repeats_data(facts);
    return found;
  }

  /// What the segment leaves behind, in this order.
  void update(std::uint16_t found, const TcpOptions& options, TcpFacts& facts) {
    const bool probe = (found & analysis::zero_window_probe) != 0;
    const SeqNumber edge = own_.edge;
    if (!probe && (end_ > own_.next || own_.next.value == 0)) {
      own_.next = end_;
      own_.next_time = time_;
    }
    if (!probe && (seq_ == edge || edge.value == 0)) own_.edge = own_.next;
    own_.last_window = window_;
    own_.last_ack = ack_;
    own_.last_time = time_;
    own_.last_analysis = found;
    // Options of a segment count from the next one on, whoever sends it.
    own_.multipath = connection_.multipath;
    connection_.multipath |= options.multipath;
    if (remembers_) remember(found, options, facts);
    handshake(options);
  }

 private:
  /// Only equality counts: sending beyond the window is not what this flag is about.
  bool fills_window() const {
    if (other_.scale == TcpDirection::scale_unknown) return false;
    const int shift = other_.handshake || other_.scale < 0 ? 0 : other_.scale;
    return seq_ + length_ == other_.last_ack + (other_.last_window << shift);
  }

  std::uint16_t acknowledges_unseen() {
    bool flag = true;
    if (other_.edge < other_.next) {
      other_.edge = other_.next;
    } else {
      flag = other_.duplicates == 0;
      other_.duplicates = TcpDirection::many;
    }
    return flag ? analysis::ack_lost_segment : std::uint16_t{0};
  }

  std::uint16_t repeats_data(TcpFacts& facts) const {
    namespace a = analysis;
    bool behind = own_.next.value != 0 && seq_ < own_.next;
    if (length_ > 1 && seq_ - own_.next == -1) behind = false;  // real data after a probe
    if (length_ > 0 && other_.last_ack.value != 0 && seq_ + length_ <= other_.last_ack)
      return a::spurious_retransmission | a::retransmission;
    if (!behind) return 0;
    const auto since_other = time_ - other_.last_time;
    if (other_.duplicates >= 2 && seq_ == other_.last_ack && since_other >= 0ns &&
        since_other < fast_retransmit_limit)
      return a::fast_retransmission | a::retransmission;
    const auto since_next = time_ - own_.next_time;
    const auto limit =
        connection_.initial_rtt != 0ns ? connection_.initial_rtt : out_of_order_limit;
    if (since_next >= 0ns && since_next < limit && end_ != own_.next) return a::out_of_order;
    if (remembers_)
      facts.rto = time_ - (own_.pending.empty() ? own_.next_time : own_.pending.oldest().time);
    return a::retransmission;
  }

  /// The segments that still wait for their acknowledgment, and what hangs on them.
  void remember(std::uint16_t found, const TcpOptions& options, TcpFacts& facts) {
    const bool takes_space = length_ > 0 || flags_.has(TcpFlags::syn | TcpFlags::fin);
    if (takes_space) own_.pending.add(seq_, end_, time_, frame_);
    own_.sacked_bytes = 0;
    for (std::size_t i = 0; i < std::min<std::size_t>(options.sack.size(), 3); ++i)
      own_.sacked_bytes += options.sack[i].right.value - options.sack[i].left.value;

    if (const auto acknowledged = other_.pending.acknowledge(ack_); acknowledged.frame != 0) {
      facts.acks_frame = acknowledged.frame;
      if (time_ != acknowledged.time) facts.ack_rtt = time_ - acknowledged.time;
    }
    if (flags_.has(TcpFlags::ack)) other_.hide_in_flight = false;
    if (connection_.seen & (completeness::fin | completeness::rst)) {
      own_.pending.shrink();
      other_.pending.shrink();
    }
    if (found & analysis::lost_segment) own_.hide_in_flight = true;
    if (length_ > 0 && !own_.hide_in_flight && !own_.pending.empty()) in_flight(facts);
  }

  void in_flight(TcpFacts& facts) const {
    std::uint32_t bytes = own_.pending.span({own_.isn}) - other_.sacked_bytes;
    if (flags_.has(TcpFlags::syn | TcpFlags::fin)) --bytes;
    if (bytes > 0 && bytes < longest_plausible_flight) facts.bytes_in_flight = bytes;
  }

  void handshake(const TcpOptions& options) {
    const bool syn = flags_.has(TcpFlags::syn), ack = flags_.has(TcpFlags::ack);
    if (syn && !ack && shaped_) connection_.syn_time = time_;
    if (syn) own_.handshake = true;
    if (ack && !syn) {
      if (shaped_ && connection_.syn_time != Timestamp{} && connection_.initial_rtt == 0ns)
        connection_.initial_rtt = time_ - connection_.syn_time;
      own_.handshake = false;
    }
    if (options.window_scale)
      own_.scale = static_cast<std::int8_t>(std::min<std::uint8_t>(*options.window_scale, 14));
    if (!whole_) return;  // what the capture cut may have been the window scale
    if (syn && own_.scale == TcpDirection::scale_unknown)
      own_.scale = other_.scale = TcpDirection::scale_none;
    if (syn && ack && own_.scale >= 0 && other_.scale == TcpDirection::scale_none)
      own_.scale = TcpDirection::scale_none;
  }

  TcpConnection& connection_;
  TcpDirection& own_;
  TcpDirection& other_;
  TcpFlags flags_;
  SeqNumber seq_, ack_;
  std::uint32_t window_, length_;
  SeqNumber end_;
  Timestamp time_;
  std::uint64_t frame_;
  bool shaped_, whole_;  // the header
  bool remembers_;
};

/// What a segment adds, the SYN of a new stream apart.
std::uint8_t completeness_bits(TcpFlags flags, std::uint32_t length) {
  namespace c = completeness;
  std::uint8_t bits = 0;
  if (flags.has(TcpFlags::syn))
    bits |= flags.has(TcpFlags::ack) ? c::syn_ack : std::uint8_t{0};
  else if (flags.has(TcpFlags::ack))
    bits |= length == 0 ? c::ack : c::data;
  if (flags.has(TcpFlags::fin) && flags.has(TcpFlags::ack)) bits |= c::fin;
  if (flags.has(TcpFlags::rst)) bits |= c::rst;
  return bits;
}

/// Only a SYN that begins the stream counts as one, and of another first segment nothing counts. A
/// stream that was announced is begun before its first segment.
void complete(TcpConnection& connection, TcpFacts& facts, TcpFlags flags, bool reused) {
  const bool first = !connection.begun && !connection.announced;
  const bool opens = first && flags.has(TcpFlags::syn) && !flags.has(TcpFlags::ack);
  if (opens) connection.seen |= completeness::syn;
  if (opens && !reused && facts.length > 0) connection.seen |= completeness::data;
  if (opens && reused) facts.completeness = connection.seen;
  if (opens || !first) connection.seen |= completeness_bits(flags, facts.length);
}

}  // namespace

bool starts_anew(const TcpConnection& connection, unsigned direction, SeqNumber syn) {
  const TcpDirection& own = connection.ends[direction];
  return own.isn_known && syn.value != own.isn;
}

void analyse(TcpConnection& connection, unsigned direction, const Packet& packet,
             const TcpOptions& options, bool reused, Facts wanted, TcpFacts& facts) {
  TcpDirection& own = connection.ends[direction];
  TcpDirection& other = connection.ends[1 - direction];
  const TcpHeader& tcp = *packet.any_tcp();
  const TcpFlags flags = tcp.flags();
  const bool syn = flags.has(TcpFlags::syn), ack = flags.has(TcpFlags::ack);
  const std::uint32_t seq = tcp.seq().value;

  // One by one: a compiler that clears all at once takes longer than the rules below.
  facts.duplicate_ack_number = 0;
  facts.duplicate_ack_frame = facts.acks_frame = 0;
  facts.ack_rtt.reset();
  facts.initial_rtt.reset();
  facts.rto.reset();
  facts.bytes_in_flight.reset();
  facts.stream = connection.stream;
  facts.direction = static_cast<std::uint8_t>(direction);
  facts.length = packet.any_tcp_length().value_or(0);
  facts.completeness = connection.seen;
  facts.complete = packet.tcp && tcp.complete();

  if (syn && own.isn_known) {
    if (!ack && seq == own.isn) own.next = own.edge;  // a repeated SYN
    if (ack && seq != own.isn) {
      own.isn = seq;
      reused = true;
    }
  }
  if (!own.isn_known) {
    own.isn = syn ? seq : seq - 1;
    own.isn_known = true;
  }
  if (!other.isn_known && ack) {
    other.isn = tcp.ack().value - 1;
    other.isn_known = true;
  }
  facts.seq = seq - own.isn;
  facts.next_seq = facts.seq + facts.length + (flags.has(TcpFlags::syn | TcpFlags::fin) ? 1 : 0);
  facts.ack = ack ? tcp.ack().value - other.isn : tcp.ack().value;
  facts.ack_base = other.isn;
  facts.window = tcp.window();
  facts.scale = own.scale;
  if (!syn && own.scale > 0) facts.window <<= own.scale;

  Judge judge(connection, direction, packet, facts.length, wanted);
  const auto found = judge.flags(facts);
  judge.update(found, options, facts);
  facts.analysis = static_cast<std::uint16_t>(found | (reused ? analysis::reused_ports : 0));
  if (connection.initial_rtt != Nanoseconds{0}) facts.initial_rtt = connection.initial_rtt;
  if (packet.tcp) complete(connection, facts, flags, reused);
  connection.begun = true;
}

}  // namespace tracer
