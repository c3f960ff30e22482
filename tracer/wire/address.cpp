#include "tracer/wire/address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <charconv>

namespace tracer {
namespace {

void append_number(std::string& out, unsigned number) {
  char digits[12];
  out.append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

}  // namespace

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated(text);
  std::array<std::byte, 16> octets{};
  if (inet_pton(AF_INET, terminated.c_str(), octets.data()) == 1)
    return from(Bytes(octets).first(4));
  if (inet_pton(AF_INET6, terminated.c_str(), octets.data()) == 1) return from(octets);
  return std::nullopt;
}

void IpAddress::append_to(std::string& out) const {
  if (v6_) {
    char buffer[INET6_ADDRSTRLEN];
    out += inet_ntop(AF_INET6, words_.data(), buffer, sizeof buffer);
    return;
  }
  char text[16];  // summaries print many
  char* end = text;
  for (std::size_t i = 0; i < 4; ++i) {
    const unsigned octet = be8(octets(), i);
    if (octet >= 100) *end++ = static_cast<char>('0' + octet / 100);
    if (octet >= 10) *end++ = static_cast<char>('0' + octet / 10 % 10);
    *end++ = static_cast<char>('0' + octet % 10);
    *end++ = '.';
  }
  out.append(text, end - 1);
}

std::string IpAddress::text() const {
  std::string out;
  append_to(out);
  return out;
}

void Endpoint::append_to(std::string& out) const {
  const bool brackets = port != 0 && address.is_v6();
  if (brackets) out += '[';
  address.append_to(out);
  if (brackets) out += ']';
  if (port == 0) return;
  out += ':';
  append_number(out, port);
}

std::string Endpoint::text() const {
  std::string out;
  append_to(out);
  return out;
}

std::string mac_text(Bytes octets) {
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", be8(octets, 0), be8(octets, 1),
                     be8(octets, 2), be8(octets, 3), be8(octets, 4), be8(octets, 5));
}

}  // namespace tracer
