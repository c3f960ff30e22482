#include "tracer/wire/address.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

namespace tracer {

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  const std::string terminated(text);
  std::array<std::byte, 16> octets{};
  if (inet_pton(AF_INET, terminated.c_str(), octets.data()) == 1)
    return from(Bytes(octets).first(4));
  if (inet_pton(AF_INET6, terminated.c_str(), octets.data()) == 1) return from(octets);
  return std::nullopt;
}

std::string IpAddress::text() const {
  char buffer[INET6_ADDRSTRLEN];
  inet_ntop(v6_ ? AF_INET6 : AF_INET, octets_.data(), buffer, sizeof buffer);
  return buffer;
}

std::string Endpoint::text() const {
  if (port == 0) return address.text();
  return address.is_v6() ? fmt::format("[{}]:{}", address.text(), port)
                         : fmt::format("{}:{}", address.text(), port);
}

std::string mac_text(Bytes octets) {
  return fmt::format("{:02x}:{:02x}:{:02x}:{:02x}:{:02x}:{:02x}", be8(octets, 0), be8(octets, 1),
                     be8(octets, 2), be8(octets, 3), be8(octets, 4), be8(octets, 5));
}

}  // namespace tracer
