// Every field we can name, in one table: X(identifier, "wireshark.name", type, "one sentence").
//
// The names are Wireshark's, so that what is learnt here works there. The type decides how a value
// is printed and compared (field.hpp). The order is that of the layers.
#pragma once

#include "tracer/fields/list_dns.hpp"
#include "tracer/fields/list_http.hpp"
#include "tracer/fields/list_icmp.hpp"
#include "tracer/fields/list_ip.hpp"
#include "tracer/fields/list_text.hpp"
#include "tracer/fields/list_tls.hpp"

#define TRACER_FIELDS(X)                                                                           \
  X(frame, "frame", protocol, "The frame as the capture holds it")                                 \
  X(frame_number, "frame.number", number, "Position of the frame in the capture, from 1")          \
  X(frame_len, "frame.len", number, "Bytes of the frame on the wire")                              \
  X(frame_cap_len, "frame.cap_len", number, "Bytes of the frame that the capture kept")            \
  X(frame_time, "frame.time", date, "When it passed, as a date in local time")                     \
  X(frame_time_epoch, "frame.time_epoch", time, "When it passed, in seconds since 1970 (UTC)")     \
  X(frame_time_relative, "frame.time_relative", duration, "Seconds since the first frame")         \
  X(frame_time_delta, "frame.time_delta", duration, "Seconds since the frame before")              \
  X(frame_time_delta_displayed, "frame.time_delta_displayed", duration,                            \
    "Seconds since the frame before that the display filter lets pass")                            \
  X(frame_encap_type, "frame.encap_type", number,                                                  \
    "Kind of the link layer, in Wireshark's numbers: 1 is Ethernet")                               \
  X(frame_marked, "frame.marked", boolean, "Marked in a session; here never")                      \
  X(frame_ignored, "frame.ignored", boolean, "Ignored in a session; here never")                   \
  X(frame_interface_id, "frame.interface_id", number, "Which interface of the capture, from 0")    \
  X(frame_packet_id, "frame.packet_id", number, "The same packet at every vantage point")          \
  X(frame_comment, "frame.comment", text, "A comment that the capture file holds")                 \
  X(frame_protocols, "frame.protocols", text, "The layers, outermost first")                       \
  X(eth, "eth", protocol, "Ethernet")                                                              \
  X(eth_dst, "eth.dst", mac, "The station that the frame is for")                                  \
  X(eth_src, "eth.src", mac, "The station that sent the frame")                                    \
  X(eth_addr, "eth.addr", mac, "Either station")                                                   \
  X(eth_dst_lg, "eth.dst.lg", boolean,                                                             \
    "The receiver's address was given locally, not by its maker")                                  \
  X(eth_dst_ig, "eth.dst.ig", boolean, "The receiver is a group: multicast or broadcast")          \
  X(eth_src_lg, "eth.src.lg", boolean, "The sender's address was given locally, not by its maker") \
  X(eth_src_ig, "eth.src.ig", boolean, "The sender's address is a group's, which is wrong")        \
  X(eth_lg, "eth.lg", boolean, "Either address was given locally")                                 \
  X(eth_ig, "eth.ig", boolean, "Either address is a group's")                                      \
  X(eth_len, "eth.len", number, "IEEE 802.3: bytes of the payload")                                \
  X(eth_type, "eth.type", hex16, "What the frame carries: 0x0800 is IPv4, 0x86dd IPv6")            \
  X(vlan, "vlan", protocol, "802.1Q virtual LAN tag")                                              \
  X(vlan_priority, "vlan.priority", number, "Priority code point, 0 to 7")                         \
  X(vlan_dei, "vlan.dei", boolean, "May be dropped first under congestion")                        \
  X(vlan_id, "vlan.id", number, "Which virtual LAN, 0 to 4095")                                    \
  X(vlan_etype, "vlan.etype", hex16, "What follows the tag")                                       \
  X(ieee8021ad, "ieee8021ad", protocol, "802.1ad tag: a provider's VLAN around a customer's")      \
  X(ieee8021ad_priority, "ieee8021ad.priority", number, "Priority code point, 0 to 7")             \
  X(ieee8021ad_dei, "ieee8021ad.dei", number, "May be dropped first under congestion")             \
  X(ieee8021ad_id, "ieee8021ad.id", number, "Which of the provider's virtual LANs")                \
  X(llc, "llc", protocol, "IEEE 802.2 Logical Link Control")                                       \
  X(llc_type, "llc.type", hex16, "EtherType of what follows (SNAP)")                               \
  X(pppoes, "pppoes", protocol, "PPP over Ethernet (RFC 2516)")                                    \
  X(pppoe_session_id, "pppoe.session_id", hex16, "Which session")                                  \
  X(ppp, "ppp", protocol, "Point-to-Point Protocol (RFC 1661)")                                    \
  X(chdlc, "chdlc", protocol, "Cisco HDLC")                                                        \
  X(mpls, "mpls", protocol, "Multiprotocol Label Switching (RFC 3032)")                            \
  X(mpls_label, "mpls.label", number, "Which path the packet takes")                               \
  X(mpls_bottom, "mpls.bottom", number, "1: the last label")                                       \
  X(mpls_ttl, "mpls.ttl", number, "Routers that it may still pass")                                \
  X(gre, "gre", protocol, "Generic Routing Encapsulation: a tunnel (RFC 2784)")                    \
  X(gre_proto, "gre.proto", hex16, "EtherType of what is inside")                                  \
  X(sll, "sll", protocol, "Linux cooked capture: what -i any has in place of Ethernet")            \
  X(sll_pkttype, "sll.pkttype", number, "0 to us, 1 broadcast, 2 multicast, 3 to others, 4 sent")  \
  X(sll_hatype, "sll.hatype", number, "Kind of the interface's hardware (ARPHRD_)")                \
  X(sll_halen, "sll.halen", number, "Bytes of the link-layer address that are used")               \
  X(sll_etype, "sll.etype", hex16, "What the frame carries")                                       \
  X(sll_ifindex, "sll.ifindex", number, "Index of the interface (version 2)")                      \
  X(null, "null", protocol, "BSD loopback: an address family in four bytes")                       \
  X(null_family, "null.family", number, "Address family: 2 is IPv4")                               \
  X(arp, "arp", protocol, "Address Resolution Protocol (RFC 826)")                                 \
  X(arp_hw_type, "arp.hw.type", number, "Kind of link-layer address: 1 is Ethernet")               \
  X(arp_proto_type, "arp.proto.type", hex16, "Kind of network address: 0x0800 is IPv4")            \
  X(arp_hw_size, "arp.hw.size", number, "Bytes of a link-layer address")                           \
  X(arp_proto_size, "arp.proto.size", number, "Bytes of a network address")                        \
  X(arp_opcode, "arp.opcode", number, "1 asks who has an address, 2 answers")                      \
  X(arp_src_hw_mac, "arp.src.hw_mac", mac, "Link-layer address of the sender")                     \
  X(arp_src_proto_ipv4, "arp.src.proto_ipv4", ipv4, "IPv4 address of the sender")                  \
  X(arp_dst_hw_mac, "arp.dst.hw_mac", mac, "Link-layer address asked for or answered")             \
  X(arp_dst_proto_ipv4, "arp.dst.proto_ipv4", ipv4, "IPv4 address asked for or answered")          \
  TRACER_IP_FIELDS(X)                                                                              \
  TRACER_ICMP_FIELDS(X)                                                                            \
  X(tcp, "tcp", protocol, "Transmission Control Protocol (RFC 9293)")                              \
  X(tcp_stream, "tcp.stream", number, "Which connection of the capture, from 0")                   \
  X(tcp_srcport, "tcp.srcport", number, "Port of the sender")                                      \
  X(tcp_dstport, "tcp.dstport", number, "Port of the receiver")                                    \
  X(tcp_port, "tcp.port", number, "Either port")                                                   \
  X(tcp_completeness, "tcp.completeness", number, "Bits: SYN, SYN-ACK, ACK, data, FIN, RST seen")  \
  X(tcp_len, "tcp.len", number, "Bytes of payload")                                                \
  X(tcp_seq, "tcp.seq", number, "Place of the first payload byte, from the connection's start")    \
  X(tcp_seq_raw, "tcp.seq_raw", number, "The sequence number as it stands in the header")          \
  X(tcp_nxtseq, "tcp.nxtseq", number, "The sequence number that comes next")                       \
  X(tcp_ack, "tcp.ack", number, "All before this has arrived; relative to the start")              \
  X(tcp_ack_raw, "tcp.ack_raw", number, "The acknowledgment number as it stands in the header")    \
  X(tcp_hdr_len, "tcp.hdr_len", number, "Bytes of the header, options included")                   \
  X(tcp_flags, "tcp.flags", hex16, "The control bits together")                                    \
  X(tcp_flags_res, "tcp.flags.res", boolean, "Reserved bits, 0")                                   \
  X(tcp_flags_ae, "tcp.flags.ae", boolean, "Accurate ECN")                                         \
  X(tcp_flags_cwr, "tcp.flags.cwr", boolean, "Congestion window reduced")                          \
  X(tcp_flags_ece, "tcp.flags.ece", boolean, "Congestion was met")                                 \
  X(tcp_flags_urg, "tcp.flags.urg", boolean, "The urgent pointer counts")                          \
  X(tcp_flags_ack, "tcp.flags.ack", boolean, "The acknowledgment number counts")                   \
  X(tcp_flags_push, "tcp.flags.push", boolean, "Hand the data to the application now")             \
  X(tcp_flags_reset, "tcp.flags.reset", boolean, "The connection is torn down")                    \
  X(tcp_flags_syn, "tcp.flags.syn", boolean, "Opens a connection: here is my initial number")      \
  X(tcp_flags_fin, "tcp.flags.fin", boolean, "The sender has no more to say")                      \
  X(tcp_flags_str, "tcp.flags.str", text, "The control bits as letters")                           \
  X(tcp_connection_syn, "tcp.connection.syn", presence, "Opens a connection")                      \
  X(tcp_connection_synack, "tcp.connection.synack", presence, "Accepts a connection")              \
  X(tcp_connection_fin, "tcp.connection.fin", presence, "Finishes a direction")                    \
  X(tcp_connection_rst, "tcp.connection.rst", presence, "Resets a connection")                     \
  X(tcp_window_size_value, "tcp.window_size_value", number, "The window field, unscaled")          \
  X(tcp_window_size, "tcp.window_size", number, "Bytes that the sender of this can take now")      \
  X(tcp_window_size_scalefactor, "tcp.window_size_scalefactor", signed_number,                     \
    "-1 unknown, -2 none")                                                                         \
  X(tcp_checksum, "tcp.checksum", hex16, "Ones' complement sum with pseudo-header")                \
  X(tcp_checksum_status, "tcp.checksum.status", number, "0 bad, 1 good, 2 not checked")            \
  X(tcp_urgent_pointer, "tcp.urgent_pointer", number, "End of urgent data, if URG is set")         \
  X(tcp_options, "tcp.options", bytes, "All options")                                              \
  X(tcp_option_kind, "tcp.option_kind", number, "Kind of an option")                               \
  X(tcp_option_len, "tcp.option_len", number, "Bytes of an option")                                \
  X(tcp_options_mss_val, "tcp.options.mss_val", number, "Largest segment that the sender takes")   \
  X(tcp_options_wscale_shift, "tcp.options.wscale.shift", number, "Shift the window by so much")   \
  X(tcp_options_wscale_multiplier, "tcp.options.wscale.multiplier", number,                        \
    "Multiply the window by so much")                                                              \
  X(tcp_options_sack_perm, "tcp.options.sack_perm", presence, "Selective acknowledgment offered")  \
  X(tcp_options_sack_le, "tcp.options.sack_le", number, "First byte of a block that has arrived")  \
  X(tcp_options_sack_re, "tcp.options.sack_re", number, "First byte after that block")             \
  X(tcp_options_sack_count, "tcp.options.sack.count", number, "Blocks in the option")              \
  X(tcp_options_sack_dsack, "tcp.options.sack.dsack", presence,                                    \
    "The first block tells of what arrived twice (RFC 2883)")                                      \
  X(tcp_options_sack_dsack_le, "tcp.options.sack.dsack_le", number,                                \
    "First byte of what arrived twice (RFC 2883)")                                                 \
  X(tcp_options_sack_dsack_re, "tcp.options.sack.dsack_re", number, "First byte after that")       \
  X(tcp_options_tfo_request, "tcp.options.tfo.request", presence,                                  \
    "Asks for a Fast Open cookie (RFC 7413)")                                                      \
  X(tcp_options_tfo_cookie, "tcp.options.tfo.cookie", bytes, "Fast Open cookie")                   \
  X(tcp_options_md5_digest, "tcp.options.md5.digest", bytes, "MD5 signature (RFC 2385)")           \
  X(tcp_options_mptcp_subtype, "tcp.options.mptcp.subtype", number,                                \
    "Multipath TCP: kind of message (RFC 8684)")                                                   \
  X(tcp_options_timestamp_tsval, "tcp.options.timestamp.tsval", number, "The sender's clock")      \
  X(tcp_options_timestamp_tsecr, "tcp.options.timestamp.tsecr", number, "The peer's clock, back")  \
  X(tcp_time_relative, "tcp.time_relative", duration,                                              \
    "Seconds since the connection's first segment")                                                \
  X(tcp_time_delta, "tcp.time_delta", duration, "Seconds since the connection's segment before")   \
  X(tcp_analysis, "tcp.analysis", presence, "There is something to say about this segment")        \
  X(tcp_analysis_flags, "tcp.analysis.flags", presence, "Something noteworthy: see the others")    \
  X(tcp_analysis_retransmission, "tcp.analysis.retransmission", presence, "Sent before")           \
  X(tcp_analysis_fast_retransmission, "tcp.analysis.fast_retransmission", presence,                \
    "Sent again after duplicate ACKs")                                                             \
  X(tcp_analysis_spurious_retransmission, "tcp.analysis.spurious_retransmission", presence,        \
    "Sent again though acknowledged")                                                              \
  X(tcp_analysis_out_of_order, "tcp.analysis.out_of_order", presence, "Overtaken on the way")      \
  X(tcp_analysis_lost_segment, "tcp.analysis.lost_segment", presence,                              \
    "A segment before it is missing")                                                              \
  X(tcp_analysis_ack_lost_segment, "tcp.analysis.ack_lost_segment", presence,                      \
    "Acknowledges what was not captured")                                                          \
  X(tcp_analysis_duplicate_ack, "tcp.analysis.duplicate_ack", presence,                            \
    "Says the same as the ACK before")                                                             \
  X(tcp_analysis_duplicate_ack_num, "tcp.analysis.duplicate_ack_num", number,                      \
    "How often it was said")                                                                       \
  X(tcp_analysis_duplicate_ack_frame, "tcp.analysis.duplicate_ack_frame", number,                  \
    "Where it was said first")                                                                     \
  X(tcp_analysis_keep_alive, "tcp.analysis.keep_alive", presence,                                  \
    "Asks whether the peer is still there")                                                        \
  X(tcp_analysis_keep_alive_ack, "tcp.analysis.keep_alive_ack", presence, "Answers a keep-alive")  \
  X(tcp_analysis_zero_window, "tcp.analysis.zero_window", presence,                                \
    "The sender of this can take nothing now")                                                     \
  X(tcp_analysis_zero_window_probe, "tcp.analysis.zero_window_probe", presence,                    \
    "One byte to see whether the window opened")                                                   \
  X(tcp_analysis_zero_window_probe_ack, "tcp.analysis.zero_window_probe_ack", presence,            \
    "Still no room")                                                                               \
  X(tcp_analysis_window_update, "tcp.analysis.window_update", presence, "Only the window changed") \
  X(tcp_analysis_window_full, "tcp.analysis.window_full", presence,                                \
    "Fills the peer's window exactly")                                                             \
  X(tcp_analysis_reused_ports, "tcp.analysis.reused_ports", presence,                              \
    "A new connection on ports used before")                                                       \
  X(tcp_analysis_acks_frame, "tcp.analysis.acks_frame", number,                                    \
    "The frame that this acknowledges")                                                            \
  X(tcp_analysis_ack_rtt, "tcp.analysis.ack_rtt", duration, "Seconds since that frame")            \
  X(tcp_analysis_initial_rtt, "tcp.analysis.initial_rtt", duration,                                \
    "Seconds from SYN to the third segment")                                                       \
  X(tcp_analysis_bytes_in_flight, "tcp.analysis.bytes_in_flight", number,                          \
    "Sent and not yet acknowledged")                                                               \
  X(tcp_analysis_rto, "tcp.analysis.rto", duration,                                                \
    "How long the sender waited before sending again")                                             \
  X(tcp_payload, "tcp.payload", bytes, "The payload")                                              \
  X(udp, "udp", protocol, "User Datagram Protocol (RFC 768)")                                      \
  X(udp_srcport, "udp.srcport", number, "Port of the sender")                                      \
  X(udp_dstport, "udp.dstport", number, "Port of the receiver")                                    \
  X(udp_port, "udp.port", number, "Either port")                                                   \
  X(udp_length, "udp.length", number, "Bytes of header and payload")                               \
  X(udp_checksum, "udp.checksum", hex16, "Ones' complement sum with pseudo-header; 0 is none")     \
  X(udp_checksum_status, "udp.checksum.status", number, "0 bad, 1 good, 2 not checked, 3 none")    \
  X(udp_stream, "udp.stream", number, "Which pair of UDP endpoints, from 0")                       \
  X(udp_time_relative, "udp.time_relative", duration,                                              \
    "Seconds since the first datagram between these endpoints")                                    \
  X(udp_time_delta, "udp.time_delta", duration, "Seconds since the datagram before")               \
  X(udp_payload, "udp.payload", bytes, "The payload")                                              \
  TRACER_DNS_FIELDS(X)                                                                             \
  TRACER_HTTP_FIELDS(X)                                                                            \
  TRACER_TLS_FIELDS(X)                                                                             \
  TRACER_TEXT_FIELDS(X)
