#include "tracer/fields/filter/value.hpp"

#include <algorithm>
#include <array>
#include <cstring>

namespace tracer::filter {
namespace {

int compare_bytes(Bytes a, Bytes b) {
  const std::size_t common = std::min(a.size(), b.size());
  const int order = common ? std::memcmp(a.data(), b.data(), common) : 0;
  if (order != 0 || a.size() == b.size()) return order;
  return a.size() < b.size() ? -1 : 1;
}

/// As far as the prefix reaches; REQUIRES equal lengths.
int compare_prefix(Bytes a, Bytes b, unsigned bits) {
  for (std::size_t i = 0; i < a.size() && bits > 0; ++i) {
    const unsigned here = std::min(bits, 8u), mask = 0xff00u >> here & 0xffu;
    const int difference = static_cast<int>(be8(a, i) & mask) - static_cast<int>(be8(b, i) & mask);
    if (difference != 0) return difference;
    bits -= here;
  }
  return 0;
}

// The table of fields says how a number is printed; these are the widths that its types leave open.
constexpr std::array<std::string_view, 27> one_byte{"arp.hw.size",
                                                    "arp.proto.size",
                                                    "ip.version",
                                                    "ip.hdr_len",
                                                    "ip.dsfield.dscp",
                                                    "ip.dsfield.ecn",
                                                    "ip.ttl",
                                                    "ip.proto",
                                                    "ip.checksum.status",
                                                    "ipv6.version",
                                                    "ipv6.nxt",
                                                    "ipv6.hlim",
                                                    "ipv6.fraghdr.nxt",
                                                    "icmp.type",
                                                    "icmp.code",
                                                    "icmp.checksum.status",
                                                    "icmpv6.type",
                                                    "icmpv6.code",
                                                    "icmpv6.checksum.status",
                                                    "tcp.completeness",
                                                    "tcp.hdr_len",
                                                    "tcp.checksum.status",
                                                    "tcp.option_kind",
                                                    "tcp.option_len",
                                                    "tcp.options.wscale.shift",
                                                    "udp.checksum.status",
                                                    "tls.record.content_type"};
constexpr std::array<std::string_view, 27> two_bytes{"vlan.priority",
                                                     "vlan.id",
                                                     "sll.pkttype",
                                                     "sll.hatype",
                                                     "sll.halen",
                                                     "arp.hw.type",
                                                     "arp.opcode",
                                                     "ip.len",
                                                     "ip.frag_offset",
                                                     "ipv6.plen",
                                                     "ipv6.fraghdr.offset",
                                                     "icmp.ident",
                                                     "icmp.seq",
                                                     "icmp.mtu",
                                                     "tcp.srcport",
                                                     "tcp.dstport",
                                                     "tcp.port",
                                                     "tcp.window_size_value",
                                                     "tcp.urgent_pointer",
                                                     "tcp.options.mss_val",
                                                     "udp.srcport",
                                                     "udp.dstport",
                                                     "udp.port",
                                                     "udp.length",
                                                     "dns.qry.type",
                                                     "dns.resp.type",
                                                     "http.response.code"};

}  // namespace

Kind kind_of(FieldType type) {
  switch (type) {
    case FieldType::boolean: return Kind::boolean;
    case FieldType::ipv4: return Kind::ipv4;
    case FieldType::ipv6: return Kind::ipv6;
    case FieldType::mac: return Kind::mac;
    case FieldType::protocol:
    case FieldType::bytes: return Kind::bytes;
    case FieldType::text: return Kind::text;
    case FieldType::time:
    case FieldType::duration: return Kind::time;
    case FieldType::date: return Kind::date;
    case FieldType::presence: return Kind::label;
    default: return Kind::number;
  }
}

std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::number: return "a number";
    case Kind::boolean: return "a boolean";
    case Kind::time: return "a time";
    case Kind::date: return "a date";
    case Kind::ipv4: return "an IPv4 address";
    case Kind::ipv6: return "an IPv6 address";
    case Kind::mac: return "a link-layer address";
    case Kind::bytes: return "a string of bytes";
    case Kind::text: return "a text";
    case Kind::label: return "a mark without a value";
  }
  return "";
}

int compare(Kind kind, const Value& a, const Value& b) {
  switch (kind) {
    case Kind::number:
    case Kind::boolean:
    case Kind::time:
    case Kind::date: return a.number < b.number ? -1 : a.number > b.number;
    case Kind::ipv4:
    case Kind::ipv6:
      if (a.bytes.size() == b.bytes.size())
        return compare_prefix(a.bytes, b.bytes, std::min(a.prefix, b.prefix));
      return compare_bytes(a.bytes, b.bytes);
    default: return compare_bytes(a.bytes, b.bytes);
  }
}

std::uint64_t largest(Field field) {
  const FieldInfo& about = info(field);
  switch (about.type) {
    case FieldType::hex8: return 0xff;
    case FieldType::hex16: return 0xffff;
    case FieldType::hex24: return 0xffffff;
    case FieldType::signed_number: return 0x7fffffff;
    default: break;
  }
  if (field == Field::frame_packet_id) return INT64_MAX;
  if (std::find(one_byte.begin(), one_byte.end(), about.name) != one_byte.end()) return 0xff;
  if (std::find(two_bytes.begin(), two_bytes.end(), about.name) != two_bytes.end()) return 0xffff;
  return 0xffffffff;
}

}  // namespace tracer::filter
