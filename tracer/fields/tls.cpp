#include "tracer/wire/tls.hpp"

#include "tracer/fields/dissect.hpp"

namespace tracer {
namespace {

#define HANDSHAKE(id) Field::tls_handshake_##id

void record_fields(const Message& message, FieldSink& sink) {
  const auto record = TlsRecord::parse(message.bytes);
  if (!record) return;
  const Bytes b = message.bytes, content = record->content();
  sink.add_layer(Field::tls, b, b);
  sink.add(Field::tls_record, 1, b);
  sink.add(message.part == Part::opaque_record ? Field::tls_record_opaque_type
                                               : Field::tls_record_content_type,
           record->content_type(), b.first(1));
  sink.add(Field::tls_record_version, record->version(), b.subspan(1, 2));
  sink.add(Field::tls_record_length, record->length(), b.subspan(3, 2));
  const bool open = message.part == Part::record;
  switch (record->content_type()) {
    case tls_content::change_cipher_spec:
      sink.add(Field::tls_change_cipher_spec, 1, content);
      return;
    case tls_content::alert:
      sink.add(Field::tls_alert_message, 1, content);
      if (!open || content.size() < 2) return;
      sink.add(Field::tls_alert_message_level, be8(content, 0), content.first(1));
      sink.add(Field::tls_alert_message_desc, be8(content, 1), content.subspan(1, 1));
      return;
    case tls_content::application_data: sink.add_bytes(Field::tls_app_data, content); return;
    case tls_content::handshake:
      if (!open) sink.add(Field::tls_handshake, 1, content);
      return;
    default: return;
  }
}

/// Adds each 16-bit number of a list.
void numbers(Field field, Bytes list, FieldSink& sink) {
  for (std::size_t at = 0; at + 2 <= list.size(); at += 2)
    sink.add(field, be16(list, at), list.subspan(at, 2));
}

void server_names(Bytes data, FieldSink& sink) {
  TlsReader reader(data);
  if (reader.left() < 2) return;
  sink.add(HANDSHAKE(extensions_server_name_list_len), be16(data, 0), data.first(2));
  TlsReader list(reader.take_vector(2));
  while (list.left() >= 3) {
    const Bytes type = list.take(1), rest = list.rest();
    const Bytes name = list.take_vector(2);
    sink.add(HANDSHAKE(extensions_server_name_type), be8(type, 0), type);
    sink.add(HANDSHAKE(extensions_server_name_len), be16(rest, 0), rest.first(2));
    if (list.damaged()) return;
    sink.add_ascii(HANDSHAKE(extensions_server_name), name);
  }
}

void extension(std::uint16_t type, Bytes data, bool client, FieldSink& sink) {
  TlsReader reader(data);
  switch (type) {
    case tls_extension::server_name: return server_names(data, sink);
    case tls_extension::supported_groups:
      if (data.size() < 2) return;
      sink.add(HANDSHAKE(extensions_supported_groups_length), be16(data, 0), data.first(2));
      return numbers(HANDSHAKE(extensions_supported_group), reader.take_vector(2), sink);
    case tls_extension::point_formats:
      if (data.empty()) return;
      sink.add(HANDSHAKE(extensions_ec_point_formats_length), be8(data, 0), data.first(1));
      for (const std::byte& format : reader.take_vector(1))
        sink.add(HANDSHAKE(extensions_ec_point_format), std::to_integer<unsigned>(format),
                 Bytes(&format, 1));
      return;
    case tls_extension::signature_algorithms:
      if (data.size() < 2) return;
      sink.add(HANDSHAKE(sig_hash_alg_len), be16(data, 0), data.first(2));
      return numbers(HANDSHAKE(sig_hash_alg), reader.take_vector(2), sink);
    case tls_extension::alpn: {
      if (data.size() < 2) return;
      sink.add(HANDSHAKE(extensions_alpn_len), be16(data, 0), data.first(2));
      TlsReader list(reader.take_vector(2));
      while (list.left() >= 1) {
        const Bytes length = list.rest().first(1);
        const Bytes protocol = list.take_vector(1);
        if (list.damaged()) return;
        sink.add(HANDSHAKE(extensions_alpn_str_len), be8(length, 0), length);
        sink.add_ascii(HANDSHAKE(extensions_alpn_str), protocol);
      }
      return;
    }
    case tls_extension::supported_versions:
      if (!client) return numbers(HANDSHAKE(extensions_supported_version), data, sink);
      if (data.empty()) return;
      sink.add(HANDSHAKE(extensions_supported_versions_len), be8(data, 0), data.first(1));
      return numbers(HANDSHAKE(extensions_supported_version), reader.take_vector(1), sink);
    case tls_extension::key_share:
    case tls_extension::draft_key_share: {
      if (!client && data.size() < 4) return;
      TlsReader list(client ? reader.take_vector(2) : data);
      while (list.left() >= 4) {
        const Bytes group = list.take(2);
        list.take_vector(2);
        sink.add(HANDSHAKE(extensions_key_share_group), be16(group, 0), group);
      }
      return;
    }
    default: return;
  }
}

void hello_fields(bool client, Bytes body, FieldSink& sink) {
  const TlsHello hello = TlsHello::parse(client, body);
  if (hello.version.size() == 2)
    sink.add(HANDSHAKE(version), be16(hello.version, 0), hello.version);
  if (hello.random.size() != 32) return;
  sink.add_bytes(HANDSHAKE(random), hello.random);
  sink.add(HANDSHAKE(session_id_length), hello.session_id.size(), hello.session_id);
  if (!hello.session_id.empty()) sink.add_bytes(HANDSHAKE(session_id), hello.session_id);
  if (client)
    sink.add(HANDSHAKE(cipher_suites_length), hello.cipher_suites.size(), hello.cipher_suites);
  numbers(HANDSHAKE(ciphersuite), hello.cipher_suites, sink);
  if (client) sink.add(HANDSHAKE(comp_methods_length), hello.compression.size(), hello.compression);
  for (const std::byte& method : hello.compression)
    sink.add(HANDSHAKE(comp_method), std::to_integer<unsigned>(method), Bytes(&method, 1));
  if (!hello.has_extensions) return;
  sink.add(HANDSHAKE(extensions_length), hello.extensions.size(), hello.extensions);
  TlsReader reader(hello.extensions);
  while (reader.left() >= 4) {
    const Bytes head = reader.rest().first(4);
    reader.take(2);
    const Bytes data = reader.take_vector(2);
    sink.add(HANDSHAKE(extension_type), be16(head, 0), head.first(2));
    sink.add(HANDSHAKE(extension_len), be16(head, 2), head.subspan(2, 2));
    if (reader.damaged()) return;
    extension(be16(head, 0), data, client, sink);
  }
}

void names(Bytes certificate, FieldSink& sink) {
  constexpr std::uint8_t utf8 = 0x0c, printable = 0x13;
  constexpr std::string_view country = "\x55\x04\x06";  // 2.5.4.6 has a field of its own
  for (int which : {0, 1})
    for_each_name_attribute(certificate_name(certificate, which),
                            [&](const NameAttribute& attribute) {
                              if (attribute.tag == utf8)
                                sink.add_bytes(Field::x509sat_uTF8String, attribute.value);
                              if (attribute.tag == printable && as_text(attribute.oid) != country)
                                sink.add_ascii(Field::x509sat_printableString, attribute.value);
                            });
}

/// TLS 1.2: a list of certificates (RFC 5246 §7.4.2). In TLS 1.3 they are encrypted.
void certificate_fields(Bytes body, FieldSink& sink) {
  if (body.size() < 3) return;
  sink.add(HANDSHAKE(certificates_length), be24(body, 0), body.first(3));
  TlsReader reader(body);
  TlsReader list(reader.take_vector(3));
  while (list.left() >= 3) {
    const Bytes length = list.rest().first(3);
    const Bytes certificate = list.take_vector(3);
    if (list.damaged()) return;
    sink.add(HANDSHAKE(certificate_length), be24(length, 0), length);
    sink.add_bytes(HANDSHAKE(certificate), certificate);
    if (sink.wants_any(Field::x509sat_printableString, Field::x509sat_uTF8String))
      names(certificate, sink);
  }
}

void handshake_fields(Bytes message, FieldSink& sink) {
  if (message.size() < 4) return;
  const std::uint8_t type = be8(message, 0);
  const Bytes body = message.subspan(4);
  sink.add(Field::tls_handshake, 1, message);
  sink.add(HANDSHAKE(type), type, message.first(1));
  sink.add(HANDSHAKE(length), be24(message, 1), message.subspan(1, 3));
  if (type == tls_handshake::client_hello || type == tls_handshake::server_hello)
    hello_fields(type == tls_handshake::client_hello, body, sink);
  if (type == tls_handshake::certificate) certificate_fields(body, sink);
  if (type == tls_handshake::new_session_ticket && body.size() >= 6) {
    sink.add(HANDSHAKE(session_ticket_lifetime_hint), be32(body, 0), body.first(4));
    sink.add(HANDSHAKE(session_ticket_length), be16(body, 4), body.subspan(4, 2));
  }
}

void old_hello_fields(Bytes b, FieldSink& sink) {
  sink.add_layer(Field::tls, b, b);
  sink.add(Field::tls_record, 1, b);
  sink.add(Field::tls_record_version, 0x0002, b.first(2));
  sink.add(Field::tls_record_length, be16(b, 0) & 0x7fff, b.first(2));
  if (b.size() < 5) return;
  sink.add(HANDSHAKE(type), be8(b, 2), b.subspan(2, 1));
  sink.add(HANDSHAKE(version), be16(b, 3), b.subspan(3, 2));
}

}  // namespace

void tls_fields(const Message& message, FieldSink& sink) {
  if (!sink.wants_any(Field::tls, Field::x509sat_uTF8String)) return;
  if (message.part == Part::handshake)
    handshake_fields(message.bytes, sink);
  else if (message.part == Part::old_hello)
    old_hello_fields(message.bytes, sink);
  else
    record_fields(message, sink);
}

}  // namespace tracer
