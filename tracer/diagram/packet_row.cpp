#include "tracer/diagram/packet_row.hpp"

#include "tracer/diagram/message_text.hpp"
#include "tracer/wire/http.hpp"

namespace tracer {

void packet_row(const Packet& packet, const Tracked& tracked, Row& row) {
  row.number = static_cast<std::uint32_t>(packet.number);
  row.from = static_cast<std::uint8_t>(tracked.direction);
  row.time[0] = row.time[1] = packet.frame.time;
  row.departure = 0;
  row.notes.clear();
  row.label = label_of(packet, tracked.tcp ? &*tracked.tcp : nullptr, tracked.tcp_options);
  row.label.message = message_text(tracked.messages);
  row.label.speaks = speaks_in_lines(tracked.messages) ||
                     (packet.tcp && looks_like_http(packet.tcp->payload()));
  const auto note = [&](Note::Kind kind, std::uint64_t count = 0, Nanoseconds time = {}) {
    row.notes.push_back({kind, 0, count, time, {}});
  };
  if (packet.fault)
    row.notes.push_back(
        {packet.fault->fault == Fault::truncated ? Note::Kind::cut : Note::Kind::malformed,
         0,
         0,
         {},
         std::string(packet.fault->header)});
  if (!tracked.tcp || !tracked.tcp->complete || tracked.tcp->analysis == 0) return;
  const TcpFacts& facts = *tracked.tcp;
  if (facts.has(analysis::reused_ports)) note(Note::Kind::ports_reused);
  if (facts.has(analysis::lost_segment)) note(Note::Kind::gap);
  if (facts.has(analysis::fast_retransmission))
    note(Note::Kind::fast_retransmit);
  else if (facts.has(analysis::spurious_retransmission))
    note(Note::Kind::needless_retransmit);
  else if (facts.has(analysis::retransmission))
    note(Note::Kind::timeout_retransmit, 0, facts.rto.value_or(Nanoseconds{0}));
  if (facts.has(analysis::out_of_order)) note(Note::Kind::overtaken);
  if (facts.has(analysis::duplicate_ack))
    note(Note::Kind::duplicate_ack, facts.duplicate_ack_number);
  if (facts.has(analysis::window_update)) note(Note::Kind::window_update);
  if (facts.has(analysis::window_full)) note(Note::Kind::window_full);
  if (facts.has(analysis::keep_alive)) note(Note::Kind::keep_alive);
  if (facts.has(analysis::keep_alive_ack)) note(Note::Kind::keep_alive_ack);
  if (facts.has(analysis::zero_window_probe)) note(Note::Kind::zero_window_probe);
  if (facts.has(analysis::zero_window)) note(Note::Kind::zero_window);
}

}  // namespace tracer
