// TLS records and handshake messages read in place (RFC 8446, RFC 5246).
#pragma once

#include <cstdint>
#include <optional>

#include "tracer/bytes/bytes.hpp"
#include "tracer/bytes/decoded.hpp"

namespace tracer {

namespace tls_content {
inline constexpr std::uint8_t change_cipher_spec = 20, alert = 21, handshake = 22,
                              application_data = 23, heartbeat = 24;
}
namespace tls_handshake {
inline constexpr std::uint8_t hello_request = 0, client_hello = 1, server_hello = 2,
                              new_session_ticket = 4, encrypted_extensions = 8, certificate = 11,
                              finished = 20;
/// Is it a type of the IANA registry "TLS HandshakeType"?
bool known(std::uint8_t type);
}  // namespace tls_handshake
namespace tls_extension {
inline constexpr std::uint16_t server_name = 0, supported_groups = 10, point_formats = 11,
                               signature_algorithms = 13, alpn = 16, supported_versions = 43,
                               key_share = 51,
                               draft_key_share = 40;  // before draft 23
}

/// The five bytes before every record (RFC 8446 §5.1).
class TlsRecord {
 public:
  static constexpr std::size_t header_size = 5;
  static constexpr std::size_t longest = (1 << 14) + 2048;  // bytes of content, RFC 5246 §6.2.3

  static Decoded<TlsRecord> parse(Bytes record) {
    if (record.size() < header_size)
      return DecodeError{Fault::truncated, "TLS", header_size, record.size()};
    return TlsRecord(record);
  }
  std::uint8_t content_type() const { return be8(record_, 0); }
  std::uint16_t version() const { return be16(record_, 1); }
  std::uint16_t length() const { return be16(record_, 3); }
  Bytes content() const { return slice(record_, header_size, length()); }

 private:
  explicit TlsRecord(Bytes record) : record_(record) {}
  Bytes record_;
};

/// The ClientHello of SSL 2.0, which clients sent for years to offer later versions too (RFC 5246
/// appendix E.2): two bytes of length with the top bit set, type 1, version.
inline bool is_ssl2_hello(Bytes bytes) {
  if (bytes.size() < 5 || (be8(bytes, 0) & 0x80) == 0 || be8(bytes, 2) != 1) return false;
  const std::uint16_t version = be16(bytes, 3);
  return version == 0x0002 || (version >= 0x0300 && version <= 0x0303);
}

/// May these bytes begin a TLS stream? A content type and a version that exist.
bool looks_like_tls(Bytes bytes);

/// Reads length-prefixed parts one after the other; nothing once they do not fit.
class TlsReader {
 public:
  explicit TlsReader(Bytes bytes) : rest_(bytes) {}
  std::size_t left() const { return rest_.size(); }
  Bytes rest() const { return rest_; }
  bool damaged() const { return damaged_; }

  /// `count` bytes; empty, and damaged(), if there are fewer.
  Bytes take(std::size_t count);
  /// A vector with its length in 1, 2 or 3 bytes before it (RFC 8446 §3.4).
  Bytes take_vector(int length_bytes);

 private:
  Bytes rest_;
  bool damaged_ = false;
};

/// ClientHello or ServerHello (RFC 8446 §4.1.2, §4.1.3).
struct TlsHello {
  Bytes version, random, session_id, cipher_suites, compression, extensions;
  bool has_extensions = false;
  /// `body` is what follows the four bytes of type and length. Parts that do not fit are empty.
  static TlsHello parse(bool client, Bytes body);
  /// The version that a ServerHello settles on: the extension if it is there.
  std::uint16_t chosen_version() const;
};

/// One attribute of a certificate's issuer or subject (RFC 5280 §4.1.2.4): the common name, if
/// `oid` is 2.5.4.3.
struct NameAttribute {
  std::uint8_t tag;  // of the value: 0x0c UTF8String, 0x13 PrintableString
  Bytes oid, value;
};
/// Type, content and rest of one DER element; none if it does not fit.
struct DerElement {
  std::uint8_t tag;
  Bytes content, whole;
};
std::optional<DerElement> der_element(Bytes bytes);

/// Issuer (`which` 0) or subject (1) of a DER certificate: the content of the Name; empty if damaged.
Bytes certificate_name(Bytes certificate, int which);

/// Calls `use(NameAttribute)` for each attribute of a Name.
template <class Use>
void for_each_name_attribute(Bytes name, Use use) {
  while (const auto set = der_element(name)) {
    name = name.subspan(set->whole.size());
    Bytes pairs = set->content;
    while (const auto pair = der_element(pairs)) {
      pairs = pairs.subspan(pair->whole.size());
      const auto oid = der_element(pair->content);
      if (!oid) continue;
      const auto value = der_element(pair->content.subspan(oid->whole.size()));
      if (value) use(NameAttribute{value->tag, oid->content, value->content});
    }
  }
}

}  // namespace tracer
