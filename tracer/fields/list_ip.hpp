// Fields of IPv4, IPv6 and the extension headers.
#pragma once

#define TRACER_IP_FIELDS(X)                                                                       \
  X(ip, "ip", protocol, "Internet Protocol version 4 (RFC 791)")                                  \
  X(ip_version, "ip.version", number, "4")                                                        \
  X(ip_hdr_len, "ip.hdr_len", number, "Bytes of the header, options included")                    \
  X(ip_dsfield, "ip.dsfield", hex8, "Differentiated services and congestion bits (RFC 2474)")     \
  X(ip_dsfield_dscp, "ip.dsfield.dscp", number, "Per-hop behaviour asked for")                    \
  X(ip_dsfield_ecn, "ip.dsfield.ecn", number, "Congestion notification (RFC 3168)")               \
  X(ip_len, "ip.len", number, "Bytes of header and payload")                                      \
  X(ip_id, "ip.id", hex16, "Tells the fragments of one datagram from another's")                  \
  X(ip_flags, "ip.flags", hex8, "Reserved, don't fragment, more fragments")                       \
  X(ip_flags_rb, "ip.flags.rb", boolean, "Reserved bit, 0")                                       \
  X(ip_flags_df, "ip.flags.df", boolean, "Routers must not fragment this packet")                 \
  X(ip_flags_mf, "ip.flags.mf", boolean, "More fragments follow this one")                        \
  X(ip_frag_offset, "ip.frag_offset", number, "Place of this fragment, in units of 8 bytes")      \
  X(ip_ttl, "ip.ttl", number, "Routers that it may still pass")                                   \
  X(ip_proto, "ip.proto", number, "What it carries: 1 ICMP, 6 TCP, 17 UDP")                       \
  X(ip_checksum, "ip.checksum", hex16, "Ones' complement sum over the header")                    \
  X(ip_checksum_status, "ip.checksum.status", number, "0 bad, 1 good, 2 not checked")             \
  X(ip_opt_type, "ip.opt.type", number, "Kind of an option")                                      \
  X(ip_opt_len, "ip.opt.len", number, "Bytes of an option")                                       \
  X(ip_opt_type_copy, "ip.opt.type.copy", boolean, "The option is in each fragment")              \
  X(ip_opt_type_class, "ip.opt.type.class", number, "0 control, 2 measurement")                   \
  X(ip_opt_type_number, "ip.opt.type.number", number,                                             \
    "Kind of an option without class and copy bit")                                               \
  X(ip_opt_ptr, "ip.opt.ptr", number, "Place of the next address in a route, from 1")             \
  X(ip_opt_ra, "ip.opt.ra", number, "Router alert (RFC 2113)")                                    \
  X(ip_rec_rt, "ip.rec_rt", ipv4, "An address that the packet has passed")                        \
  X(ip_src_rt, "ip.src_rt", ipv4, "An address that the packet must still pass")                   \
  X(ip_cur_rt, "ip.cur_rt", ipv4, "The next station of a source route")                           \
  X(ip_empty_rt, "ip.empty_rt", ipv4, "Room for an address")                                      \
  X(ip_src, "ip.src", ipv4, "Address of the sender")                                              \
  X(ip_dst, "ip.dst", ipv4, "Address of the receiver")                                            \
  X(ip_src_host, "ip.src_host", text, "The sender by name; by address, as we look up none")       \
  X(ip_dst_host, "ip.dst_host", text, "The receiver by name; by address, as we look up none")     \
  X(ip_host, "ip.host", text, "Either host")                                                      \
  X(ip_addr, "ip.addr", ipv4, "Either address")                                                   \
  X(ipv6, "ipv6", protocol, "Internet Protocol version 6 (RFC 8200)")                             \
  X(ipv6_version, "ipv6.version", number, "6")                                                    \
  X(ipv6_tclass, "ipv6.tclass", hex32, "Traffic class: as ip.dsfield")                            \
  X(ipv6_tclass_dscp, "ipv6.tclass.dscp", number, "Per-hop behaviour asked for")                  \
  X(ipv6_tclass_ecn, "ipv6.tclass.ecn", number, "Congestion notification (RFC 3168)")             \
  X(ipv6_flow, "ipv6.flow", hex24, "Flow label: the same for all packets of a flow (RFC 6437)")   \
  X(ipv6_plen, "ipv6.plen", number, "Bytes after the fixed header")                               \
  X(ipv6_nxt, "ipv6.nxt", number, "What follows the fixed header")                                \
  X(ipv6_hlim, "ipv6.hlim", number, "Routers that it may still pass")                             \
  X(ipv6_src, "ipv6.src", ipv6, "Address of the sender")                                          \
  X(ipv6_dst, "ipv6.dst", ipv6, "Address of the receiver")                                        \
  X(ipv6_addr, "ipv6.addr", ipv6, "Either address")                                               \
  X(ipv6_src_host, "ipv6.src_host", text, "The sender by name; by address, as we look up none")   \
  X(ipv6_dst_host, "ipv6.dst_host", text, "The receiver by name; by address, as we look up none") \
  X(ipv6_host, "ipv6.host", text, "Either host")                                                  \
  X(ipv6_opt_type, "ipv6.opt.type", hex8, "Kind of an option in an extension header")             \
  X(ipv6_opt_type_action, "ipv6.opt.type.action", number,                                         \
    "What who does not know the option shall do")                                                 \
  X(ipv6_opt_type_change, "ipv6.opt.type.change", boolean, "The option may change on the way")    \
  X(ipv6_opt_type_rest, "ipv6.opt.type.rest", hex8, "Kind without action and change bits")        \
  X(ipv6_opt_length, "ipv6.opt.length", number, "Bytes of an option's value")                     \
  X(ipv6_opt_router_alert, "ipv6.opt.router_alert", number, "Router alert (RFC 2711)")            \
  X(ipv6_opt_jumbo, "ipv6.opt.jumbo", number, "Length of a jumbogram (RFC 2675)")                 \
  X(ipv6_hopopts, "ipv6.hopopts", protocol, "Options for every router (RFC 8200 4.3)")            \
  X(ipv6_hopopts_nxt, "ipv6.hopopts.nxt", number, "What follows these options")                   \
  X(ipv6_hopopts_len, "ipv6.hopopts.len", number,                                                 \
    "Length of the header, in units of 8 bytes after the first 8")                                \
  X(ipv6_hopopts_len_oct, "ipv6.hopopts.len_oct", number, "The same in bytes, all counted")       \
  X(ipv6_routing, "ipv6.routing", protocol, "Routing header (RFC 8200 4.4)")                      \
  X(ipv6_routing_nxt, "ipv6.routing.nxt", number, "What follows the routing header")              \
  X(ipv6_routing_len, "ipv6.routing.len", number, "Length of the header, as ipv6.hopopts.len")    \
  X(ipv6_routing_len_oct, "ipv6.routing.len_oct", number, "The same in bytes, all counted")       \
  X(ipv6_routing_type, "ipv6.routing.type", number, "0 source route, 2 mobile, 4 segments")       \
  X(ipv6_routing_segleft, "ipv6.routing.segleft", number, "Stations still to pass")               \
  X(ipv6_routing_src_addr, "ipv6.routing.src.addr", ipv6, "A station of a source route")          \
  X(ipv6_routing_srh_last_entry, "ipv6.routing.srh.last_entry", number,                           \
    "Segment routing: index of the last segment (RFC 8754)")                                      \
  X(ipv6_routing_srh_addr, "ipv6.routing.srh.addr", ipv6, "A segment, the last one first")        \
  X(ipv6_fraghdr, "ipv6.fraghdr", protocol, "Fragment header (RFC 8200 4.5)")                     \
  X(ipv6_fraghdr_nxt, "ipv6.fraghdr.nxt", number, "What the whole datagram carries")              \
  X(ipv6_fraghdr_offset, "ipv6.fraghdr.offset", number, "Place of this fragment, in bytes")       \
  X(ipv6_fraghdr_more, "ipv6.fraghdr.more", boolean, "More fragments follow this one")            \
  X(ipv6_fraghdr_ident, "ipv6.fraghdr.ident", hex32, "Which datagram the fragment belongs to")    \
  X(ipv6_dstopts, "ipv6.dstopts", protocol, "Options for the receiver (RFC 8200 4.6)")            \
  X(ipv6_dstopts_nxt, "ipv6.dstopts.nxt", number, "What follows these options")                   \
  X(ipv6_dstopts_len, "ipv6.dstopts.len", number, "Length of the header, as ipv6.hopopts.len")    \
  X(ipv6_dstopts_len_oct, "ipv6.dstopts.len_oct", number, "The same in bytes, all counted")       \
  X(ah, "ah", protocol, "IP Authentication Header (RFC 4302)")
