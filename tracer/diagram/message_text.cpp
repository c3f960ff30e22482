#include "tracer/diagram/message_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "tracer/wire/address.hpp"
#include "tracer/wire/dns.hpp"
#include "tracer/wire/resp.hpp"
#include "tracer/wire/tls.hpp"

namespace tracer {
namespace {

constexpr std::size_t longest_word = 40, longest_text = 120;  // bytes

template <std::size_t N>
std::string named(const std::pair<unsigned, const char*> (&names)[N], unsigned number,
                  const char* kind) {
  for (const auto& [known, name] : names)
    if (known == number) return name;
  return fmt::format("{} {}", kind, number);
}

// IANA registry "TLS HandshakeType"; RFC 8446 §4, RFC 5246 §7.4.
constexpr std::pair<unsigned, const char*> handshakes[] = {
    {0, "Hello Request"},      {1, "Client Hello"},         {2, "Server Hello"},
    {4, "New Session Ticket"}, {5, "End of Early Data"},    {8, "Encrypted Extensions"},
    {11, "Certificate"},       {12, "Server Key Exchange"}, {13, "Certificate Request"},
    {14, "Server Hello Done"}, {15, "Certificate Verify"},  {16, "Client Key Exchange"},
    {20, "Finished"},          {21, "Certificate URL"},     {22, "Certificate Status"},
    {23, "Supplemental Data"}, {24, "Key Update"}};

// IANA registry "TLS Alerts"; RFC 8446 §6, RFC 5246 §7.2.
constexpr std::pair<unsigned, const char*> alerts[] = {{0, "close_notify"},
                                                       {10, "unexpected_message"},
                                                       {20, "bad_record_mac"},
                                                       {21, "decryption_failed"},
                                                       {22, "record_overflow"},
                                                       {30, "decompression_failure"},
                                                       {40, "handshake_failure"},
                                                       {41, "no_certificate"},
                                                       {42, "bad_certificate"},
                                                       {43, "unsupported_certificate"},
                                                       {44, "certificate_revoked"},
                                                       {45, "certificate_expired"},
                                                       {46, "certificate_unknown"},
                                                       {47, "illegal_parameter"},
                                                       {48, "unknown_ca"},
                                                       {49, "access_denied"},
                                                       {50, "decode_error"},
                                                       {51, "decrypt_error"},
                                                       {70, "protocol_version"},
                                                       {71, "insufficient_security"},
                                                       {80, "internal_error"},
                                                       {86, "inappropriate_fallback"},
                                                       {90, "user_canceled"},
                                                       {100, "no_renegotiation"},
                                                       {109, "missing_extension"},
                                                       {110, "unsupported_extension"},
                                                       {112, "unrecognized_name"},
                                                       {113, "bad_certificate_status_response"},
                                                       {115, "unknown_psk_identity"},
                                                       {116, "certificate_required"},
                                                       {120, "no_application_protocol"}};

std::string record_text(Bytes whole) {
  const auto record = TlsRecord::parse(whole);
  if (!record) return {};
  const Bytes content = record->content();
  switch (record->content_type()) {
    case tls_content::change_cipher_spec: return "Change Cipher Spec";
    case tls_content::application_data: return application_data;
    case tls_content::heartbeat: return "Heartbeat";
    case tls_content::alert:
      return content.size() == 2 ? "Alert " + named(alerts, be8(content, 1), "number") : "";
    default: return {};  // a handshake record: its messages follow
  }
}

/// A record that only its ends can read: its type is all there is to say.
std::string secret_text(Bytes whole) {
  const auto record = TlsRecord::parse(whole);
  if (record && record->content_type() == tls_content::alert) return "Encrypted Alert";
  if (record && record->content_type() == tls_content::handshake) return "Encrypted Handshake";
  return application_data;
}

std::string tls_text(const Message& message) {
  switch (message.part) {
    case Part::record: return record_text(message.bytes);
    case Part::encrypted_record: return secret_text(message.bytes);
    case Part::opaque_record: return application_data;  // RFC 8446 §5.2: so it calls itself
    case Part::old_hello: return "Client Hello (SSL 2.0)";
    case Part::handshake:
      return message.bytes.empty() ? ""
                                   : named(handshakes, be8(message.bytes, 0), "Handshake type");
    default: return {};
  }
}

// IANA registries "DNS RR TYPEs", "DNS OpCodes" and "DNS RCODEs".
constexpr std::pair<unsigned, const char*> types[] = {
    {1, "A"},     {2, "NS"},     {5, "CNAME"},  {6, "SOA"},    {12, "PTR"},    {13, "HINFO"},
    {15, "MX"},   {16, "TXT"},   {28, "AAAA"},  {33, "SRV"},   {35, "NAPTR"},  {39, "DNAME"},
    {41, "OPT"},  {43, "DS"},    {46, "RRSIG"}, {47, "NSEC"},  {48, "DNSKEY"}, {52, "TLSA"},
    {64, "SVCB"}, {65, "HTTPS"}, {251, "IXFR"}, {252, "AXFR"}, {255, "ANY"},   {257, "CAA"}};
constexpr std::pair<unsigned, const char*> tasks[] = {
    {1, "inverse query"}, {2, "status"}, {4, "notify"}, {5, "update"}, {6, "stateful operation"}};
constexpr std::pair<unsigned, const char*> answers[] = {
    {1, "FORMERR"},  {2, "SERVFAIL"}, {3, "NXDOMAIN"}, {4, "NOTIMP"},  {5, "REFUSED"},
    {6, "YXDOMAIN"}, {7, "YXRRSET"},  {8, "NXRRSET"},  {9, "NOTAUTH"}, {10, "NOTZONE"}};

std::string address_text(const DnsRecord& record) {
  const bool address = (record.type == dns_type::a && record.data.size() == 4) ||
                       (record.type == dns_type::aaaa && record.data.size() == 16);
  return address ? IpAddress::from(record.data).text() : "";
}

std::string dns_text(const Message& whole) {
  const auto message = DnsMessage::parse(slice(whole.bytes, whole.length_prefixed ? 2 : 0));
  if (!message) return {};
  std::string text = whole.application == Application::mdns    ? "mDNS"
                     : whole.application == Application::llmnr ? "LLMNR"
                                                               : "DNS";
  if (message->opcode() != 0) text.append(" ").append(named(tasks, message->opcode(), "opcode"));
  if (message->opcode() == 0 || message->response())
    text += message->response() ? " answer" : " query";
  if (message->response() && message->rcode() != 0)
    text.append(" ").append(named(answers, message->rcode(), "RCODE"));
  DnsRecord record;
  std::string asked, found;
  std::size_t addresses = 0;
  auto dns = *message;
  for (int records = 0; records < 16; ++records) {
    const auto section = dns.next(record);
    if (!section) break;
    if (asked.empty() && (*section == DnsMessage::Section::question ||
                          (*section == DnsMessage::Section::answer && message->response())))
      asked =
          fmt::format(" {} {}", named(types, record.type, "TYPE"), record.name.text.substr(0, 80));
    if (*section != DnsMessage::Section::answer) continue;
    if (const std::string address = address_text(record); !address.empty() && ++addresses == 1)
      found = address;
  }
  text += asked;
  if (message->response() && !found.empty())
    text.append(": ").append(found).append(addresses > 1 ? ", …" : "");
  return text;
}

/// A value of Redis as its command line shows it; of nested ones the elements in a row.
std::string resp_text(Bytes bytes) {
  std::string text;
  while (!bytes.empty() && text.size() < longest_text) {
    RespFault fault = RespFault::none;
    const auto element = resp_element(bytes, fault);
    if (!element) break;
    bytes = bytes.subspan(element->whole.size());
    std::string word;
    switch (element->kind) {
      case '*':
        if (element->number > 0) continue;
        word = element->number < 0 ? "nil" : "(empty)";
        break;
      case ':': word = fmt::format("{}", element->number); break;
      case '$':
        if (element->number < 0) {
          word = "nil";
          break;
        }
        [[fallthrough]];
      default: word = std::string(as_text(element->value)); break;
    }
    if (word.size() > longest_word) word.resize(longest_word), word += "…";
    text.append(text.empty() ? "" : " ").append(word);
  }
  return text;
}

std::string text_of(const Message& message) {
  switch (message.application) {
    case Application::tls: return tls_text(message);
    case Application::dns:
    case Application::mdns:
    case Application::llmnr: return dns_text(message);
    case Application::resp: return resp_text(message.bytes);
    default: return {};
  }
}

}  // namespace

std::string message_text(std::span<const Message> messages) {
  std::string text, previous;
  for (const Message& message : messages) {
    if (text.size() > longest_text) return text + ", …";
    std::string one = text_of(message);
    if (one.empty() || one == previous) continue;
    text.append(text.empty() ? "" : ", ").append(one);
    previous = std::move(one);
  }
  return text;
}

bool speaks_in_lines(std::span<const Message> messages) {
  return std::ranges::any_of(messages, [](const Message& message) {
    return (message.application == Application::http || message.application == Application::smtp ||
            message.application == Application::ftp) &&
           message.part != Part::body;
  });
}

}  // namespace tracer
