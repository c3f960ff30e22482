#include "tracer/wire/dns.hpp"

#include <algorithm>

#include "tracer/fields/dissect.hpp"
#include "tracer/fields/dns_data.hpp"

namespace tracer {
namespace {

/// Names have escapes of their own in Wireshark: C's letters, else three octal digits.
void append_escape(std::string& out, char c) {
  constexpr std::string_view letters = "abtnvfr";  // 7 to 13
  out += '\\';
  if (c >= '\a' && c <= '\r') {
    out += letters[static_cast<std::size_t>(c - '\a')];
    return;
  }
  for (int shift = 6; shift >= 0; shift -= 3) out += static_cast<char>('0' + (c >> shift & 7));
}

class DnsFields {
 public:
  DnsFields(const DnsMessage& message, bool multicast, FieldSink& sink)
      : message_(message), multicast_(multicast), sink_(sink) {}

  void header(bool llmnr) {
    const Bytes b = message_.bytes(), flags = b.subspan(2, 2);
    const std::uint16_t bits = message_.flags();
    const bool response = message_.response(), update = message_.opcode() == 5;
    sink_.add_layer(Field::dns, b, b);
    sink_.add(Field::dns_id, message_.id(), b.first(2));
    sink_.add(Field::dns_flags, bits, flags);
    sink_.add(Field::dns_flags_response, response, flags);
    sink_.add(Field::dns_flags_opcode, message_.opcode(), flags);
    if (response) sink_.add(Field::dns_flags_authoritative, (bits & 0x0400) != 0, flags);
    sink_.add(Field::dns_flags_truncated, (bits & 0x0200) != 0, flags);
    if (llmnr) return counts(update);  // RFC 4795 §2.1.1: the bits mean other things there
    sink_.add(Field::dns_flags_recdesired, (bits & 0x0100) != 0, flags);
    if (response) sink_.add(Field::dns_flags_recavail, (bits & 0x0080) != 0, flags);
    sink_.add(Field::dns_flags_z, (bits & 0x0040) != 0, flags);
    if (response || (bits & 0x0020) != 0)
      sink_.add(Field::dns_flags_authenticated, (bits & 0x0020) != 0, flags);
    sink_.add(Field::dns_flags_checkdisable, (bits & 0x0010) != 0, flags);
    if (response) sink_.add(Field::dns_flags_rcode, message_.rcode(), flags);
    counts(update);
  }

  void counts(bool update) {
    const Bytes b = message_.bytes();
    using Section = DnsMessage::Section;
    sink_.add(update ? Field::dns_count_zones : Field::dns_count_queries,
              message_.count(Section::question), b.subspan(4, 2));
    sink_.add(update ? Field::dns_count_prerequisites : Field::dns_count_answers,
              message_.count(Section::answer), b.subspan(6, 2));
    sink_.add(update ? Field::dns_count_updates : Field::dns_count_auth_rr,
              message_.count(Section::authority), b.subspan(8, 2));
    sink_.add(Field::dns_count_add_rr, message_.count(Section::additional), b.subspan(10, 2));
  }

  void question(const DnsRecord& record) {
    name(Field::dns_qry_name, record.name, record.name_bytes);
    sink_.add(Field::dns_qry_name_len, record.name.text.size(), record.name_bytes);
    sink_.add(Field::dns_count_labels, record.name.labels, record.name_bytes);
    sink_.add(Field::dns_qry_type, record.type, record.fixed.first(2));
    const std::uint16_t mask = multicast_ ? 0x7fff : 0xffff;
    sink_.add(Field::dns_qry_class, record.type_class & mask, record.fixed.subspan(2, 2));
    if (multicast_)
      sink_.add(Field::dns_qry_qu, record.type_class >> 15, record.fixed.subspan(2, 2));
  }

  void record(const DnsRecord& record) {
    const Bytes fixed = record.fixed;
    if (record.type == dns_type::srv && service(record)) {
    } else
      name(Field::dns_resp_name, record.name, record.name_bytes);
    sink_.add(Field::dns_resp_type, record.type, fixed.first(2));
    if (record.type == dns_type::opt) return options(record);
    const std::uint16_t mask = multicast_ ? 0x7fff : 0xffff;
    sink_.add(Field::dns_resp_class, record.type_class & mask, fixed.subspan(2, 2));
    if (multicast_)
      sink_.add(Field::dns_resp_cache_flush, record.type_class >> 15, fixed.subspan(2, 2));
    sink_.add(Field::dns_resp_ttl, record.ttl, fixed.subspan(4, 4));
    sink_.add(Field::dns_resp_len, record.data.size(), fixed.subspan(8, 2));
    data(record);
  }

 private:
  void name(Field field, const DnsName& name, Bytes where) {
    if (!sink_.wants(field)) return;
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
    if (std::none_of(name.text.begin(), name.text.end(), control))
      return sink_.add_ascii_copy(field, name.text, where);
    std::string shown;
    for (const char c : name.text) {
      if (control(c))
        append_escape(shown, c);
      else
        shown += c;
    }
    sink_.add_ascii_copy(field, shown, where);
  }

  /// A name inside RDATA; returns its size, 0 if it is damaged.
  std::size_t name_at(Field field, const DnsRecord& record, std::size_t offset) {
    if (offset >= record.data.size()) return 0;
    const std::size_t at = message_.place(record.data) + offset;
    if (!message_.name(at, name_)) return 0;
    name(field, name_, slice(record.data, offset, name_.size));
    return name_.size;
  }

  void data(const DnsRecord& record) {
    const Bytes d = record.data;
    dns_data_fields(message_, record, sink_);
    switch (record.type) {
      case dns_type::a:
        if (d.size() == 4) sink_.add_bytes(Field::dns_a, d);
        return;
      case dns_type::aaaa:
        if (d.size() == 16) sink_.add_bytes(Field::dns_aaaa, d);
        return;
      case dns_type::ns: name_at(Field::dns_ns, record, 0); return;
      case dns_type::cname: name_at(Field::dns_cname, record, 0); return;
      case dns_type::ptr: name_at(Field::dns_ptr_domain_name, record, 0); return;
      case dns_type::soa: authority(record); return;
      case dns_type::mx:
        if (d.size() < 3) return;
        sink_.add(Field::dns_mx_preference, be16(d, 0), d.first(2));
        name_at(Field::dns_mx_mail_exchange, record, 2);
        return;
      case dns_type::srv:
        if (d.size() < 7) return;
        sink_.add(Field::dns_srv_priority, be16(d, 0), d.first(2));
        sink_.add(Field::dns_srv_weight, be16(d, 2), d.subspan(2, 2));
        sink_.add(Field::dns_srv_port, be16(d, 4), d.subspan(4, 2));
        name_at(Field::dns_srv_target, record, 6);
        return;
      case dns_type::txt:
        for (Bytes rest = d; !rest.empty();) {
          const std::size_t length = be8(rest, 0);
          sink_.add(Field::dns_txt_length, length, rest.first(1));
          sink_.add_ascii(Field::dns_txt, slice(rest, 1, length));
          rest = slice(rest, 1 + length);
        }
        return;
      case dns_type::caa: {
        if (d.size() < 2) return;
        const std::size_t length = be8(d, 1);
        sink_.add(Field::dns_caa_flags, be8(d, 0), d.first(1));
        sink_.add_ascii(Field::dns_caa_tag, slice(d, 2, length));
        sink_.add_ascii(Field::dns_caa_value, slice(d, 2 + length));
        return;
      }
      case dns_type::nsec:
        if (message_.name(message_.place(d), name_)) types(slice(d, name_.size));
        return;
      case dns_type::nsec3: {
        if (d.size() < 5) return;
        const std::size_t salt = be8(d, 4);
        const Bytes hash = slice(d, 5 + salt);
        if (!hash.empty()) types(slice(hash, 1u + be8(hash, 0)));
        return;
      }
      default: return;
    }
  }

  /// The types that a name has, in windows of 256 (RFC 4034 §4.1.2).
  void types(Bytes windows) {
    while (windows.size() >= 2) {
      const unsigned base = be8(windows, 0) * 256u;
      const Bytes bits = slice(windows, 2, be8(windows, 1));
      for (std::size_t i = 0; i < bits.size() * 8; ++i)
        if (be8(bits, i / 8) & (0x80 >> (i % 8)))
          sink_.add(Field::dns_resp_type, base + i, bits.subspan(i / 8, 1));
      windows = slice(windows, 2 + bits.size());
      if (bits.empty()) return;
    }
  }

  void authority(const DnsRecord& record) {
    const std::size_t first = name_at(Field::dns_soa_mname, record, 0);
    const std::size_t second = first ? name_at(Field::dns_soa_rname, record, first) : 0;
    if (second == 0 || record.data.size() < first + second + 20) return;
    const Bytes numbers = record.data.subspan(first + second, 20);
    constexpr Field fields[] = {Field::dns_soa_serial_number, Field::dns_soa_refresh_interval,
                                Field::dns_soa_retry_interval, Field::dns_soa_expire_limit,
                                Field::dns_soa_minimum_ttl};
    for (std::size_t i = 0; i < 5; ++i)
      sink_.add(fields[i], be32(numbers, 4 * i), numbers.subspan(4 * i, 4));
  }

  /// "_sip._tcp.example.com" in its three parts (RFC 2782).
  bool service(const DnsRecord& record) {
    const std::string_view text = record.name.text;
    const std::size_t first = text.find('.');
    const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
    if (second == std::string_view::npos) return false;
    sink_.add_text(Field::dns_srv_service, text.substr(0, first), record.name_bytes);
    sink_.add_text(Field::dns_srv_proto, text.substr(first + 1, second - first - 1),
                   record.name_bytes);
    sink_.add_text(Field::dns_srv_name, text.substr(second + 1), record.name_bytes);
    return true;
  }

  void options(const DnsRecord& record) {
    const Bytes fixed = record.fixed;
    sink_.add(Field::dns_rr_udp_payload_size, record.type_class, fixed.subspan(2, 2));
    sink_.add(Field::dns_resp_ext_rcode, be8(fixed, 4), fixed.subspan(4, 1));
    sink_.add(Field::dns_resp_edns0_version, be8(fixed, 5), fixed.subspan(5, 1));
    sink_.add(Field::dns_resp_z, be16(fixed, 6), fixed.subspan(6, 2));
    sink_.add(Field::dns_resp_z_do, be8(fixed, 6) >> 7, fixed.subspan(6, 1));
    sink_.add(Field::dns_resp_z_reserved, be16(fixed, 6) & 0x7fff, fixed.subspan(6, 2));
    sink_.add(Field::dns_resp_len, record.data.size(), fixed.subspan(8, 2));
    Bytes rest = record.data;
    while (rest.size() >= 4) {
      const std::size_t length = be16(rest, 2);
      sink_.add(Field::dns_opt_code, be16(rest, 0), rest.first(2));
      sink_.add(Field::dns_opt_len, length, rest.subspan(2, 2));
      if (length > 0) sink_.add_bytes(Field::dns_opt_data, slice(rest, 4, length));
      dns_option_fields(be16(rest, 0), slice(rest, 4, length), sink_);
      rest = slice(rest, 4 + length);
    }
  }

  const DnsMessage& message_;
  const bool multicast_;
  FieldSink& sink_;
  DnsName name_;
};

}  // namespace

void dns_fields(const Message& sent, FieldSink& sink) {
  if (!sink.wants_any(Field::dns, Field::dns_caa_value)) return;
  Bytes bytes = sent.bytes;
  if (sent.length_prefixed) {
    sink.add(Field::dns_length, be16(bytes, 0), bytes.first(2));
    bytes = bytes.subspan(2);
  }
  auto message = DnsMessage::parse(bytes);
  if (!message) return;
  DnsMessage reader = *message;
  DnsFields fields(*message, sent.application == Application::mdns, sink);
  fields.header(sent.application == Application::llmnr);
  if (!sink.wants_any(Field::dns_qry_name, Field::dns_caa_value)) return;
  DnsRecord record;
  while (const auto section = reader.next(record)) {
    if (*section == DnsMessage::Section::question)
      fields.question(record);
    else
      fields.record(record);
  }
}

}  // namespace tracer
