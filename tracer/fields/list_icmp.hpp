// Fields of ICMP and ICMPv6.
#pragma once

#define TRACER_ICMP_FIELDS(X)                                                                      \
  X(icmp, "icmp", protocol, "Internet Control Message Protocol (RFC 792)")                         \
  X(icmp_type, "icmp.type", number, "0 echo reply, 3 unreachable, 8 echo, 11 time exceeded")       \
  X(icmp_code, "icmp.code", number, "Which kind of the type: 3/3 is port unreachable")             \
  X(icmp_checksum, "icmp.checksum", hex16, "Ones' complement sum over the message")                \
  X(icmp_checksum_status, "icmp.checksum.status", number, "0 bad, 1 good, 2 not checked")          \
  X(icmp_ident, "icmp.ident", number, "Echo: which pinging process")                               \
  X(icmp_ident_le, "icmp.ident_le", number,                                                        \
    "The same, had the sender written it in little-endian order")                                  \
  X(icmp_seq, "icmp.seq", number, "Echo: which ping")                                              \
  X(icmp_seq_le, "icmp.seq_le", number,                                                            \
    "The same, had the sender written it in little-endian order")                                  \
  X(icmp_mtu, "icmp.mtu", number, "Fragmentation needed: the largest packet that would pass")      \
  X(icmp_redir_gw, "icmp.redir_gw", ipv4, "Redirect: the better router")                           \
  X(icmp_pointer, "icmp.pointer", number, "Parameter problem: the byte at fault")                  \
  X(icmp_originate_timestamp, "icmp.originate_timestamp", number,                                  \
    "Timestamp: when it was asked, in ms since midnight UTC")                                      \
  X(icmp_receive_timestamp, "icmp.receive_timestamp", number,                                      \
    "Timestamp: when the question arrived")                                                        \
  X(icmp_transmit_timestamp, "icmp.transmit_timestamp", number, "Timestamp: when the answer left") \
  X(icmp_address_mask, "icmp.address_mask", ipv4, "Address mask (RFC 950)")                        \
  X(icmpv6, "icmpv6", protocol, "Internet Control Message Protocol for IPv6 (RFC 4443)")           \
  X(icmpv6_type, "icmpv6.type", number, "1 unreachable, 128 echo, 129 reply, 133-137 neighbours")  \
  X(icmpv6_code, "icmpv6.code", number, "Which kind of the type: 1/4 is port unreachable")         \
  X(icmpv6_checksum, "icmpv6.checksum", hex16, "Ones' complement sum with pseudo-header")          \
  X(icmpv6_mtu, "icmpv6.mtu", number, "Packet too big: the largest that would pass")               \
  X(icmpv6_pointer, "icmpv6.pointer", number, "Parameter problem: the byte at fault")              \
  X(icmpv6_echo_identifier, "icmpv6.echo.identifier", hex16, "Echo: which pinging process")        \
  X(icmpv6_echo_sequence_number, "icmpv6.echo.sequence_number", number, "Echo: which ping")        \
  X(icmpv6_nd_ra_cur_hop_limit, "icmpv6.nd.ra.cur_hop_limit", number,                              \
    "Router advertisement: hop limit to use (RFC 4861)")                                           \
  X(icmpv6_nd_ra_flag, "icmpv6.nd.ra.flag", hex8, "Router advertisement: flags")                   \
  X(icmpv6_nd_ra_flag_m, "icmpv6.nd.ra.flag.m", boolean, "Addresses come from DHCPv6")             \
  X(icmpv6_nd_ra_flag_o, "icmpv6.nd.ra.flag.o", boolean, "Other settings come from DHCPv6")        \
  X(icmpv6_nd_ra_router_lifetime, "icmpv6.nd.ra.router_lifetime", number,                          \
    "Seconds that the router may be used")                                                         \
  X(icmpv6_nd_ra_reachable_time, "icmpv6.nd.ra.reachable_time", number,                            \
    "Milliseconds that a neighbour counts as reachable")                                           \
  X(icmpv6_nd_ra_retrans_timer, "icmpv6.nd.ra.retrans_timer", number,                              \
    "Milliseconds between neighbour solicitations")                                                \
  X(icmpv6_nd_ns_target_address, "icmpv6.nd.ns.target_address", ipv6,                              \
    "Whose link-layer address is asked for")                                                       \
  X(icmpv6_nd_na_flag, "icmpv6.nd.na.flag", hex32, "Neighbour advertisement: flags")               \
  X(icmpv6_nd_na_flag_r, "icmpv6.nd.na.flag.r", boolean, "The sender is a router")                 \
  X(icmpv6_nd_na_flag_s, "icmpv6.nd.na.flag.s", boolean, "Answers a solicitation")                 \
  X(icmpv6_nd_na_flag_o, "icmpv6.nd.na.flag.o", boolean, "Overrides what is cached")               \
  X(icmpv6_nd_na_target_address, "icmpv6.nd.na.target_address", ipv6,                              \
    "Whose link-layer address is told")                                                            \
  X(icmpv6_opt_type, "icmpv6.opt.type", number,                                                    \
    "Option: 1 source, 2 target link-layer address, 3 prefix, 5 MTU")                              \
  X(icmpv6_opt_length, "icmpv6.opt.length", number, "Option: length in units of 8 bytes")          \
  X(icmpv6_opt_linkaddr, "icmpv6.opt.linkaddr", mac, "Link-layer address, of sender or target")    \
  X(icmpv6_opt_src_linkaddr, "icmpv6.opt.src_linkaddr", mac, "Link-layer address of the sender")   \
  X(icmpv6_opt_target_linkaddr, "icmpv6.opt.target_linkaddr", mac,                                 \
    "Link-layer address of the target")                                                            \
  X(icmpv6_opt_prefix_length, "icmpv6.opt.prefix.length", number, "Bits of the prefix")            \
  X(icmpv6_opt_prefix_flag, "icmpv6.opt.prefix.flag", hex8, "Prefix: flags")                       \
  X(icmpv6_opt_prefix_flag_l, "icmpv6.opt.prefix.flag.l", boolean,                                 \
    "Addresses of the prefix are on this link")                                                    \
  X(icmpv6_opt_prefix_flag_a, "icmpv6.opt.prefix.flag.a", boolean,                                 \
    "Hosts may make their own addresses from it")                                                  \
  X(icmpv6_opt_prefix_valid_lifetime, "icmpv6.opt.prefix.valid_lifetime", number,                  \
    "Seconds that the prefix is valid")                                                            \
  X(icmpv6_opt_prefix_preferred_lifetime, "icmpv6.opt.prefix.preferred_lifetime", number,          \
    "Seconds that its addresses are preferred")                                                    \
  X(icmpv6_opt_prefix, "icmpv6.opt.prefix", ipv6, "The prefix")                                    \
  X(icmpv6_opt_mtu, "icmpv6.opt.mtu", number, "MTU of the link")                                   \
  X(icmpv6_opt_rdnss_lifetime, "icmpv6.opt.rdnss.lifetime", number,                                \
    "Seconds that the name servers may be used (RFC 8106)")                                        \
  X(icmpv6_opt_rdnss, "icmpv6.opt.rdnss", ipv6, "A name server")                                   \
  X(icmpv6_mld_maximum_response_delay, "icmpv6.mld.maximum_response_delay", number,                \
    "Multicast listener: milliseconds to answer in (RFC 2710)")                                    \
  X(icmpv6_mld_multicast_address, "icmpv6.mld.multicast_address", ipv6, "Multicast group")         \
  X(icmpv6_mldr_nb_mcast_records, "icmpv6.mldr.nb_mcast_records", number,                          \
    "Groups in the report (RFC 3810)")                                                             \
  X(icmpv6_mldr_mar_record_type, "icmpv6.mldr.mar.record_type", number,                            \
    "What changed about the group")                                                                \
  X(icmpv6_mldr_mar_aux_data_len, "icmpv6.mldr.mar.aux_data_len", number,                          \
    "Further data, in units of 4 bytes")                                                           \
  X(icmpv6_mldr_mar_nb_sources, "icmpv6.mldr.mar.nb_sources", number,                              \
    "Senders listed for the group")                                                                \
  X(icmpv6_mldr_mar_multicast_address, "icmpv6.mldr.mar.multicast_address", ipv6,                  \
    "Multicast group of the record")                                                               \
  X(icmpv6_checksum_status, "icmpv6.checksum.status", number, "0 bad, 1 good, 2 not checked")
