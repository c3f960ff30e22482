#include "tracer/wire/address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace tracer {
std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated(text);
  std::array<std::byte, 16> octets{};
  if (inet_pton(AF_INET, terminated.c_str(), octets.data()) == 1)
    return from(Bytes(octets).first(4));
  if (inet_pton(AF_INET6, terminated.c_str(), octets.data()) == 1) return from(octets);
  return std::nullopt;
}

char* IpAddress::write_to(char* room) const {
  if (v6_) {
    char text[INET6_ADDRSTRLEN];
    inet_ntop(AF_INET6, words_.data(), text, sizeof text);
    return std::copy_n(text, std::strlen(text), room);
  }
  for (std::size_t i = 0; i < 4; ++i) {  // summaries print many
    const unsigned octet = be8(octets(), i);
    if (octet >= 100) *room++ = static_cast<char>('0' + octet / 100);
    if (octet >= 10) *room++ = static_cast<char>('0' + octet / 10 % 10);
    *room++ = static_cast<char>('0' + octet % 10);
    if (i < 3) *room++ = '.';
  }
  return room;
}

void IpAddress::append_to(std::string& out) const {
  char text[longest_text];
  out.append(text, write_to(text));
}

std::string IpAddress::text() const {
  char text[longest_text];
  return {text, write_to(text)};
}

char* Endpoint::write_to(char* room) const {
  const bool brackets = port != 0 && address.is_v6();
  if (brackets) *room++ = '[';
  room = address.write_to(room);
  if (brackets) *room++ = ']';
  if (port == 0) return room;
  *room++ = ':';
  return std::to_chars(room, room + 5, port).ptr;
}

std::string Endpoint::text() const {
  char text[longest_text];
  return {text, write_to(text)};
}

std::string mac_text(Bytes octets) {
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", be8(octets, 0), be8(octets, 1),
                     be8(octets, 2), be8(octets, 3), be8(octets, 4), be8(octets, 5));
}

}  // namespace tracer
