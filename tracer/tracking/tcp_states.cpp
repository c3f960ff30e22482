#include "tracer/tracking/tcp_states.hpp"

#include <algorithm>

namespace tracer {
namespace {
constexpr std::size_t most_early = 1024;  // stretches of out-of-order data that are remembered
}

std::string_view name(TcpState state) {
  switch (state) {
    case TcpState::unknown: return "";
    case TcpState::closed: return "CLOSED";
    case TcpState::listen: return "LISTEN";
    case TcpState::syn_sent: return "SYN-SENT";
    case TcpState::syn_received: return "SYN-RECEIVED";
    case TcpState::established: return "ESTABLISHED";
    case TcpState::fin_wait_1: return "FIN-WAIT-1";
    case TcpState::fin_wait_2: return "FIN-WAIT-2";
    case TcpState::close_wait: return "CLOSE-WAIT";
    case TcpState::closing: return "CLOSING";
    case TcpState::last_ack: return "LAST-ACK";
    case TcpState::time_wait: return "TIME-WAIT";
  }
  return "?";
}

void TcpEnd::sends(const TcpHeader& tcp, std::uint32_t length) {
  const TcpFlags flags = tcp.flags();
  const SeqNumber end =
      tcp.seq() + length + (flags.has(TcpFlags::syn) ? 1 : 0) + (flags.has(TcpFlags::fin) ? 1 : 0);
  if (flags.has(TcpFlags::rst)) {
    state_ = TcpState::closed;
    return;
  }
  if (flags.has(TcpFlags::syn)) {
    snd_una_ = tcp.seq();
    snd_nxt_ = end;
    snd_known_ = true;
    own_fin_.reset();
    state_ = flags.has(TcpFlags::ack) ? TcpState::syn_received : TcpState::syn_sent;
    return;
  }
  if (state_ == TcpState::unknown) state_ = TcpState::established;
  if (!snd_known_) {  // the capture began in the middle
    snd_una_ = tcp.seq();
    snd_nxt_ = end;
    snd_known_ = true;
  }
  if (end > snd_nxt_) snd_nxt_ = end;
  if (!flags.has(TcpFlags::fin) || own_fin_) return;
  own_fin_ = end + static_cast<std::uint32_t>(-1);
  if (state_ == TcpState::close_wait)
    state_ = TcpState::last_ack;
  else if (state_ == TcpState::established || state_ == TcpState::syn_received)
    state_ = TcpState::fin_wait_1;
}

void TcpEnd::receives(const TcpHeader& tcp, std::uint32_t length) {
  const TcpFlags flags = tcp.flags();
  if (flags.has(TcpFlags::rst)) {
    // RFC 9293 §3.5.3: an answer to our SYN must acknowledge it; later, the number must fit.
    const bool fits = state_ == TcpState::syn_sent
                          ? !flags.has(TcpFlags::ack) || tcp.ack() == snd_nxt_
                          : !rcv_known_ || tcp.seq() >= rcv_nxt_;
    if (fits) state_ = TcpState::closed;
    return;
  }
  if (flags.has(TcpFlags::syn)) {
    rcv_nxt_ = tcp.seq() + 1;
    rcv_known_ = true;
    early_.clear();
    peer_fin_.reset();
    if (state_ == TcpState::syn_sent)
      state_ = flags.has(TcpFlags::ack) ? TcpState::established : TcpState::syn_received;
    else if (state_ == TcpState::unknown || state_ == TcpState::closed ||
             state_ == TcpState::time_wait)
      state_ = TcpState::syn_received;
  } else if (!rcv_known_) {
    rcv_nxt_ = tcp.seq();
    rcv_known_ = true;
    if (state_ == TcpState::unknown) state_ = TcpState::established;
  }
  if (flags.has(TcpFlags::ack) && tcp.ack() > snd_una_ && tcp.ack() <= snd_nxt_) {
    snd_una_ = tcp.ack();
    acknowledged();
  }
  const SeqNumber start = tcp.seq() + (flags.has(TcpFlags::syn) ? 1 : 0);
  if (flags.has(TcpFlags::fin)) peer_fin_ = start + length;
  take(start, start + length);
  if (peer_fin_ && *peer_fin_ == rcv_nxt_) peer_finished();
}

void TcpEnd::acknowledged() {
  if (state_ == TcpState::syn_received) state_ = TcpState::established;
  if (!own_fin_ || snd_una_ <= *own_fin_) return;
  if (state_ == TcpState::established)
    state_ = TcpState::fin_wait_2;  // FIN sent while in SYN-RECEIVED
  else if (state_ == TcpState::fin_wait_1)
    state_ = TcpState::fin_wait_2;
  else if (state_ == TcpState::closing)
    state_ = TcpState::time_wait;
  else if (state_ == TcpState::last_ack)
    state_ = TcpState::closed;
}

void TcpEnd::take(SeqNumber from, SeqNumber to) {
  if (to <= rcv_nxt_) return;
  if (from > rcv_nxt_) {
    if (early_.size() < most_early) early_.emplace_back(from, to);
    return;
  }
  rcv_nxt_ = to;
  for (bool moved = true; moved;) {  // what came early may now be next
    moved = false;
    for (auto& [early_from, early_to] : early_)
      if (early_from <= rcv_nxt_ && early_to > rcv_nxt_) {
        rcv_nxt_ = early_to;
        moved = true;
      }
  }
  std::erase_if(early_, [this](auto& stretch) { return stretch.second <= rcv_nxt_; });
}

void TcpEnd::peer_finished() {
  rcv_nxt_ = rcv_nxt_ + 1;
  peer_fin_.reset();
  if (state_ == TcpState::established || state_ == TcpState::syn_received)
    state_ = TcpState::close_wait;
  else if (state_ == TcpState::fin_wait_1)
    state_ = TcpState::closing;
  else if (state_ == TcpState::fin_wait_2)
    state_ = TcpState::time_wait;
}

}  // namespace tracer
