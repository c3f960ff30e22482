// Builders of real frames, for tests that start where the tracer starts: with bytes.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tracer/bytes/frame.hpp"
#include "tracer/wire/packet.hpp"

namespace support {

using Buffer = std::vector<std::byte>;

/// "45 00 0a", spaces as you like.
Buffer hex(std::string_view digits);
Buffer text(std::string_view characters);
/// One after the other.
Buffer join(std::initializer_list<Buffer> parts);
Buffer u8(unsigned value);
Buffer u16(unsigned value);  // network byte order
Buffer u32(std::uint32_t value);

/// Ethernet II between two made-up stations.
Buffer ethernet(std::uint16_t type, const Buffer& payload);
/// An 802.1Q tag and what follows it; goes where an EtherType of 0x8100 announced it.
Buffer vlan(std::uint16_t id, std::uint16_t type, const Buffer& payload);

struct Ipv4 {
  std::string source = "10.0.0.1", destination = "10.0.0.2";
  std::uint8_t protocol = 6;
  std::uint16_t id = 1;
  bool more = false;
  std::uint16_t offset = 0;                     // of a fragment, in units of 8 bytes
  Buffer options{};                             // a multiple of 4 bytes
  std::optional<std::uint16_t> total_length{};  // another than the true one
};
Buffer ipv4(const Ipv4& header, const Buffer& payload);

struct Ipv6 {
  std::string source = "fd00::1", destination = "fd00::2";
  std::uint8_t next = 6;
  std::optional<std::uint16_t> payload_length{};
};
Buffer ipv6(const Ipv6& header, const Buffer& payload);

struct Tcp {
  std::uint16_t source = 40000, destination = 7000;
  std::uint32_t seq = 1000, ack = 0;
  std::uint16_t flags = tracer::TcpFlags::ack;
  std::uint16_t window = 65535;
  Buffer options{};  // padded to a multiple of 4 bytes with End of Option List
};
/// Checksums are right for these addresses, so that a test can break them on purpose.
Buffer tcp(const Tcp& header, const Buffer& payload, const std::string& source = "10.0.0.1",
           const std::string& destination = "10.0.0.2");
Buffer udp(std::uint16_t source, std::uint16_t destination, const Buffer& payload,
           const std::string& from = "10.0.0.1", const std::string& to = "10.0.0.2");
Buffer icmp(std::uint8_t type, std::uint8_t code, std::uint32_t rest, const Buffer& body);

/// TCP over IPv4 over Ethernet, from client (10.0.0.1) to server (10.0.0.2).
Buffer tcp_frame(const Tcp& header, const Buffer& payload = {});

/// `bytes` must outlive the frame.
tracer::Frame frame(const Buffer& bytes, tracer::LinkType link = tracer::LinkType::ethernet);
tracer::Frame frame(Buffer&&, tracer::LinkType = tracer::LinkType::ethernet) = delete;

/// decode() of one frame; `bytes` must outlive the packet.
tracer::Packet decoded(const Buffer& bytes, tracer::LinkType link = tracer::LinkType::ethernet);
tracer::Packet decoded(Buffer&&, tracer::LinkType = tracer::LinkType::ethernet) = delete;

/// "Ethernet/IPv4/TCP", those inside an ICMP error in brackets.
std::string layers(const tracer::Packet& packet);

}  // namespace support
