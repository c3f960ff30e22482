// Every field we can name, in one table: X(identifier, "wireshark.name", type, "one sentence").
//
// The names are Wireshark's, so that what is learnt here works there. The type decides how a value
// is printed and compared (field.hpp). The order is that of the layers.
#pragma once

#include "tracer/fields/list_dns.hpp"
#include "tracer/fields/list_http.hpp"
#include "tracer/fields/list_text.hpp"
#include "tracer/fields/list_tls.hpp"

#define TRACER_FIELDS(X)                                                                          \
  X(frame, "frame", protocol, "The frame as the capture holds it")                                \
  X(frame_number, "frame.number", number, "Position of the frame in the capture, from 1")         \
  X(frame_len, "frame.len", number, "Bytes of the frame on the wire")                             \
  X(frame_cap_len, "frame.cap_len", number, "Bytes of the frame that the capture kept")           \
  X(frame_time_epoch, "frame.time_epoch", time, "When it passed, in seconds since 1970 (UTC)")    \
  X(frame_time_relative, "frame.time_relative", duration, "Seconds since the first frame")        \
  X(frame_time_delta, "frame.time_delta", duration, "Seconds since the frame before")             \
  X(frame_interface_id, "frame.interface_id", number, "Which interface of the capture, from 0")   \
  X(frame_packet_id, "frame.packet_id", number, "The same packet at every vantage point")         \
  X(frame_comment, "frame.comment", text, "A comment that the capture file holds")                \
  X(frame_protocols, "frame.protocols", text, "The layers, outermost first")                      \
  X(eth, "eth", protocol, "Ethernet")                                                             \
  X(eth_dst, "eth.dst", mac, "The station that the frame is for")                                 \
  X(eth_src, "eth.src", mac, "The station that sent the frame")                                   \
  X(eth_type, "eth.type", hex16, "What the frame carries: 0x0800 is IPv4, 0x86dd IPv6")           \
  X(vlan, "vlan", protocol, "802.1Q virtual LAN tag")                                             \
  X(vlan_priority, "vlan.priority", number, "Priority code point, 0 to 7")                        \
  X(vlan_dei, "vlan.dei", boolean, "May be dropped first under congestion")                       \
  X(vlan_id, "vlan.id", number, "Which virtual LAN, 0 to 4095")                                   \
  X(vlan_etype, "vlan.etype", hex16, "What follows the tag")                                      \
  X(ieee8021ad, "ieee8021ad", protocol, "802.1ad tag: a provider's VLAN around a customer's")     \
  X(ieee8021ad_priority, "ieee8021ad.priority", number, "Priority code point, 0 to 7")            \
  X(ieee8021ad_dei, "ieee8021ad.dei", number, "May be dropped first under congestion")            \
  X(ieee8021ad_id, "ieee8021ad.id", number, "Which of the provider's virtual LANs")               \
  X(llc, "llc", protocol, "IEEE 802.2 Logical Link Control")                                      \
  X(llc_type, "llc.type", hex16, "EtherType of what follows (SNAP)")                              \
  X(pppoes, "pppoes", protocol, "PPP over Ethernet (RFC 2516)")                                   \
  X(pppoe_session_id, "pppoe.session_id", hex16, "Which session")                                 \
  X(ppp, "ppp", protocol, "Point-to-Point Protocol (RFC 1661)")                                   \
  X(chdlc, "chdlc", protocol, "Cisco HDLC")                                                       \
  X(mpls, "mpls", protocol, "Multiprotocol Label Switching (RFC 3032)")                           \
  X(mpls_label, "mpls.label", number, "Which path the packet takes")                              \
  X(mpls_bottom, "mpls.bottom", number, "1: the last label")                                      \
  X(mpls_ttl, "mpls.ttl", number, "Routers that it may still pass")                               \
  X(gre, "gre", protocol, "Generic Routing Encapsulation: a tunnel (RFC 2784)")                   \
  X(gre_proto, "gre.proto", hex16, "EtherType of what is inside")                                 \
  X(sll, "sll", protocol, "Linux cooked capture: what -i any has in place of Ethernet")           \
  X(sll_pkttype, "sll.pkttype", number, "0 to us, 1 broadcast, 2 multicast, 3 to others, 4 sent") \
  X(sll_hatype, "sll.hatype", number, "Kind of the interface's hardware (ARPHRD_)")               \
  X(sll_halen, "sll.halen", number, "Bytes of the link-layer address that are used")              \
  X(sll_etype, "sll.etype", hex16, "What the frame carries")                                      \
  X(sll_ifindex, "sll.ifindex", number, "Index of the interface (version 2)")                     \
  X(null, "null", protocol, "BSD loopback: an address family in four bytes")                      \
  X(null_family, "null.family", number, "Address family: 2 is IPv4")                              \
  X(arp, "arp", protocol, "Address Resolution Protocol (RFC 826)")                                \
  X(arp_hw_type, "arp.hw.type", number, "Kind of link-layer address: 1 is Ethernet")              \
  X(arp_proto_type, "arp.proto.type", hex16, "Kind of network address: 0x0800 is IPv4")           \
  X(arp_hw_size, "arp.hw.size", number, "Bytes of a link-layer address")                          \
  X(arp_proto_size, "arp.proto.size", number, "Bytes of a network address")                       \
  X(arp_opcode, "arp.opcode", number, "1 asks who has an address, 2 answers")                     \
  X(arp_src_hw_mac, "arp.src.hw_mac", mac, "Link-layer address of the sender")                    \
  X(arp_src_proto_ipv4, "arp.src.proto_ipv4", ipv4, "IPv4 address of the sender")                 \
  X(arp_dst_hw_mac, "arp.dst.hw_mac", mac, "Link-layer address asked for or answered")            \
  X(arp_dst_proto_ipv4, "arp.dst.proto_ipv4", ipv4, "IPv4 address asked for or answered")         \
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
  X(ip_opt_type, "ip.opt.type", number, "Kind of an option")                                     \
  X(ip_opt_len, "ip.opt.len", number, "Bytes of an option")                                      \
  X(ip_src, "ip.src", ipv4, "Address of the sender")                                              \
  X(ip_dst, "ip.dst", ipv4, "Address of the receiver")                                            \
  X(ip_addr, "ip.addr", ipv4, "Either address")                                                   \
  X(ipv6, "ipv6", protocol, "Internet Protocol version 6 (RFC 8200)")                             \
  X(ipv6_version, "ipv6.version", number, "6")                                                    \
  X(ipv6_tclass, "ipv6.tclass", hex32, "Traffic class: as ip.dsfield")                            \
  X(ipv6_flow, "ipv6.flow", hex24, "Flow label: the same for all packets of a flow (RFC 6437)")   \
  X(ipv6_plen, "ipv6.plen", number, "Bytes after the fixed header")                               \
  X(ipv6_nxt, "ipv6.nxt", number, "What follows the fixed header")                                \
  X(ipv6_hlim, "ipv6.hlim", number, "Routers that it may still pass")                             \
  X(ipv6_src, "ipv6.src", ipv6, "Address of the sender")                                          \
  X(ipv6_dst, "ipv6.dst", ipv6, "Address of the receiver")                                        \
  X(ipv6_addr, "ipv6.addr", ipv6, "Either address")                                               \
  X(ipv6_hopopts, "ipv6.hopopts", protocol, "Options for every router (RFC 8200 4.3)")            \
  X(ipv6_hopopts_nxt, "ipv6.hopopts.nxt", number, "What follows these options")                   \
  X(ipv6_hopopts_len, "ipv6.hopopts.len", number, "Length of the header, in units of 8 bytes after the first 8") \
  X(ipv6_routing, "ipv6.routing", protocol, "Routing header (RFC 8200 4.4)")                      \
  X(ipv6_routing_nxt, "ipv6.routing.nxt", number, "What follows the routing header")              \
  X(ipv6_routing_len, "ipv6.routing.len", number, "Length of the header, as ipv6.hopopts.len")    \
  X(ipv6_routing_type, "ipv6.routing.type", number, "0 source route, 2 mobile, 4 segments")       \
  X(ipv6_routing_segleft, "ipv6.routing.segleft", number, "Stations still to pass")                \
  X(ipv6_fraghdr, "ipv6.fraghdr", protocol, "Fragment header (RFC 8200 4.5)")                     \
  X(ipv6_fraghdr_nxt, "ipv6.fraghdr.nxt", number, "What the whole datagram carries")              \
  X(ipv6_fraghdr_offset, "ipv6.fraghdr.offset", number, "Place of this fragment, in bytes")       \
  X(ipv6_fraghdr_more, "ipv6.fraghdr.more", boolean, "More fragments follow this one")            \
  X(ipv6_fraghdr_ident, "ipv6.fraghdr.ident", hex32, "Which datagram the fragment belongs to")    \
  X(ipv6_dstopts, "ipv6.dstopts", protocol, "Options for the receiver (RFC 8200 4.6)")            \
  X(ipv6_dstopts_nxt, "ipv6.dstopts.nxt", number, "What follows these options")                   \
  X(ipv6_dstopts_len, "ipv6.dstopts.len", number, "Length of the header, as ipv6.hopopts.len")    \
  X(ah, "ah", protocol, "IP Authentication Header (RFC 4302)")                                    \
  X(icmp, "icmp", protocol, "Internet Control Message Protocol (RFC 792)")                        \
  X(icmp_type, "icmp.type", number, "0 echo reply, 3 unreachable, 8 echo, 11 time exceeded")      \
  X(icmp_code, "icmp.code", number, "Which kind of the type: 3/3 is port unreachable")            \
  X(icmp_checksum, "icmp.checksum", hex16, "Ones' complement sum over the message")               \
  X(icmp_checksum_status, "icmp.checksum.status", number, "0 bad, 1 good, 2 not checked")         \
  X(icmp_ident, "icmp.ident", number, "Echo: which pinging process")                              \
  X(icmp_seq, "icmp.seq", number, "Echo: which ping")                                             \
  X(icmp_mtu, "icmp.mtu", number, "Fragmentation needed: the largest packet that would pass")     \
  X(icmpv6, "icmpv6", protocol, "Internet Control Message Protocol for IPv6 (RFC 4443)")          \
  X(icmpv6_type, "icmpv6.type", number, "1 unreachable, 128 echo, 129 reply, 133-137 neighbours") \
  X(icmpv6_code, "icmpv6.code", number, "Which kind of the type: 1/4 is port unreachable")        \
  X(icmpv6_checksum, "icmpv6.checksum", hex16, "Ones' complement sum with pseudo-header")         \
  X(icmpv6_echo_identifier, "icmpv6.echo.identifier", number, "Echo: which pinging process")     \
  X(icmpv6_echo_sequence_number, "icmpv6.echo.sequence_number", number, "Echo: which ping")       \
  X(icmpv6_nd_ns_target_address, "icmpv6.nd.ns.target_address", ipv6, "Whose link-layer address is asked for") \
  X(icmpv6_nd_na_target_address, "icmpv6.nd.na.target_address", ipv6, "Whose link-layer address is told") \
  X(icmpv6_checksum_status, "icmpv6.checksum.status", number, "0 bad, 1 good, 2 not checked")     \
  X(tcp, "tcp", protocol, "Transmission Control Protocol (RFC 9293)")                             \
  X(tcp_stream, "tcp.stream", number, "Which connection of the capture, from 0")                  \
  X(tcp_srcport, "tcp.srcport", number, "Port of the sender")                                     \
  X(tcp_dstport, "tcp.dstport", number, "Port of the receiver")                                   \
  X(tcp_port, "tcp.port", number, "Either port")                                                  \
  X(tcp_completeness, "tcp.completeness", number, "Bits: SYN, SYN-ACK, ACK, data, FIN, RST seen") \
  X(tcp_len, "tcp.len", number, "Bytes of payload")                                               \
  X(tcp_seq, "tcp.seq", number, "Place of the first payload byte, from the connection's start")   \
  X(tcp_seq_raw, "tcp.seq_raw", number, "The sequence number as it stands in the header")         \
  X(tcp_nxtseq, "tcp.nxtseq", number, "The sequence number that comes next")                      \
  X(tcp_ack, "tcp.ack", number, "All before this has arrived; relative to the start")             \
  X(tcp_ack_raw, "tcp.ack_raw", number, "The acknowledgment number as it stands in the header")   \
  X(tcp_hdr_len, "tcp.hdr_len", number, "Bytes of the header, options included")                  \
  X(tcp_flags, "tcp.flags", hex16, "The control bits together")                                   \
  X(tcp_flags_res, "tcp.flags.res", boolean, "Reserved bits, 0")                                  \
  X(tcp_flags_ae, "tcp.flags.ae", boolean, "Accurate ECN")                                        \
  X(tcp_flags_cwr, "tcp.flags.cwr", boolean, "Congestion window reduced")                         \
  X(tcp_flags_ece, "tcp.flags.ece", boolean, "Congestion was met")                                \
  X(tcp_flags_urg, "tcp.flags.urg", boolean, "The urgent pointer counts")                         \
  X(tcp_flags_ack, "tcp.flags.ack", boolean, "The acknowledgment number counts")                  \
  X(tcp_flags_push, "tcp.flags.push", boolean, "Hand the data to the application now")            \
  X(tcp_flags_reset, "tcp.flags.reset", boolean, "The connection is torn down")                   \
  X(tcp_flags_syn, "tcp.flags.syn", boolean, "Opens a connection: here is my initial number")     \
  X(tcp_flags_fin, "tcp.flags.fin", boolean, "The sender has no more to say")                     \
  X(tcp_window_size_value, "tcp.window_size_value", number, "The window field, unscaled")         \
  X(tcp_window_size, "tcp.window_size", number, "Bytes that the sender of this can take now")     \
  X(tcp_window_size_scalefactor, "tcp.window_size_scalefactor", signed_number, "-1 unknown, -2 none") \
  X(tcp_checksum, "tcp.checksum", hex16, "Ones' complement sum with pseudo-header")               \
  X(tcp_checksum_status, "tcp.checksum.status", number, "0 bad, 1 good, 2 not checked")           \
  X(tcp_urgent_pointer, "tcp.urgent_pointer", number, "End of urgent data, if URG is set")        \
  X(tcp_options, "tcp.options", bytes, "All options")                                             \
  X(tcp_option_kind, "tcp.option_kind", number, "Kind of an option")                              \
  X(tcp_option_len, "tcp.option_len", number, "Bytes of an option")                               \
  X(tcp_options_mss_val, "tcp.options.mss_val", number, "Largest segment that the sender takes")  \
  X(tcp_options_wscale_shift, "tcp.options.wscale.shift", number, "Shift the window by so much")  \
  X(tcp_options_wscale_multiplier, "tcp.options.wscale.multiplier", number, "Multiply the window by so much") \
  X(tcp_options_sack_perm, "tcp.options.sack_perm", presence, "Selective acknowledgment offered") \
  X(tcp_options_sack_le, "tcp.options.sack_le", number, "First byte of a block that has arrived") \
  X(tcp_options_sack_re, "tcp.options.sack_re", number, "First byte after that block")            \
  X(tcp_options_sack_count, "tcp.options.sack.count", number, "Blocks in the option")             \
  X(tcp_options_tfo_request, "tcp.options.tfo.request", presence, "Asks for a Fast Open cookie (RFC 7413)") \
  X(tcp_options_tfo_cookie, "tcp.options.tfo.cookie", bytes, "Fast Open cookie")                  \
  X(tcp_options_md5_digest, "tcp.options.md5.digest", bytes, "MD5 signature (RFC 2385)")         \
  X(tcp_options_mptcp_subtype, "tcp.options.mptcp.subtype", number, "Multipath TCP: kind of message (RFC 8684)") \
  X(tcp_options_timestamp_tsval, "tcp.options.timestamp.tsval", number, "The sender's clock")     \
  X(tcp_options_timestamp_tsecr, "tcp.options.timestamp.tsecr", number, "The peer's clock, back") \
  X(tcp_time_relative, "tcp.time_relative", duration, "Seconds since the connection's first segment") \
  X(tcp_time_delta, "tcp.time_delta", duration, "Seconds since the connection's segment before")  \
  X(tcp_analysis, "tcp.analysis", presence, "There is something to say about this segment")       \
  X(tcp_analysis_flags, "tcp.analysis.flags", presence, "Something noteworthy: see the others")   \
  X(tcp_analysis_retransmission, "tcp.analysis.retransmission", presence, "Sent before")          \
  X(tcp_analysis_fast_retransmission, "tcp.analysis.fast_retransmission", presence, "Sent again after duplicate ACKs") \
  X(tcp_analysis_spurious_retransmission, "tcp.analysis.spurious_retransmission", presence, "Sent again though acknowledged") \
  X(tcp_analysis_out_of_order, "tcp.analysis.out_of_order", presence, "Overtaken on the way")     \
  X(tcp_analysis_lost_segment, "tcp.analysis.lost_segment", presence, "A segment before it is missing") \
  X(tcp_analysis_ack_lost_segment, "tcp.analysis.ack_lost_segment", presence, "Acknowledges what was not captured") \
  X(tcp_analysis_duplicate_ack, "tcp.analysis.duplicate_ack", presence, "Says the same as the ACK before") \
  X(tcp_analysis_duplicate_ack_num, "tcp.analysis.duplicate_ack_num", number, "How often it was said") \
  X(tcp_analysis_duplicate_ack_frame, "tcp.analysis.duplicate_ack_frame", number, "Where it was said first") \
  X(tcp_analysis_keep_alive, "tcp.analysis.keep_alive", presence, "Asks whether the peer is still there") \
  X(tcp_analysis_keep_alive_ack, "tcp.analysis.keep_alive_ack", presence, "Answers a keep-alive") \
  X(tcp_analysis_zero_window, "tcp.analysis.zero_window", presence, "The sender of this can take nothing now") \
  X(tcp_analysis_zero_window_probe, "tcp.analysis.zero_window_probe", presence, "One byte to see whether the window opened") \
  X(tcp_analysis_zero_window_probe_ack, "tcp.analysis.zero_window_probe_ack", presence, "Still no room") \
  X(tcp_analysis_window_update, "tcp.analysis.window_update", presence, "Only the window changed") \
  X(tcp_analysis_window_full, "tcp.analysis.window_full", presence, "Fills the peer's window exactly") \
  X(tcp_analysis_reused_ports, "tcp.analysis.reused_ports", presence, "A new connection on ports used before") \
  X(tcp_analysis_acks_frame, "tcp.analysis.acks_frame", number, "The frame that this acknowledges") \
  X(tcp_analysis_ack_rtt, "tcp.analysis.ack_rtt", duration, "Seconds since that frame")           \
  X(tcp_analysis_initial_rtt, "tcp.analysis.initial_rtt", duration, "Seconds from SYN to the third segment") \
  X(tcp_analysis_bytes_in_flight, "tcp.analysis.bytes_in_flight", number, "Sent and not yet acknowledged") \
  X(tcp_analysis_rto, "tcp.analysis.rto", duration, "How long the sender waited before sending again") \
  X(tcp_payload, "tcp.payload", bytes, "The payload")                                             \
  X(udp, "udp", protocol, "User Datagram Protocol (RFC 768)")                                     \
  X(udp_srcport, "udp.srcport", number, "Port of the sender")                                     \
  X(udp_dstport, "udp.dstport", number, "Port of the receiver")                                   \
  X(udp_port, "udp.port", number, "Either port")                                                  \
  X(udp_length, "udp.length", number, "Bytes of header and payload")                              \
  X(udp_checksum, "udp.checksum", hex16, "Ones' complement sum with pseudo-header; 0 is none")    \
  X(udp_checksum_status, "udp.checksum.status", number, "0 bad, 1 good, 2 not checked, 3 none")   \
  X(udp_stream, "udp.stream", number, "Which pair of UDP endpoints, from 0")                      \
  X(udp_time_relative, "udp.time_relative", duration, "Seconds since the first datagram between these endpoints") \
  X(udp_time_delta, "udp.time_delta", duration, "Seconds since the datagram before")              \
  X(udp_payload, "udp.payload", bytes, "The payload")                                             \
  TRACER_DNS_FIELDS(X)                                                                            \
  TRACER_HTTP_FIELDS(X)                                                                           \
  TRACER_TLS_FIELDS(X)                                                                            \
  TRACER_TEXT_FIELDS(X)
