// Fields of TLS records, of handshake messages and of certificates.
#pragma once

#define TRACER_TLS_FIELDS(X)                                                                      \
  X(tls, "tls", protocol, "Transport Layer Security (RFC 8446)")                                  \
  X(tls_record, "tls.record", presence, "A record")                                               \
  X(tls_record_content_type, "tls.record.content_type", number,                                   \
    "20 change cipher spec, 21 alert, 22 handshake, 23 data")                                     \
  X(tls_record_opaque_type, "tls.record.opaque_type", number,                                     \
    "The type that TLS 1.3 pretends: 23")                                                         \
  X(tls_record_version, "tls.record.version", hex16,                                              \
    "Version of the record layer; 0x0303 is TLS 1.2")                                             \
  X(tls_record_length, "tls.record.length", number, "Bytes of the record's content")              \
  X(tls_change_cipher_spec, "tls.change_cipher_spec", presence,                                   \
    "From here on the sender encrypts")                                                           \
  X(tls_alert_message, "tls.alert_message", presence, "An alert, if it can be read")              \
  X(tls_alert_message_level, "tls.alert_message.level", number, "1 warning, 2 fatal")             \
  X(tls_alert_message_desc, "tls.alert_message.desc", number,                                     \
    "0 close notify, 40 handshake failure, 48 unknown authority")                                 \
  X(tls_app_data, "tls.app_data", bytes, "Encrypted data")                                        \
  X(tls_handshake, "tls.handshake", presence, "A handshake message")                              \
  X(tls_handshake_type, "tls.handshake.type", number,                                             \
    "1 ClientHello, 2 ServerHello, 11 Certificate, 20 Finished")                                  \
  X(tls_handshake_length, "tls.handshake.length", number, "Bytes of the handshake message")       \
  X(tls_handshake_version, "tls.handshake.version", hex16,                                        \
    "Version in a hello; TLS 1.3 says 0x0303 here")                                               \
  X(tls_handshake_random, "tls.handshake.random", bytes, "Random of a hello")                     \
  X(tls_handshake_session_id_length, "tls.handshake.session_id_length", number,                   \
    "Bytes of the session id")                                                                    \
  X(tls_handshake_session_id, "tls.handshake.session_id", bytes, "Session to go on with")         \
  X(tls_handshake_cipher_suites_length, "tls.handshake.cipher_suites_length", number,             \
    "Bytes of the list of cipher suites")                                                         \
  X(tls_handshake_ciphersuite, "tls.handshake.ciphersuite", hex16,                                \
    "A cipher suite offered, or the one chosen")                                                  \
  X(tls_handshake_comp_methods_length, "tls.handshake.comp_methods_length", number,               \
    "Bytes of the list of compression methods")                                                   \
  X(tls_handshake_comp_method, "tls.handshake.comp_method", number,                               \
    "Compression method: 0 is none")                                                              \
  X(tls_handshake_extensions_length, "tls.handshake.extensions_length", number,                   \
    "Bytes of all extensions")                                                                    \
  X(tls_handshake_extension_type, "tls.handshake.extension.type", number,                         \
    "Which extension: 0 server name, 16 ALPN")                                                    \
  X(tls_handshake_extension_len, "tls.handshake.extension.len", number, "Bytes of an extension")  \
  X(tls_handshake_extensions_server_name_list_len,                                                \
    "tls.handshake.extensions_server_name_list_len", number, "Bytes of the list of names")        \
  X(tls_handshake_extensions_server_name_type, "tls.handshake.extensions_server_name_type",       \
    number, "0: a host name")                                                                     \
  X(tls_handshake_extensions_server_name_len, "tls.handshake.extensions_server_name_len", number, \
    "Bytes of the name")                                                                          \
  X(tls_handshake_extensions_server_name, "tls.handshake.extensions_server_name", text,           \
    "SNI: the host that the client wants")                                                        \
  X(tls_handshake_extensions_supported_groups_length,                                             \
    "tls.handshake.extensions_supported_groups_length", number, "Bytes of the list of groups")    \
  X(tls_handshake_extensions_supported_group, "tls.handshake.extensions_supported_group", hex16,  \
    "A group for the key exchange")                                                               \
  X(tls_handshake_extensions_ec_point_formats_length,                                             \
    "tls.handshake.extensions_ec_point_formats_length", number, "Bytes of the list of formats")   \
  X(tls_handshake_extensions_ec_point_format, "tls.handshake.extensions_ec_point_format", number, \
    "A format of curve points")                                                                   \
  X(tls_handshake_sig_hash_alg_len, "tls.handshake.sig_hash_alg_len", number,                     \
    "Bytes of the list of signature algorithms")                                                  \
  X(tls_handshake_sig_hash_alg, "tls.handshake.sig_hash_alg", hex16, "A signature algorithm")     \
  X(tls_handshake_extensions_alpn_len, "tls.handshake.extensions_alpn_len", number,               \
    "Bytes of the list of protocols")                                                             \
  X(tls_handshake_extensions_alpn_str_len, "tls.handshake.extensions_alpn_str_len", number,       \
    "Bytes of a protocol's name")                                                                 \
  X(tls_handshake_extensions_alpn_str, "tls.handshake.extensions_alpn_str", text,                 \
    "ALPN: a protocol offered, or the one chosen")                                                \
  X(tls_handshake_extensions_supported_versions_len,                                              \
    "tls.handshake.extensions.supported_versions_len", number, "Bytes of the list of versions")   \
  X(tls_handshake_extensions_supported_version, "tls.handshake.extensions.supported_version",     \
    hex16, "A version offered, or the one chosen")                                                \
  X(tls_handshake_extensions_key_share_group, "tls.handshake.extensions_key_share_group", number, \
    "Group of a key share")                                                                       \
  X(tls_handshake_session_ticket_lifetime_hint, "tls.handshake.session_ticket_lifetime_hint",     \
    number, "Seconds that a ticket lasts")                                                        \
  X(tls_handshake_session_ticket_length, "tls.handshake.session_ticket_length", number,           \
    "Bytes of a ticket")                                                                          \
  X(tls_handshake_certificates_length, "tls.handshake.certificates_length", number,               \
    "Bytes of all certificates")                                                                  \
  X(tls_handshake_certificate_length, "tls.handshake.certificate_length", number,                 \
    "Bytes of a certificate")                                                                     \
  X(tls_handshake_certificate, "tls.handshake.certificate", bytes, "A certificate")               \
  X(x509sat_printableString, "x509sat.printableString", text,                                     \
    "Part of a certificate's issuer or subject")                                                  \
  X(x509sat_uTF8String, "x509sat.uTF8String", text, "Part of a certificate's issuer or subject")
