// Fields of DNS messages, over UDP and TCP; mDNS and LLMNR have the same.
#pragma once

#define TRACER_DNS_FIELDS(X) \
  X(dns, "dns", protocol, "Domain Name System (RFC 1035)") \
  X(dns_length, "dns.length", number, "TCP only: bytes of the message") \
  X(dns_id, "dns.id", hex16, "Ties an answer to its question") \
  X(dns_flags, "dns.flags", hex16, "All flags together") \
  X(dns_flags_response, "dns.flags.response", boolean, "An answer, not a question") \
  X(dns_flags_opcode, "dns.flags.opcode", number, "0 is a standard query, 5 an update") \
  X(dns_flags_authoritative, "dns.flags.authoritative", boolean, "The server is responsible for the name") \
  X(dns_flags_truncated, "dns.flags.truncated", boolean, "The answer did not fit; ask again over TCP") \
  X(dns_flags_recdesired, "dns.flags.recdesired", boolean, "Please ask others for me") \
  X(dns_flags_recavail, "dns.flags.recavail", boolean, "I could ask others for you") \
  X(dns_flags_z, "dns.flags.z", boolean, "Reserved bit") \
  X(dns_flags_authenticated, "dns.flags.authenticated", boolean, "DNSSEC was checked") \
  X(dns_flags_checkdisable, "dns.flags.checkdisable", boolean, "Do not check DNSSEC for me") \
  X(dns_flags_rcode, "dns.flags.rcode", number, "0 is fine, 2 server failure, 3 no such name") \
  X(dns_count_queries, "dns.count.queries", number, "Questions") \
  X(dns_count_zones, "dns.count.zones", number, "Update: zones") \
  X(dns_count_answers, "dns.count.answers", number, "Records that answer") \
  X(dns_count_prerequisites, "dns.count.prerequisites", number, "Update: prerequisites") \
  X(dns_count_auth_rr, "dns.count.auth_rr", number, "Records of the responsible servers") \
  X(dns_count_updates, "dns.count.updates", number, "Update: changes") \
  X(dns_count_add_rr, "dns.count.add_rr", number, "Further records") \
  X(dns_qry_name, "dns.qry.name", text, "The name that is asked for") \
  X(dns_qry_name_len, "dns.qry.name.len", number, "Characters of that name") \
  X(dns_count_labels, "dns.count.labels", number, "Labels of that name") \
  X(dns_qry_type, "dns.qry.type", number, "What is asked for: 1 A, 28 AAAA, 15 MX") \
  X(dns_qry_class, "dns.qry.class", hex16, "1 is the Internet") \
  X(dns_qry_qu, "dns.qry.qu", boolean, "mDNS: answer me alone") \
  X(dns_resp_name, "dns.resp.name", text, "The name that a record is about") \
  X(dns_resp_type, "dns.resp.type", number, "What kind of record it is") \
  X(dns_resp_class, "dns.resp.class", hex16, "1 is the Internet") \
  X(dns_resp_cache_flush, "dns.resp.cache_flush", boolean, "mDNS: forget what you knew") \
  X(dns_resp_ttl, "dns.resp.ttl", number, "Seconds that the record may be kept") \
  X(dns_resp_len, "dns.resp.len", number, "Bytes of the record's data") \
  X(dns_a, "dns.a", ipv4, "IPv4 address") \
  X(dns_ns, "dns.ns", text, "Name server") \
  X(dns_cname, "dns.cname", text, "The name that this one stands for") \
  X(dns_soa_mname, "dns.soa.mname", text, "Primary server of the zone") \
  X(dns_soa_rname, "dns.soa.rname", text, "Who looks after the zone") \
  X(dns_soa_serial_number, "dns.soa.serial_number", number, "Version of the zone") \
  X(dns_soa_refresh_interval, "dns.soa.refresh_interval", number, "Seconds between looks of the secondaries") \
  X(dns_soa_retry_interval, "dns.soa.retry_interval", number, "Seconds until they try again") \
  X(dns_soa_expire_limit, "dns.soa.expire_limit", number, "Seconds until they give up") \
  X(dns_soa_minimum_ttl, "dns.soa.minimum_ttl", number, "Seconds that a negative answer may be kept") \
  X(dns_ptr_domain_name, "dns.ptr.domain_name", text, "Name of an address") \
  X(dns_mx_preference, "dns.mx.preference", number, "Mail servers with a lower number come first") \
  X(dns_mx_mail_exchange, "dns.mx.mail_exchange", text, "Mail server") \
  X(dns_txt_length, "dns.txt.length", number, "Bytes of a text") \
  X(dns_txt, "dns.txt", text, "Free text") \
  X(dns_aaaa, "dns.aaaa", ipv6, "IPv6 address") \
  X(dns_srv_service, "dns.srv.service", text, "Service of an SRV record") \
  X(dns_srv_proto, "dns.srv.proto", text, "Protocol of an SRV record") \
  X(dns_srv_name, "dns.srv.name", text, "Domain of an SRV record") \
  X(dns_srv_priority, "dns.srv.priority", number, "Servers with a lower number come first") \
  X(dns_srv_weight, "dns.srv.weight", number, "Share of the load among equals") \
  X(dns_srv_port, "dns.srv.port", number, "Port of the service") \
  X(dns_srv_target, "dns.srv.target", text, "Host of the service") \
  X(dns_rr_udp_payload_size, "dns.rr.udp_payload_size", number, "EDNS: largest answer over UDP (RFC 6891)") \
  X(dns_resp_ext_rcode, "dns.resp.ext_rcode", hex8, "EDNS: upper bits of the response code") \
  X(dns_resp_edns0_version, "dns.resp.edns0_version", number, "EDNS: version") \
  X(dns_resp_z, "dns.resp.z", hex16, "EDNS: flags") \
  X(dns_resp_z_do, "dns.resp.z.do", boolean, "EDNS: send me DNSSEC records") \
  X(dns_resp_z_reserved, "dns.resp.z.reserved", hex16, "EDNS: reserved bits") \
  X(dns_opt_code, "dns.opt.code", number, "EDNS: which option") \
  X(dns_opt_len, "dns.opt.len", number, "EDNS: bytes of the option") \
  X(dns_opt_data, "dns.opt.data", bytes, "EDNS: the option") \
  X(dns_caa_flags, "dns.caa.flags", hex8, "CAA: flags (RFC 8659)") \
  X(dns_caa_tag, "dns.caa.tag", text, "CAA: property") \
  X(dns_caa_value, "dns.caa.value", text, "CAA: value of the property")
