#include "tests/support/frames.hpp"

#include <stdexcept>

#include "tracer/bytes/checksum.hpp"

namespace support {
namespace {

void put16(Buffer& to, std::size_t at, unsigned value) {
  to[at] = static_cast<std::byte>(value >> 8);
  to[at + 1] = static_cast<std::byte>(value);
}

Buffer octets(const std::string& address) {
  const auto parsed = tracer::IpAddress::parse(address);
  if (!parsed) throw std::invalid_argument("not an address: " + address);
  const auto bytes = parsed->octets();
  return {bytes.begin(), bytes.end()};
}

/// Fills in the checksum at `at`, over a pseudo-header and the segment.
Buffer with_checksum(Buffer segment, std::size_t at, unsigned protocol, const std::string& source,
                     const std::string& destination) {
  const Buffer pseudo = join({octets(source), octets(destination), u16(protocol),
                              u16(static_cast<unsigned>(segment.size()))});
  put16(segment, at,
        static_cast<std::uint16_t>(
            ~tracer::ones_complement_sum(segment, tracer::ones_complement_sum(pseudo))));
  return segment;
}

}  // namespace

Buffer hex(std::string_view digits) {
  Buffer bytes;
  unsigned value = 0, have = 0;
  for (const char c : digits) {
    if (c == ' ') continue;
    const unsigned digit = c >= '0' && c <= '9'   ? unsigned(c - '0')
                           : c >= 'a' && c <= 'f' ? unsigned(c - 'a' + 10)
                                                  : 16;
    if (digit > 15) throw std::invalid_argument("not hexadecimal: " + std::string(digits));
    value = value << 4 | digit;
    if (++have == 2) {
      bytes.push_back(static_cast<std::byte>(value));
      value = have = 0;
    }
  }
  return bytes;
}
Buffer text(std::string_view characters) {
  const auto bytes = tracer::as_bytes(characters);
  return {bytes.begin(), bytes.end()};
}
Buffer join(std::initializer_list<Buffer> parts) {
  Buffer all;
  for (const Buffer& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}
Buffer u8(unsigned value) { return {static_cast<std::byte>(value)}; }
Buffer u16(unsigned value) {
  return {static_cast<std::byte>(value >> 8), static_cast<std::byte>(value)};
}
Buffer u32(std::uint32_t value) { return join({u16(value >> 16), u16(value & 0xffff)}); }

Buffer ethernet(std::uint16_t type, const Buffer& payload) {
  return join({hex("02 00 00 00 00 02  02 00 00 00 00 01"), u16(type), payload});
}
Buffer vlan(std::uint16_t id, std::uint16_t type, const Buffer& payload) {
  return join({u16(id), u16(type), payload});
}

Buffer ipv4(const Ipv4& header, const Buffer& payload) {
  const auto size = static_cast<unsigned>(20 + header.options.size());
  const unsigned total =
      header.total_length.value_or(static_cast<std::uint16_t>(size + payload.size()));
  Buffer packet =
      join({u8(0x40 | size / 4), u8(0), u16(total), u16(header.id),
            u16((header.more ? 0x2000u : 0u) | header.offset), u8(64), u8(header.protocol), u16(0),
            octets(header.source), octets(header.destination), header.options});
  put16(packet, 10, static_cast<std::uint16_t>(~tracer::ones_complement_sum(packet)));
  return join({packet, payload});
}

Buffer ipv6(const Ipv6& header, const Buffer& payload) {
  return join({u32(0x60000000),
               u16(header.payload_length.value_or(static_cast<std::uint16_t>(payload.size()))),
               u8(header.next), u8(64), octets(header.source), octets(header.destination),
               payload});
}

Buffer tcp(const Tcp& header, const Buffer& payload, const std::string& source,
           const std::string& destination) {
  Buffer options = header.options;
  options.resize((options.size() + 3) / 4 * 4);
  const auto words = static_cast<unsigned>(5 + options.size() / 4);
  return with_checksum(
      join({u16(header.source), u16(header.destination), u32(header.seq), u32(header.ack),
            u16(words << 12 | header.flags), u16(header.window), u32(0), options, payload}),
      16, 6, source, destination);
}

Buffer udp(std::uint16_t source, std::uint16_t destination, const Buffer& payload,
           const std::string& from, const std::string& to) {
  return with_checksum(join({u16(source), u16(destination),
                             u16(static_cast<unsigned>(8 + payload.size())), u16(0), payload}),
                       6, 17, from, to);
}

Buffer icmp(std::uint8_t type, std::uint8_t code, std::uint32_t rest, const Buffer& body) {
  Buffer message = join({u8(type), u8(code), u16(0), u32(rest), body});
  put16(message, 2, static_cast<std::uint16_t>(~tracer::ones_complement_sum(message)));
  return message;
}

Buffer tcp_frame(const Tcp& header, const Buffer& payload) {
  return ethernet(0x0800, ipv4({}, tcp(header, payload)));
}

tracer::Frame frame(const Buffer& bytes, tracer::LinkType link) {
  tracer::Frame made;
  made.link = link;
  made.original_length = static_cast<std::uint32_t>(bytes.size());
  made.bytes = bytes;
  return made;
}

tracer::Packet decoded(const Buffer& bytes, tracer::LinkType link) {
  tracer::Packet packet;
  tracer::decode(frame(bytes, link), 1, packet);
  return packet;
}

std::string layers(const tracer::Packet& packet) {
  std::string names;
  for (const tracer::Layer& layer : packet.layers) {
    if (!names.empty()) names += '/';
    const std::string name(tracer::name(layer.protocol));
    names.append(layer.quoted ? "[" + name + "]" : name);
  }
  return names;
}

}  // namespace support
