// One pass over one frame, for decode() alone: each step adds a layer and hands the rest to the next.
#pragma once

#include <algorithm>
#include <optional>

#include "tracer/wire/packet.hpp"

namespace tracer {

/// What is left to decode: the bytes that were kept, and how many there were on the wire.
struct Rest {
  Bytes bytes;
  std::uint32_t wire_length;

  Rest after(std::size_t count) const {
    return {slice(bytes, count),
            wire_length > count ? wire_length - static_cast<std::uint32_t>(count) : 0};
  }
  Rest within(std::uint32_t length) const {
    return {slice(bytes, 0, length), std::min(wire_length, length)};
  }
};

class Decoder {
 public:
  /// `packet` is cleared but for its frame, or holds the headers below what is decoded next.
  explicit Decoder(Packet& packet) : packet_(packet) {}

  void link(LinkType type, Rest rest);
  /// What follows the fixed header of IPv6, or was put together from fragments, up to the transport.
  void extensions(std::uint8_t next, Rest rest);
  void transport(std::uint8_t protocol, Rest rest);

 private:
  // decode_link.cpp
  void cooked(std::uint16_t type, Rest rest);
  void llc(Rest rest);
  void ppp(Rest rest);
  void pppoe(Rest rest);
  void mpls(Rest rest);
  void gre(Rest rest);
  void tagged(std::uint16_t type, Rest rest);

  // decode_network.cpp
  void network(std::uint16_t type, Rest rest);
  void ipv4(Rest rest);
  void ipv6(Rest rest);
  void addresses(IpAddress source, IpAddress destination, std::uint8_t protocol);

  // decode_transport.cpp
  void carry(std::uint8_t protocol, Rest rest);
  void quote(Rest rest);
  void quoted_transport(std::uint8_t protocol, Rest rest);

  void add(Protocol protocol, Rest rest, std::size_t header_size) {
    packet_.layers.push_back(
        {protocol, quoted_, static_cast<std::uint32_t>(header_size), rest.wire_length, rest.bytes});
  }

  /// Adds the layer also when its header did not decode: its bytes are there to be shown.
  template <class Header>
  std::optional<Header> accept(const Decoded<Header>& header, Protocol protocol, Rest rest) {
    add(protocol, rest, 0);
    if (!header) {
      if (!packet_.fault) packet_.fault = header.error();
      return std::nullopt;
    }
    if constexpr (requires { Header::header_size; })
      packet_.layers.back().header_size = Header::header_size;
    return *header;
  }

  void own(Rest rest) {
    if (quoted_) return;
    packet_.transport = rest.bytes;
    packet_.transport_wire_length = rest.wire_length;
  }

  /// A header of `size` bytes that needs no look inside. False if the capture cut it.
  bool take(Protocol protocol, Rest rest, std::size_t size) {
    add(protocol, rest, 0);
    if (rest.bytes.size() < size) {
      if (!packet_.fault)
        packet_.fault = DecodeError{Fault::truncated, name(protocol), size, rest.bytes.size()};
      return false;
    }
    packet_.layers.back().header_size = static_cast<std::uint32_t>(size);
    return true;
  }

  Packet& packet_;
  bool quoted_ = false;
};

}  // namespace tracer
