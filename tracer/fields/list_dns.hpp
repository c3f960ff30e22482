// Fields of DNS messages, over UDP and TCP; mDNS and LLMNR have the same.
#pragma once

#define TRACER_DNS_FIELDS(X)                                                                       \
  X(dns, "dns", protocol, "Domain Name System (RFC 1035)")                                         \
  X(dns_length, "dns.length", number, "TCP only: bytes of the message")                            \
  X(dns_id, "dns.id", hex16, "Ties an answer to its question")                                     \
  X(dns_flags, "dns.flags", hex16, "All flags together")                                           \
  X(dns_flags_response, "dns.flags.response", boolean, "An answer, not a question")                \
  X(dns_flags_opcode, "dns.flags.opcode", number, "0 is a standard query, 5 an update")            \
  X(dns_flags_authoritative, "dns.flags.authoritative", boolean,                                   \
    "The server is responsible for the name")                                                      \
  X(dns_flags_truncated, "dns.flags.truncated", boolean,                                           \
    "The answer did not fit; ask again over TCP")                                                  \
  X(dns_flags_recdesired, "dns.flags.recdesired", boolean, "Please ask others for me")             \
  X(dns_flags_recavail, "dns.flags.recavail", boolean, "I could ask others for you")               \
  X(dns_flags_z, "dns.flags.z", boolean, "Reserved bit")                                           \
  X(dns_flags_authenticated, "dns.flags.authenticated", boolean, "DNSSEC was checked")             \
  X(dns_flags_checkdisable, "dns.flags.checkdisable", boolean, "Do not check DNSSEC for me")       \
  X(dns_flags_rcode, "dns.flags.rcode", number, "0 is fine, 2 server failure, 3 no such name")     \
  X(dns_count_queries, "dns.count.queries", number, "Questions")                                   \
  X(dns_count_zones, "dns.count.zones", number, "Update: zones")                                   \
  X(dns_count_answers, "dns.count.answers", number, "Records that answer")                         \
  X(dns_count_prerequisites, "dns.count.prerequisites", number, "Update: prerequisites")           \
  X(dns_count_auth_rr, "dns.count.auth_rr", number, "Records of the responsible servers")          \
  X(dns_count_updates, "dns.count.updates", number, "Update: changes")                             \
  X(dns_count_add_rr, "dns.count.add_rr", number, "Further records")                               \
  X(dns_qry_name, "dns.qry.name", text, "The name that is asked for")                              \
  X(dns_qry_name_len, "dns.qry.name.len", number, "Characters of that name")                       \
  X(dns_count_labels, "dns.count.labels", number, "Labels of that name")                           \
  X(dns_qry_type, "dns.qry.type", number, "What is asked for: 1 A, 28 AAAA, 15 MX")                \
  X(dns_qry_class, "dns.qry.class", hex16, "1 is the Internet")                                    \
  X(dns_qry_qu, "dns.qry.qu", boolean, "mDNS: answer me alone")                                    \
  X(dns_resp_name, "dns.resp.name", text, "The name that a record is about")                       \
  X(dns_resp_type, "dns.resp.type", number, "What kind of record it is")                           \
  X(dns_resp_class, "dns.resp.class", hex16, "1 is the Internet")                                  \
  X(dns_resp_cache_flush, "dns.resp.cache_flush", boolean, "mDNS: forget what you knew")           \
  X(dns_resp_ttl, "dns.resp.ttl", number, "Seconds that the record may be kept")                   \
  X(dns_resp_len, "dns.resp.len", number, "Bytes of the record's data")                            \
  X(dns_a, "dns.a", ipv4, "IPv4 address")                                                          \
  X(dns_ns, "dns.ns", text, "Name server")                                                         \
  X(dns_cname, "dns.cname", text, "The name that this one stands for")                             \
  X(dns_soa_mname, "dns.soa.mname", text, "Primary server of the zone")                            \
  X(dns_soa_rname, "dns.soa.rname", text, "Who looks after the zone")                              \
  X(dns_soa_serial_number, "dns.soa.serial_number", number, "Version of the zone")                 \
  X(dns_soa_refresh_interval, "dns.soa.refresh_interval", number,                                  \
    "Seconds between looks of the secondaries")                                                    \
  X(dns_soa_retry_interval, "dns.soa.retry_interval", number, "Seconds until they try again")      \
  X(dns_soa_expire_limit, "dns.soa.expire_limit", number, "Seconds until they give up")            \
  X(dns_soa_minimum_ttl, "dns.soa.minimum_ttl", number,                                            \
    "Seconds that a negative answer may be kept")                                                  \
  X(dns_ptr_domain_name, "dns.ptr.domain_name", text, "Name of an address")                        \
  X(dns_mx_preference, "dns.mx.preference", number, "Mail servers with a lower number come first") \
  X(dns_mx_mail_exchange, "dns.mx.mail_exchange", text, "Mail server")                             \
  X(dns_txt_length, "dns.txt.length", number, "Bytes of a text")                                   \
  X(dns_txt, "dns.txt", text, "Free text")                                                         \
  X(dns_aaaa, "dns.aaaa", ipv6, "IPv6 address")                                                    \
  X(dns_srv_service, "dns.srv.service", text, "Service of an SRV record")                          \
  X(dns_srv_proto, "dns.srv.proto", text, "Protocol of an SRV record")                             \
  X(dns_srv_name, "dns.srv.name", text, "Domain of an SRV record")                                 \
  X(dns_srv_priority, "dns.srv.priority", number, "Servers with a lower number come first")        \
  X(dns_srv_weight, "dns.srv.weight", number, "Share of the load among equals")                    \
  X(dns_srv_port, "dns.srv.port", number, "Port of the service")                                   \
  X(dns_srv_target, "dns.srv.target", text, "Host of the service")                                 \
  X(dns_rr_udp_payload_size, "dns.rr.udp_payload_size", number,                                    \
    "EDNS: largest answer over UDP (RFC 6891)")                                                    \
  X(dns_resp_ext_rcode, "dns.resp.ext_rcode", hex8, "EDNS: upper bits of the response code")       \
  X(dns_resp_edns0_version, "dns.resp.edns0_version", number, "EDNS: version")                     \
  X(dns_resp_z, "dns.resp.z", hex16, "EDNS: flags")                                                \
  X(dns_resp_z_do, "dns.resp.z.do", boolean, "EDNS: send me DNSSEC records")                       \
  X(dns_resp_z_reserved, "dns.resp.z.reserved", hex16, "EDNS: reserved bits")                      \
  X(dns_opt_code, "dns.opt.code", number, "EDNS: which option")                                    \
  X(dns_opt_len, "dns.opt.len", number, "EDNS: bytes of the option")                               \
  X(dns_opt_data, "dns.opt.data", bytes, "EDNS: the option")                                       \
  X(dns_hinfo_cpu_length, "dns.hinfo.cpu_length", number, "Bytes of the processor's name")         \
  X(dns_hinfo_cpu, "dns.hinfo.cpu", text, "Processor")                                             \
  X(dns_hinfo_os_length, "dns.hinfo.os_length", number, "Bytes of the system's name")              \
  X(dns_hinfo_os, "dns.hinfo.os", text, "Operating system")                                        \
  X(dns_rp_mailbox, "dns.rp.mailbox", text, "Who is responsible")                                  \
  X(dns_rp_txt_rr, "dns.rp.txt_rr", text, "Where more is told of them")                            \
  X(dns_afsdb_subtype, "dns.afsdb.subtype", number, "Kind of an AFS server")                       \
  X(dns_afsdb_hostname, "dns.afsdb.hostname", text, "AFS server")                                  \
  X(dns_naptr_order, "dns.naptr.order", number, "NAPTR: lower ones come first (RFC 3403)")         \
  X(dns_naptr_preference, "dns.naptr.preference", number, "NAPTR: lower ones first among those")   \
  X(dns_naptr_flags_length, "dns.naptr.flags_length", number, "NAPTR: bytes of the flags")         \
  X(dns_naptr_flags, "dns.naptr.flags", text, "NAPTR: flags")                                      \
  X(dns_naptr_service_length, "dns.naptr.service_length", number, "NAPTR: bytes of the service")   \
  X(dns_naptr_service, "dns.naptr.service", text, "NAPTR: service")                                \
  X(dns_naptr_regex_length, "dns.naptr.regex_length", number, "NAPTR: bytes of the expression")    \
  X(dns_naptr_regex, "dns.naptr.regex", text, "NAPTR: expression that rewrites the name")          \
  X(dns_naptr_replacement_length, "dns.naptr.replacement_length", number,                          \
    "NAPTR: characters of the replacement")                                                        \
  X(dns_naptr_replacement, "dns.naptr.replacement", text, "NAPTR: the name to ask for next")       \
  X(dns_cert_type, "dns.cert.type", number, "CERT: kind of certificate")                           \
  X(dns_cert_key_tag, "dns.cert.key_tag", hex16, "CERT: key tag")                                  \
  X(dns_cert_algorithm, "dns.cert.algorithm", number, "CERT: algorithm")                           \
  X(dns_cert_certificate, "dns.cert.certificate", bytes, "CERT: the certificate")                  \
  X(dns_dname, "dns.dname", text, "Where a whole subtree has moved")                               \
  X(dns_ds_key_id, "dns.ds.key_id", hex16, "DNSSEC: tag of the child's key")                       \
  X(dns_ds_algorithm, "dns.ds.algorithm", number, "DNSSEC: algorithm of that key")                 \
  X(dns_ds_digest_type, "dns.ds.digest_type", number, "DNSSEC: 2 is SHA-256")                      \
  X(dns_ds_digest, "dns.ds.digest", bytes, "DNSSEC: digest of that key")                           \
  X(dns_sshfp_algorithm, "dns.sshfp.algorithm", number, "SSH host key: algorithm")                 \
  X(dns_sshfp_fingerprint_type, "dns.sshfp.fingerprint.type", number,                              \
    "SSH host key: kind of fingerprint")                                                           \
  X(dns_sshfp_fingerprint, "dns.sshfp.fingerprint", bytes, "SSH host key: fingerprint")            \
  X(dns_rrsig_type_covered, "dns.rrsig.type_covered", number,                                      \
    "DNSSEC: type of the records signed")                                                          \
  X(dns_rrsig_algorithm, "dns.rrsig.algorithm", number, "DNSSEC: algorithm of the signature")      \
  X(dns_rrsig_labels, "dns.rrsig.labels", number, "DNSSEC: labels of the signed name")             \
  X(dns_rrsig_original_ttl, "dns.rrsig.original_ttl", number, "DNSSEC: time to live as signed")    \
  X(dns_rrsig_signature_expiration, "dns.rrsig.signature_expiration", text, "DNSSEC: valid until") \
  X(dns_rrsig_signature_inception, "dns.rrsig.signature_inception", text, "DNSSEC: valid from")    \
  X(dns_rrsig_key_tag, "dns.rrsig.key_tag", number, "DNSSEC: tag of the key")                      \
  X(dns_rrsig_signers_name, "dns.rrsig.signers_name", text, "DNSSEC: zone that signed")            \
  X(dns_rrsig_signature, "dns.rrsig.signature", bytes, "DNSSEC: signature")                        \
  X(dns_nsec_next_domain_name, "dns.nsec.next_domain_name", text,                                  \
    "DNSSEC: the next name that exists")                                                           \
  X(dns_dnskey_flags, "dns.dnskey.flags", hex16,                                                   \
    "DNSSEC: 0x0100 zone key, 0x0101 key-signing key")                                             \
  X(dns_dnskey_protocol, "dns.dnskey.protocol", number, "DNSSEC: 3")                               \
  X(dns_dnskey_algorithm, "dns.dnskey.algorithm", number, "DNSSEC: algorithm of the key")          \
  X(dns_dnskey_public_key, "dns.dnskey.public_key", bytes, "DNSSEC: the key")                      \
  X(dns_nsec3_algo, "dns.nsec3.algo", number, "DNSSEC: hash algorithm")                            \
  X(dns_nsec3_flags, "dns.nsec3.flags", number, "DNSSEC: 1 is opt-out")                            \
  X(dns_nsec3_iterations, "dns.nsec3.iterations", number, "DNSSEC: how often it is hashed")        \
  X(dns_nsec3_salt_length, "dns.nsec3.salt_length", number, "DNSSEC: bytes of the salt")           \
  X(dns_nsec3_salt_value, "dns.nsec3.salt_value", bytes, "DNSSEC: salt")                           \
  X(dns_nsec3_hash_length, "dns.nsec3.hash_length", number, "DNSSEC: bytes of the hash")           \
  X(dns_nsec3_hash_value, "dns.nsec3.hash_value", text,                                            \
    "DNSSEC: hash of the next name that exists")                                                   \
  X(dns_tlsa_certificate_usage, "dns.tlsa.certificate_usage", number,                              \
    "DANE: which certificate is meant (RFC 6698)")                                                 \
  X(dns_tlsa_selector, "dns.tlsa.selector", number, "DANE: which part of it")                      \
  X(dns_tlsa_matching_type, "dns.tlsa.matching_type", number, "DANE: as it is, or which hash")     \
  X(dns_tlsa_certificate_association_data, "dns.tlsa.certificate_association_data", bytes,         \
    "DANE: what must match")                                                                       \
  X(dns_svcb_svcpriority, "dns.svcb.svcpriority", number,                                          \
    "Service: lower ones first; 0 is an alias (RFC 9460)")                                         \
  X(dns_svcb_targetname, "dns.svcb.targetname", text, "Service: host")                             \
  X(dns_svcb_svcparam_key, "dns.svcb.svcparam.key", number, "Service: which parameter")            \
  X(dns_svcb_svcparam_value_length, "dns.svcb.svcparam.value.length", number,                      \
    "Service: bytes of the parameter")                                                             \
  X(dns_svcb_svcparam_alpn_length, "dns.svcb.svcparam.alpn.length", number,                        \
    "Service: bytes of a protocol's name")                                                         \
  X(dns_svcb_svcparam_alpn, "dns.svcb.svcparam.alpn", text, "Service: protocol spoken")            \
  X(dns_svcb_svcparam_port, "dns.svcb.svcparam.port", number, "Service: port")                     \
  X(dns_svcb_svcparam_ipv4hint_ip, "dns.svcb.svcparam.ipv4hint.ip", ipv4,                          \
    "Service: address to begin with")                                                              \
  X(dns_svcb_svcparam_ipv6hint_ip, "dns.svcb.svcparam.ipv6hint.ip", ipv6,                          \
    "Service: address to begin with")                                                              \
  X(dns_spf_length, "dns.spf.length", number, "Bytes of a sender policy")                          \
  X(dns_spf, "dns.spf", text, "Sender policy (obsolete record)")                                   \
  X(dns_opt_client_family, "dns.opt.client.family", number,                                        \
    "EDNS client subnet: 1 IPv4, 2 IPv6 (RFC 7871)")                                               \
  X(dns_opt_client_netmask, "dns.opt.client.netmask", number, "EDNS client subnet: bits told")     \
  X(dns_opt_client_scope, "dns.opt.client.scope", number,                                          \
    "EDNS client subnet: bits that the answer is for")                                             \
  X(dns_opt_client_addr4, "dns.opt.client.addr4", ipv4, "EDNS client subnet: address")             \
  X(dns_opt_client_addr6, "dns.opt.client.addr6", ipv6, "EDNS client subnet: address")             \
  X(dns_opt_cookie_client, "dns.opt.cookie.client", bytes, "EDNS cookie of the client (RFC 7873)") \
  X(dns_opt_cookie_server, "dns.opt.cookie.server", bytes, "EDNS cookie of the server")            \
  X(dns_caa_flags, "dns.caa.flags", hex8, "CAA: flags (RFC 8659)")                                 \
  X(dns_caa_tag, "dns.caa.tag", text, "CAA: property")                                             \
  X(dns_caa_value, "dns.caa.value", text, "CAA: value of the property")
