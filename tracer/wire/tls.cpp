#include "tracer/wire/tls.hpp"

namespace tracer {

bool tls_handshake::known(std::uint8_t type) {
  return type <= 8 || (type >= 11 && type <= 16) || (type >= 20 && type <= 25) || type == 67 ||
         type == 203 || type == 254;
}

bool looks_like_tls(Bytes bytes) {
  if (bytes.size() < TlsRecord::header_size) return false;
  const std::uint8_t type = be8(bytes, 0);
  const std::uint16_t version = be16(bytes, 1);
  return type >= tls_content::change_cipher_spec && type <= tls_content::heartbeat &&
         version >= 0x0300 && version <= 0x0304;
}

Bytes TlsReader::take(std::size_t count) {
  if (count > rest_.size()) {
    damaged_ = true;
    rest_ = rest_.last(0);
    return rest_;
  }
  const Bytes taken = rest_.first(count);
  rest_ = rest_.subspan(count);
  return taken;
}

Bytes TlsReader::take_vector(int length_bytes) {
  const Bytes prefix = take(static_cast<std::size_t>(length_bytes));
  std::size_t length = 0;
  for (const std::byte b : prefix) length = length << 8 | std::to_integer<std::size_t>(b);
  return take(length);
}

TlsHello TlsHello::parse(bool client, Bytes body) {
  TlsHello hello;
  TlsReader reader(body);
  hello.version = reader.take(2);
  hello.random = reader.take(32);
  // Up to draft 21 of TLS 1.3 the ServerHello had neither session id nor compression.
  const std::uint16_t number =
      hello.version.size() == 2 ? be16(hello.version, 0) : std::uint16_t{0};
  const bool short_form = !client && number >> 8 == 0x7f && (number & 0xff) < 22;
  if (!short_form) hello.session_id = reader.take_vector(1);
  hello.cipher_suites = client ? reader.take_vector(2) : reader.take(2);
  if (!short_form) hello.compression = client ? reader.take_vector(1) : reader.take(1);
  hello.has_extensions = reader.left() >= 2;
  if (hello.has_extensions) {
    const std::size_t length = be16(reader.take(2), 0);
    hello.extensions = slice(reader.rest(), 0, length);
  }
  return hello;
}

std::uint16_t TlsHello::chosen_version() const {
  TlsReader reader(extensions);
  while (reader.left() >= 4) {
    const std::uint16_t type = be16(reader.take(2), 0);
    const Bytes data = reader.take_vector(2);
    if (reader.damaged()) break;
    if (type == tls_extension::supported_versions && data.size() == 2) return be16(data, 0);
  }
  return version.size() == 2 ? be16(version, 0) : std::uint16_t{0};
}

std::optional<DerElement> der_element(Bytes bytes) {
  if (bytes.size() < 2) return std::nullopt;
  const std::uint8_t tag = be8(bytes, 0), first = be8(bytes, 1);
  std::size_t length = first, header = 2;
  if (first & 0x80) {
    const std::size_t count = first & 0x7fu;
    if (count == 0 || count > 3 || bytes.size() < 2 + count) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < count; ++i) length = length << 8 | be8(bytes, 2 + i);
    header += count;
  }
  if (bytes.size() - header < length) return std::nullopt;
  return DerElement{tag, bytes.subspan(header, length), bytes.first(header + length)};
}

Bytes certificate_name(Bytes certificate, int which) {
  constexpr std::uint8_t version_tag = 0xa0;
  const auto outer = der_element(certificate);
  if (!outer) return {};
  const auto signed_part = der_element(outer->content);
  if (!signed_part) return {};
  Bytes rest = signed_part->content;
  auto element = der_element(rest);
  const auto step = [&] {
    if (element) {
      rest = rest.subspan(element->whole.size());
      element = der_element(rest);
    }
  };
  if (element && element->tag == version_tag) step();
  step();  // serial number
  step();  // signature algorithm; now at the issuer
  if (which == 1) {
    step();  // issuer
    step();  // validity; now at the subject
  }
  return element ? element->content : Bytes{};
}

}  // namespace tracer
