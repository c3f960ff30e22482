#include "tracer/wire/tcp.hpp"

#include <algorithm>

#include "tracer/fields/dissect.hpp"

namespace tracer {
namespace {

constexpr struct {
  std::uint16_t bit;
  Field field;
} analysis_fields[] = {
    {analysis::reused_ports, Field::tcp_analysis_reused_ports},
    {analysis::retransmission, Field::tcp_analysis_retransmission},
    {analysis::fast_retransmission, Field::tcp_analysis_fast_retransmission},
    {analysis::spurious_retransmission, Field::tcp_analysis_spurious_retransmission},
    {analysis::out_of_order, Field::tcp_analysis_out_of_order},
    {analysis::lost_segment, Field::tcp_analysis_lost_segment},
    {analysis::ack_lost_segment, Field::tcp_analysis_ack_lost_segment},
    {analysis::window_update, Field::tcp_analysis_window_update},
    {analysis::window_full, Field::tcp_analysis_window_full},
    {analysis::keep_alive, Field::tcp_analysis_keep_alive},
    {analysis::keep_alive_ack, Field::tcp_analysis_keep_alive_ack},
    {analysis::duplicate_ack, Field::tcp_analysis_duplicate_ack},
    {analysis::zero_window_probe, Field::tcp_analysis_zero_window_probe},
    {analysis::zero_window, Field::tcp_analysis_zero_window},
    {analysis::zero_window_probe_ack, Field::tcp_analysis_zero_window_probe_ack},
};

constexpr struct {
  std::uint16_t bit;
  Field field;
} flag_fields[] = {
    {TcpFlags::ae, Field::tcp_flags_ae},     {TcpFlags::cwr, Field::tcp_flags_cwr},
    {TcpFlags::ece, Field::tcp_flags_ece},   {TcpFlags::urg, Field::tcp_flags_urg},
    {TcpFlags::ack, Field::tcp_flags_ack},   {TcpFlags::psh, Field::tcp_flags_push},
    {TcpFlags::rst, Field::tcp_flags_reset}, {TcpFlags::syn, Field::tcp_flags_syn},
    {TcpFlags::fin, Field::tcp_flags_fin},
};

/// A first block below the acknowledgment number, or inside the second, tells of data that arrived
/// twice (RFC 2883 §4).
void duplicate_sack(Bytes blocks, SeqNumber ack, std::uint32_t base, FieldSink& sink) {
  if (blocks.size() < 8) return;
  const SeqNumber left{be32(blocks, 0)}, right{be32(blocks, 4)};
  const bool inside = blocks.size() >= 16 && left >= SeqNumber{be32(blocks, 8)} &&
                      right <= SeqNumber{be32(blocks, 12)};
  if (!(right <= ack) && !inside) return;
  sink.add(Field::tcp_options_sack_dsack, 1, blocks.first(8));
  sink.add(Field::tcp_options_sack_dsack_le, left.value - base, blocks.first(4));
  sink.add(Field::tcp_options_sack_dsack_re, right.value - base, blocks.subspan(4, 4));
}

/// "·······AP···": three reserved bits, then a letter or a dot for each other.
std::string flag_letters(TcpFlags flags) {
  constexpr std::string_view letters = "RRRACEUAPRSF";
  std::string shown;
  for (unsigned i = 0; i < letters.size(); ++i) {
    if (flags.bits >> (11 - i) & 1)
      shown += letters[i];
    else
      shown += "\u00b7";
  }
  return shown;
}

void option_fields(const TcpHeader& tcp, std::uint32_t sack_base, FieldSink& sink) {
  if (tcp.options().empty() ||
      !sink.wants_any(Field::tcp_options, Field::tcp_options_timestamp_tsecr))
    return;
  sink.add_bytes(Field::tcp_options, tcp.options());
  TcpOptionReader reader(tcp.options(), tcp.missing_options());
  while (const auto option = reader.next()) {
    const Bytes value = option->value();
    sink.add(Field::tcp_option_kind, option->kind, option->bytes.first(1));
    if (option->bytes.size() > 1)
      sink.add(Field::tcp_option_len, option->bytes.size(), option->bytes.subspan(1, 1));
    switch (option->kind) {
      case tcp_option::mss:
        if (value.size() == 2) sink.add(Field::tcp_options_mss_val, be16(value, 0), value);
        break;
      case tcp_option::window_scale:
        if (value.size() == 1) {
          sink.add(Field::tcp_options_wscale_shift, be8(value, 0), value);
          sink.add(Field::tcp_options_wscale_multiplier,
                   1u << std::min<unsigned>(be8(value, 0), 14), value);
        }
        break;
      case tcp_option::sack_permitted:
        if (value.empty()) sink.add(Field::tcp_options_sack_perm, 1, option->bytes);
        break;
      case tcp_option::sack:
        for (std::size_t at = 0; at + 8 <= value.size(); at += 8) {
          sink.add(Field::tcp_options_sack_le, be32(value, at) - sack_base, value.subspan(at, 4));
          sink.add(Field::tcp_options_sack_re, be32(value, at + 4) - sack_base,
                   value.subspan(at + 4, 4));
        }
        sink.add(Field::tcp_options_sack_count, value.size() / 8, value);
        duplicate_sack(value, tcp.ack(), sack_base, sink);
        break;
      case tcp_option::timestamps:
        if (value.size() == 8 || (reader.damaged() && value.size() >= 4))
          sink.add(Field::tcp_options_timestamp_tsval, be32(value, 0), value.first(4));
        if (value.size() == 8)
          sink.add(Field::tcp_options_timestamp_tsecr, be32(value, 4), value.subspan(4, 4));
        break;
      case tcp_option::fast_open:
        if (value.empty())
          sink.add(Field::tcp_options_tfo_request, 1, option->bytes);
        else
          sink.add_bytes(Field::tcp_options_tfo_cookie, value);
        break;
      case tcp_option::md5: sink.add_bytes(Field::tcp_options_md5_digest, value); break;
      case tcp_option::multipath:
        if (!value.empty())
          sink.add(Field::tcp_options_mptcp_subtype, be8(value, 0) >> 4, value.first(1));
        break;
      default: break;
    }
  }
}

void analysis_values(const TcpFacts& facts, FieldSink& sink) {
  if (!facts.complete || !facts.has_items() ||
      !sink.wants_any(Field::tcp_analysis, Field::tcp_analysis_rto))
    return;
  const auto count = [](Nanoseconds time) { return static_cast<std::uint64_t>(time.count()); };
  sink.add(Field::tcp_analysis, 1);
  if (facts.acks_frame) sink.add(Field::tcp_analysis_acks_frame, facts.acks_frame);
  if (facts.ack_rtt) sink.add(Field::tcp_analysis_ack_rtt, count(*facts.ack_rtt));
  if (facts.initial_rtt) sink.add(Field::tcp_analysis_initial_rtt, count(*facts.initial_rtt));
  if (facts.bytes_in_flight) sink.add(Field::tcp_analysis_bytes_in_flight, *facts.bytes_in_flight);
  if (facts.analysis) sink.add(Field::tcp_analysis_flags, 1);
  for (const auto& [bit, field] : analysis_fields)
    if (facts.has(bit)) sink.add(field, 1);
  if (facts.has(analysis::duplicate_ack)) {
    sink.add(Field::tcp_analysis_duplicate_ack_num, facts.duplicate_ack_number);
    sink.add(Field::tcp_analysis_duplicate_ack_frame, facts.duplicate_ack_frame);
  }
  if (facts.rto && facts.rto->count() != 0) sink.add(Field::tcp_analysis_rto, count(*facts.rto));
}

}  // namespace

void tcp_fields(const Packet& packet, const Tracked& tracked, const Layer& layer, FieldSink& sink) {
  if (!sink.wants_any(Field::tcp, Field::tcp_payload)) return;
  const Bytes b = layer.bytes;
  if (b.size() < 4) return;
  sink.add_layer(Field::tcp, layer.header(), layer.bytes);
  sink.add(Field::tcp_srcport, be16(b, 0), b.first(2));
  sink.add(Field::tcp_port, be16(b, 0), b.first(2));
  sink.add(Field::tcp_dstport, be16(b, 2), b.subspan(2, 2));
  sink.add(Field::tcp_port, be16(b, 2), b.subspan(2, 2));
  if (layer.quoted) {
    if (b.size() >= 8) sink.add(Field::tcp_seq_raw, be32(b, 4), b.subspan(4, 4));
    return;
  }
  if (!packet.any_tcp() || !tracked.conversation) return;
  const TcpHeader& tcp = *packet.any_tcp();
  const TcpFlags flags = tcp.flags();
  sink.add(Field::tcp_stream, tracked.conversation->stream);
  if (tracked.tcp) {
    const TcpFacts& facts = *tracked.tcp;
    sink.add(Field::tcp_completeness, facts.completeness);
    sink.add(Field::tcp_len, facts.length);
    sink.add(Field::tcp_seq, facts.seq, b.subspan(4, 4));
    sink.add(Field::tcp_seq_raw, tcp.seq().value, b.subspan(4, 4));
    if (packet.tcp) sink.add(Field::tcp_nxtseq, facts.next_seq);
    if (packet.tcp) sink.add(Field::tcp_ack, facts.ack, b.subspan(8, 4));
  } else {
    if (tracked.conversation->tcp)
      sink.add(Field::tcp_completeness, tracked.conversation->tcp->seen);
    sink.add(Field::tcp_seq, tcp.seq().value, b.subspan(4, 4));
    sink.add(Field::tcp_seq_raw, tcp.seq().value, b.subspan(4, 4));
    if (packet.tcp) sink.add(Field::tcp_ack, tcp.ack().value, b.subspan(8, 4));
  }
  if (packet.tcp) sink.add(Field::tcp_ack_raw, tcp.ack().value, b.subspan(8, 4));
  sink.add(Field::tcp_hdr_len, tcp.size(), b.subspan(12, 1));
  if (!packet.tcp) return;  // nothing more can be believed
  sink.add(Field::tcp_flags, flags.bits, b.subspan(12, 2));
  sink.add(Field::tcp_flags_res, (flags.bits & 0xe00) != 0, b.subspan(12, 1));
  for (const auto& [bit, field] : flag_fields)
    sink.add(field, flags.has(bit), b.subspan(bit > 0xff ? 12 : 13, 1));
  if (sink.wants(Field::tcp_flags_str))
    sink.add_text(Field::tcp_flags_str, flag_letters(flags), b.subspan(12, 2));
  if (flags.has(TcpFlags::syn))
    sink.add(flags.has(TcpFlags::ack) ? Field::tcp_connection_synack : Field::tcp_connection_syn, 1,
             b.subspan(13, 1));
  if (flags.has(TcpFlags::fin)) sink.add(Field::tcp_connection_fin, 1, b.subspan(13, 1));
  if (flags.has(TcpFlags::rst)) sink.add(Field::tcp_connection_rst, 1, b.subspan(13, 1));
  sink.add(Field::tcp_window_size_value, tcp.window(), b.subspan(14, 2));
  sink.add(Field::tcp_window_size, tracked.tcp ? tracked.tcp->window : tcp.window(),
           b.subspan(14, 2));
  if (tracked.tcp && !flags.has(TcpFlags::syn)) {
    const int scale = tracked.tcp->scale;
    sink.add(Field::tcp_window_size_scalefactor,
             static_cast<std::uint64_t>(std::int64_t{scale < 0 ? scale : 1 << scale}));
  }
  sink.add(Field::tcp_checksum, tcp.checksum(), b.subspan(16, 2));
  if (sink.wants(Field::tcp_checksum_status)) {
    const auto right = transport_checksum_right(packet);
    sink.add(Field::tcp_checksum_status, right ? std::uint64_t{*right} : 2u, b.subspan(16, 2));
  }
  sink.add(Field::tcp_urgent_pointer, tcp.urgent_pointer(), b.subspan(18, 2));
  option_fields(tcp, tracked.tcp ? tracked.tcp->ack_base : 0, sink);
  if (tracked.tcp) {
    sink.add(Field::tcp_time_relative, static_cast<std::uint64_t>(tracked.since_first.count()));
    sink.add(Field::tcp_time_delta, static_cast<std::uint64_t>(tracked.since_previous.count()));
    analysis_values(*tracked.tcp, sink);
  }
  if (!tcp.payload().empty()) sink.add_bytes(Field::tcp_payload, tcp.payload());
}

}  // namespace tracer
