// RDATA of the DNS records that are a row of fixed parts: one table, one walk.
#include <algorithm>
#include <array>
#include <ctime>
#include <iterator>

#include "tracer/fields/dns_data.hpp"

namespace tracer {
namespace {

enum class Part : std::uint8_t {
  none,
  number8,
  number16,
  number32,
  time32,      // seconds since 1970 (RFC 4034 §3.1.5)
  name,        // never compressed in these records, but read as if it might be
  sized_name,  // the same; `length` is of the name in characters
  text,
  bytes,
  base32,  // after one byte of length
  rest,
};
struct Step {
  Part part = Part::none;
  Field field{};
  Field length{};
};
using Steps = std::array<Step, 9>;
#define DNS(id) Field::dns_##id

constexpr struct {
  std::uint16_t type;
  Steps steps;
} layouts[] = {
    {13,
     {{{Part::text, DNS(hinfo_cpu), DNS(hinfo_cpu_length)},
       {Part::text, DNS(hinfo_os), DNS(hinfo_os_length)}}}},
    {17, {{{Part::name, DNS(rp_mailbox)}, {Part::name, DNS(rp_txt_rr)}}}},
    {18, {{{Part::number16, DNS(afsdb_subtype)}, {Part::name, DNS(afsdb_hostname)}}}},
    {35,
     {{{Part::number16, DNS(naptr_order)},
       {Part::number16, DNS(naptr_preference)},
       {Part::text, DNS(naptr_flags), DNS(naptr_flags_length)},
       {Part::text, DNS(naptr_service), DNS(naptr_service_length)},
       {Part::text, DNS(naptr_regex), DNS(naptr_regex_length)},
       {Part::sized_name, DNS(naptr_replacement), DNS(naptr_replacement_length)}}}},
    {37,
     {{{Part::number16, DNS(cert_type)},
       {Part::number16, DNS(cert_key_tag)},
       {Part::number8, DNS(cert_algorithm)},
       {Part::rest, DNS(cert_certificate)}}}},
    {39, {{{Part::name, DNS(dname)}}}},
    {43,
     {{{Part::number16, DNS(ds_key_id)},
       {Part::number8, DNS(ds_algorithm)},
       {Part::number8, DNS(ds_digest_type)},
       {Part::rest, DNS(ds_digest)}}}},
    {44,
     {{{Part::number8, DNS(sshfp_algorithm)},
       {Part::number8, DNS(sshfp_fingerprint_type)},
       {Part::rest, DNS(sshfp_fingerprint)}}}},
    {46,
     {{{Part::number16, DNS(rrsig_type_covered)},
       {Part::number8, DNS(rrsig_algorithm)},
       {Part::number8, DNS(rrsig_labels)},
       {Part::number32, DNS(rrsig_original_ttl)},
       {Part::time32, DNS(rrsig_signature_expiration)},
       {Part::time32, DNS(rrsig_signature_inception)},
       {Part::number16, DNS(rrsig_key_tag)},
       {Part::name, DNS(rrsig_signers_name)},
       {Part::rest, DNS(rrsig_signature)}}}},
    {47, {{{Part::name, DNS(nsec_next_domain_name)}}}},
    {48,
     {{{Part::number16, DNS(dnskey_flags)},
       {Part::number8, DNS(dnskey_protocol)},
       {Part::number8, DNS(dnskey_algorithm)},
       {Part::rest, DNS(dnskey_public_key)}}}},
    {50,
     {{{Part::number8, DNS(nsec3_algo)},
       {Part::number8, DNS(nsec3_flags)},
       {Part::number16, DNS(nsec3_iterations)},
       {Part::bytes, DNS(nsec3_salt_value), DNS(nsec3_salt_length)},
       {Part::base32, DNS(nsec3_hash_value), DNS(nsec3_hash_length)}}}},
    {51,
     {{{Part::number8, DNS(nsec3_algo)},
       {Part::number8, DNS(nsec3_flags)},
       {Part::number16, DNS(nsec3_iterations)},
       {Part::bytes, DNS(nsec3_salt_value), DNS(nsec3_salt_length)}}}},
    {52,
     {{{Part::number8, DNS(tlsa_certificate_usage)},
       {Part::number8, DNS(tlsa_selector)},
       {Part::number8, DNS(tlsa_matching_type)},
       {Part::rest, DNS(tlsa_certificate_association_data)}}}},
    {64, {{{Part::number16, DNS(svcb_svcpriority)}, {Part::name, DNS(svcb_targetname)}}}},
    {65, {{{Part::number16, DNS(svcb_svcpriority)}, {Part::name, DNS(svcb_targetname)}}}},
    {99, {{{Part::text, DNS(spf), DNS(spf_length)}}}},
};

/// RFC 4648 §7, in lower case.
std::string base32(Bytes bytes) {
  constexpr char digits[] = "0123456789abcdefghijklmnopqrstuv";
  std::string out;
  std::uint32_t held = 0;
  int bits = 0;
  for (const std::byte one : bytes) {
    held = held << 8 | std::to_integer<std::uint32_t>(one);
    for (bits += 8; bits >= 5; bits -= 5) out += digits[held >> (bits - 5) & 31];
  }
  if (bits > 0) out += digits[held << (5 - bits) & 31];
  return out;
}

/// "Nov 14, 2023 22:13:20.000000000 UTC"
std::string date(std::uint32_t seconds) {
  const std::time_t time = seconds;
  std::tm parts{};
  gmtime_r(&time, &parts);
  char text[64];
  return {text, std::strftime(text, sizeof text, "%b %e, %Y %H:%M:%S.000000000 UTC", &parts)};
}

/// Walks one record.
class Walk {
 public:
  Walk(const DnsMessage& message, Bytes data, FieldSink& sink)
      : message_(message), data_(data), sink_(sink) {}

  /// False where the data ends too early.
  bool step(const Step& step) {
    switch (step.part) {
      case Part::none: return false;
      case Part::number8: return number(step.field, 1);
      case Part::number16: return number(step.field, 2);
      case Part::number32: return number(step.field, 4);
      case Part::time32: {
        const Bytes where = take(4);
        if (where.size() == 4) sink_.add_text(step.field, date(be32(where, 0)), where);
        return where.size() == 4;
      }
      case Part::name:
      case Part::sized_name: return name(step);
      case Part::text:
      case Part::bytes:
      case Part::base32: return counted(step);
      case Part::rest:
        if (!rest().empty()) sink_.add_bytes(step.field, rest());
        return false;
    }
    return false;
  }
  Bytes rest() const { return slice(data_, at_); }

 private:
  Bytes take(std::size_t count) {
    const Bytes taken = slice(data_, at_, count);
    at_ += taken.size();
    return taken;
  }
  bool number(Field field, std::size_t size) {
    const Bytes where = take(size);
    if (where.size() < size) return false;
    sink_.add(field,
              size == 1   ? be8(where, 0)
              : size == 2 ? be16(where, 0)
                          : be32(where, 0),
              where);
    return true;
  }
  bool name(const Step& step) {
    DnsName name;
    if (rest().empty() || !message_.name(message_.place(data_) + at_, name)) return false;
    const Bytes where = take(name.size);
    if (step.part == Part::sized_name) sink_.add(step.length, name.text.size(), where);
    sink_.add_ascii_copy(step.field, name.text, where);
    return true;
  }
  bool counted(const Step& step) {
    if (rest().empty()) return false;
    const Bytes length = take(1);
    sink_.add(step.length, be8(length, 0), length);
    const Bytes value = take(be8(length, 0));
    if (value.size() < be8(length, 0)) return false;
    if (step.part == Part::base32)
      sink_.add_text(step.field, base32(value), value);
    else if (step.part == Part::text && value.empty())
      return true;
    else if (step.part == Part::text)
      sink_.add_ascii(step.field, value);
    else
      sink_.add_bytes(step.field, value);
    return true;
  }

  const DnsMessage& message_;
  Bytes data_;
  std::size_t at_ = 0;
  FieldSink& sink_;
};

/// Parameters of a service: key, length, value (RFC 9460 §2.2).
void service_parameters(Bytes rest, FieldSink& sink) {
  constexpr std::uint16_t alpn = 1, port = 3, ipv4_hint = 4, ipv6_hint = 6;
  while (rest.size() >= 4) {
    const std::uint16_t key = be16(rest, 0);
    const Bytes value = slice(rest, 4, be16(rest, 2));
    if (value.size() < be16(rest, 2)) return;
    sink.add(DNS(svcb_svcparam_key), key, rest.first(2));
    sink.add(DNS(svcb_svcparam_value_length), be16(rest, 2), rest.subspan(2, 2));
    if (key == port && value.size() == 2) sink.add(DNS(svcb_svcparam_port), be16(value, 0), value);
    for (std::size_t at = 0; key == ipv4_hint && at + 4 <= value.size(); at += 4)
      sink.add_bytes(DNS(svcb_svcparam_ipv4hint_ip), value.subspan(at, 4));
    for (std::size_t at = 0; key == ipv6_hint && at + 16 <= value.size(); at += 16)
      sink.add_bytes(DNS(svcb_svcparam_ipv6hint_ip), value.subspan(at, 16));
    for (Bytes names = value; key == alpn && !names.empty() && be8(names, 0) < names.size();
         names = slice(names, 1u + be8(names, 0))) {
      sink.add(DNS(svcb_svcparam_alpn_length), be8(names, 0), names.first(1));
      sink.add_ascii(DNS(svcb_svcparam_alpn), slice(names, 1, be8(names, 0)));
    }
    rest = slice(rest, 4 + value.size());
  }
}

}  // namespace

void dns_data_fields(const DnsMessage& message, const DnsRecord& record, FieldSink& sink) {
  const auto layout = std::find_if(std::begin(layouts), std::end(layouts),
                                   [&](auto& one) { return one.type == record.type; });
  if (layout == std::end(layouts)) return;
  Walk walk(message, record.data, sink);
  for (const Step& step : layout->steps)
    if (!walk.step(step)) break;
  if (record.type == 64 || record.type == 65) service_parameters(walk.rest(), sink);
}

void dns_option_fields(std::uint16_t code, Bytes value, FieldSink& sink) {
  constexpr std::uint16_t client_subnet = 8, cookie = 10;
  if (code == client_subnet && value.size() >= 4) {
    sink.add(DNS(opt_client_family), be16(value, 0), value.first(2));
    sink.add(DNS(opt_client_netmask), be8(value, 2), value.subspan(2, 1));
    sink.add(DNS(opt_client_scope), be8(value, 3), value.subspan(3, 1));
    std::array<std::byte, 16> address{};  // as many bytes are sent as the mask has
    const Bytes given = slice(value, 4);
    const std::size_t size = be16(value, 0) == 1 ? 4 : 16;
    if (given.size() > size || be16(value, 0) > 2) return;
    std::copy(given.begin(), given.end(), address.begin());
    sink.add_address(size == 4 ? DNS(opt_client_addr4) : DNS(opt_client_addr6),
                     Bytes(address).first(size), given);
  } else if (code == cookie && value.size() >= 8) {
    sink.add_bytes(DNS(opt_cookie_client), value.first(8));
    sink.add_bytes(DNS(opt_cookie_server), value.subspan(8));
  }
}

}  // namespace tracer
