#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "tracer/wire/tcp.hpp"

namespace tracer {

/// The states of RFC 9293 §3.3.2. `unknown`: the capture began in the middle.
enum class TcpState : std::uint8_t {
  unknown,
  closed,
  listen,
  syn_sent,
  syn_received,
  established,
  fin_wait_1,
  fin_wait_2,
  close_wait,
  closing,
  last_ack,
  time_wait,
};
std::string_view name(TcpState state);  // "SYN-SENT", as the RFC writes it

/// One end of a connection, its state inferred from what it sends and what reaches it.
///
/// Feed it in the order of that host's own clock. From a single vantage point, where the far end's
/// arrivals are not seen, feeding each segment to both ends at once is the best there is.
class TcpEnd {
 public:
  void sends(const TcpHeader& tcp, std::uint32_t length);
  void receives(const TcpHeader& tcp, std::uint32_t length);

  TcpState state() const { return state_; }
  SeqNumber snd_una() const { return snd_una_; }
  SeqNumber snd_nxt() const { return snd_nxt_; }
  SeqNumber rcv_nxt() const { return rcv_nxt_; }

 private:
  void acknowledged();
  void take(SeqNumber from, SeqNumber to);
  void peer_finished();

  TcpState state_ = TcpState::unknown;
  bool snd_known_ = false, rcv_known_ = false;  // false: the numbers below mean nothing yet
  SeqNumber snd_una_, snd_nxt_, rcv_nxt_;
  std::optional<SeqNumber> own_fin_, peer_fin_;         // sequence numbers of the FINs
  std::vector<std::pair<SeqNumber, SeqNumber>> early_;  // received above rcv_nxt_; bounded
};

}  // namespace tracer
