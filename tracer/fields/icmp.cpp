#include "tracer/wire/icmp.hpp"

#include "tracer/fields/dissect.hpp"

namespace tracer {
namespace {

namespace icmp_type {
constexpr std::uint8_t echo_reply = 0, unreachable = 3, redirect = 5, echo = 8,
                       parameter_problem = 12, timestamp = 13, timestamp_reply = 14,
                       mask_request = 17, mask_reply = 18;
}
namespace icmpv6_type {
constexpr std::uint8_t too_big = 2, parameter_problem = 4, echo = 128, echo_reply = 129,
                       listener_query = 130, listener_report = 131, listener_done = 132,
                       router_solicitation = 133, router_advertisement = 134,
                       neighbour_solicitation = 135, neighbour_advertisement = 136, redirect = 137,
                       listener_report_2 = 143;
}

/// Adds numbers and addresses that stand at fixed places, as far as the capture kept them.
class At {
 public:
  At(Bytes bytes, FieldSink& sink) : bytes_(bytes), sink_(sink) {}
  void number(Field field, std::size_t at, std::size_t size) {
    const Bytes where = slice(bytes_, at, size);
    if (where.size() < size) return;
    sink_.add(field,
              size == 1   ? be8(where, 0)
              : size == 2 ? be16(where, 0)
                          : be32(where, 0),
              where);
  }
  void bytes(Field field, std::size_t at, std::size_t size) {
    const Bytes where = slice(bytes_, at, size);
    if (where.size() == size) sink_.add_bytes(field, where);
  }
  /// One bit; `mask` is of the byte.
  void bit(Field field, std::size_t at, unsigned mask) {
    if (at < bytes_.size()) sink_.add(field, (be8(bytes_, at) & mask) != 0, slice(bytes_, at, 1));
  }
  void swapped(Field field, std::size_t at) {
    const Bytes where = slice(bytes_, at, 2);
    if (where.size() == 2) sink_.add(field, __builtin_bswap16(be16(where, 0)), where);
  }

 private:
  Bytes bytes_;
  FieldSink& sink_;
};

void echo_fields(std::uint8_t type, std::uint8_t code, Bytes b, FieldSink& sink) {
  At at(b, sink);
  const bool numbered = type == icmp_type::echo_reply || type == icmp_type::echo ||
                        (type >= icmp_type::timestamp && type <= icmp_type::mask_reply);
  if (numbered) {
    at.number(Field::icmp_ident, 4, 2);
    at.swapped(Field::icmp_ident_le, 4);
    at.number(Field::icmp_seq, 6, 2);
    at.swapped(Field::icmp_seq_le, 6);
  }
  if (type == icmp_type::unreachable && code == 4) at.number(Field::icmp_mtu, 6, 2);
  if (type == icmp_type::redirect) at.bytes(Field::icmp_redir_gw, 4, 4);
  if (type == icmp_type::parameter_problem) at.number(Field::icmp_pointer, 4, 1);
  if (type == icmp_type::timestamp || type == icmp_type::timestamp_reply) {
    at.number(Field::icmp_originate_timestamp, 8, 4);
    at.number(Field::icmp_receive_timestamp, 12, 4);
    at.number(Field::icmp_transmit_timestamp, 16, 4);
  }
  if (type == icmp_type::mask_request || type == icmp_type::mask_reply)
    at.bytes(Field::icmp_address_mask, 8, 4);
}

/// Options of neighbour discovery: type, length in units of 8 bytes, value (RFC 4861 §4.6).
void neighbour_options(Bytes rest, FieldSink& sink) {
  constexpr std::uint8_t source = 1, target = 2, prefix = 3, mtu = 5, name_servers = 25;
  while (rest.size() >= 2) {
    const std::uint8_t type = be8(rest, 0);
    const std::size_t size = be8(rest, 1) * 8u;
    At at(slice(rest, 0, size), sink);
    at.number(Field::icmpv6_opt_type, 0, 1);
    at.number(Field::icmpv6_opt_length, 1, 1);
    if (size == 0 || size > rest.size()) return;
    if ((type == source || type == target) && size == 8) {
      at.bytes(Field::icmpv6_opt_linkaddr, 2, 6);
      at.bytes(type == source ? Field::icmpv6_opt_src_linkaddr : Field::icmpv6_opt_target_linkaddr,
               2, 6);
    } else if (type == prefix && size == 32) {
      at.number(Field::icmpv6_opt_prefix_length, 2, 1);
      at.number(Field::icmpv6_opt_prefix_flag, 3, 1);
      at.bit(Field::icmpv6_opt_prefix_flag_l, 3, 0x80);
      at.bit(Field::icmpv6_opt_prefix_flag_a, 3, 0x40);
      at.number(Field::icmpv6_opt_prefix_valid_lifetime, 4, 4);
      at.number(Field::icmpv6_opt_prefix_preferred_lifetime, 8, 4);
      at.bytes(Field::icmpv6_opt_prefix, 16, 16);
    } else if (type == mtu) {
      at.number(Field::icmpv6_opt_mtu, 4, 4);
    } else if (type == name_servers) {
      at.number(Field::icmpv6_opt_rdnss_lifetime, 4, 4);
      for (std::size_t i = 8; i + 16 <= size; i += 16) at.bytes(Field::icmpv6_opt_rdnss, i, 16);
    }
    rest = rest.subspan(size);
  }
}

/// RFC 3810 §5.2.
void listener_records(Bytes b, FieldSink& sink) {
  if (b.size() < 8) return;
  At(b, sink).number(Field::icmpv6_mldr_nb_mcast_records, 6, 2);
  Bytes rest = b.subspan(8);
  for (unsigned left = be16(b, 6); left > 0 && rest.size() >= 20; --left) {
    At at(rest, sink);
    at.number(Field::icmpv6_mldr_mar_record_type, 0, 1);
    at.number(Field::icmpv6_mldr_mar_aux_data_len, 1, 1);
    at.number(Field::icmpv6_mldr_mar_nb_sources, 2, 2);
    at.bytes(Field::icmpv6_mldr_mar_multicast_address, 4, 16);
    rest = slice(rest, 20 + be16(rest, 2) * 16u + be8(rest, 1) * 4u);
  }
}

void icmpv6_body(std::uint8_t type, Bytes b, FieldSink& sink) {
  At at(b, sink);
  switch (type) {
    case icmpv6_type::too_big: return at.number(Field::icmpv6_mtu, 4, 4);
    case icmpv6_type::parameter_problem: return at.number(Field::icmpv6_pointer, 4, 4);
    case icmpv6_type::echo:
    case icmpv6_type::echo_reply:
      at.number(Field::icmpv6_echo_identifier, 4, 2);
      return at.number(Field::icmpv6_echo_sequence_number, 6, 2);
    case icmpv6_type::listener_query:
    case icmpv6_type::listener_report:
    case icmpv6_type::listener_done:
      // Version 2 queries are longer, and their delay is a code.
      if (type != icmpv6_type::listener_query || b.size() < 28)
        at.number(Field::icmpv6_mld_maximum_response_delay, 4, 2);
      return at.bytes(Field::icmpv6_mld_multicast_address, 8, 16);
    case icmpv6_type::listener_report_2: return listener_records(b, sink);
    case icmpv6_type::router_solicitation: return neighbour_options(slice(b, 8), sink);
    case icmpv6_type::router_advertisement:
      at.number(Field::icmpv6_nd_ra_cur_hop_limit, 4, 1);
      at.number(Field::icmpv6_nd_ra_flag, 5, 1);
      at.bit(Field::icmpv6_nd_ra_flag_m, 5, 0x80);
      at.bit(Field::icmpv6_nd_ra_flag_o, 5, 0x40);
      at.number(Field::icmpv6_nd_ra_router_lifetime, 6, 2);
      at.number(Field::icmpv6_nd_ra_reachable_time, 8, 4);
      at.number(Field::icmpv6_nd_ra_retrans_timer, 12, 4);
      return neighbour_options(slice(b, 16), sink);
    case icmpv6_type::neighbour_solicitation:
      at.bytes(Field::icmpv6_nd_ns_target_address, 8, 16);
      return neighbour_options(slice(b, 24), sink);
    case icmpv6_type::neighbour_advertisement:
      at.number(Field::icmpv6_nd_na_flag, 4, 4);
      at.bit(Field::icmpv6_nd_na_flag_r, 4, 0x80);
      at.bit(Field::icmpv6_nd_na_flag_s, 4, 0x40);
      at.bit(Field::icmpv6_nd_na_flag_o, 4, 0x20);
      at.bytes(Field::icmpv6_nd_na_target_address, 8, 16);
      return neighbour_options(slice(b, 24), sink);
    case icmpv6_type::redirect: return neighbour_options(slice(b, 40), sink);
    default: return;
  }
}

}  // namespace

void icmp_fields(const Packet& packet, const Layer& layer, FieldSink& sink) {
  if (!sink.wants_any(Field::icmp, Field::icmpv6_checksum_status)) return;
  const Bytes b = layer.bytes;
  const bool v6 = layer.protocol == Protocol::icmpv6;
  // tshark tells what a cut capture kept of ICMPv6; of ICMP nothing, unless byte 5 is there.
  if (b.size() < (v6 ? 1 : 6)) return;
  sink.add_layer(v6 ? Field::icmpv6 : Field::icmp, layer.header(), layer.bytes);
  At at(b, sink);
  at.number(v6 ? Field::icmpv6_type : Field::icmp_type, 0, 1);
  at.number(v6 ? Field::icmpv6_code : Field::icmp_code, 1, 1);
  at.number(v6 ? Field::icmpv6_checksum : Field::icmp_checksum, 2, 2);
  const auto header = IcmpHeader::parse(b);
  if (!header) return;
  const Field status = v6 ? Field::icmpv6_checksum_status : Field::icmp_checksum_status;
  if (sink.wants(status)) {
    const auto right = layer.quoted ? std::nullopt : transport_checksum_right(packet);
    sink.add(status, right ? std::uint64_t{*right} : 2u, b.subspan(2, 2));
  }
  if (v6)
    icmpv6_body(header->type(), b, sink);
  else
    echo_fields(header->type(), header->code(), b, sink);
}

}  // namespace tracer
