// The link layers: Ethernet and its tags, and what loopback and "any" captures have instead.
#pragma once

#include <cstdint>

#include "tracer/bytes/bytes.hpp"
#include "tracer/bytes/decoded.hpp"

namespace tracer {

/// EtherType values (IEEE 802 numbers registry) that lead on to a layer we decode.
namespace ether_type {
inline constexpr std::uint16_t ipv4 = 0x0800, arp = 0x0806, reverse_arp = 0x8035, vlan = 0x8100,
                               ipv6 = 0x86dd, mpls = 0x8847, mpls_multicast = 0x8848,
                               pppoe_session = 0x8864, service_vlan = 0x88a8,
                               old_service_vlan = 0x9100,
                               smallest = 1536;  // below: an IEEE 802.3 length
}  // namespace ether_type

/// Ethernet II (IEEE 802.3 §3.2), read in place.
class EthernetHeader {
 public:
  static constexpr std::size_t header_size = 14;
  static Decoded<EthernetHeader> parse(Bytes frame) {
    if (frame.size() < header_size)
      return DecodeError{Fault::truncated, "Ethernet", header_size, frame.size()};
    return EthernetHeader(frame);
  }
  Bytes destination() const { return frame_.first(6); }
  Bytes source() const { return frame_.subspan(6, 6); }
  std::uint16_t type() const { return be16(frame_, 12); }

 private:
  explicit EthernetHeader(Bytes frame) : frame_(frame) {}
  Bytes frame_;
};

/// The four bytes that an 802.1Q or 802.1ad tag adds, from the tag control information on
/// (its own EtherType belongs to the header before it).
class VlanTag {
 public:
  static constexpr std::size_t header_size = 4;
  static Decoded<VlanTag> parse(Bytes tag) {
    if (tag.size() < header_size)
      return DecodeError{Fault::truncated, "802.1Q", header_size, tag.size()};
    return VlanTag(tag);
  }
  std::uint8_t priority() const { return static_cast<std::uint8_t>(be8(tag_, 0) >> 5); }
  bool drop_eligible() const { return (be8(tag_, 0) & 0x10) != 0; }
  std::uint16_t id() const { return be16(tag_, 0) & 0x0fff; }
  std::uint16_t type() const { return be16(tag_, 2); }

 private:
  explicit VlanTag(Bytes tag) : tag_(tag) {}
  Bytes tag_;
};

/// Linux cooked capture, version 1 (LINKTYPE_LINUX_SLL).
class CookedHeader {
 public:
  static constexpr std::size_t header_size = 16;
  static Decoded<CookedHeader> parse(Bytes frame) {
    if (frame.size() < header_size)
      return DecodeError{Fault::truncated, "Linux SLL", header_size, frame.size()};
    return CookedHeader(frame);
  }
  std::uint16_t packet_type() const { return be16(frame_, 0); }  // 4: sent by us
  std::uint16_t hardware_type() const { return be16(frame_, 2); }
  std::uint16_t address_length() const { return be16(frame_, 4); }
  Bytes address() const { return frame_.subspan(6, address_length() < 8 ? address_length() : 8); }
  std::uint16_t type() const { return be16(frame_, 14); }

 private:
  explicit CookedHeader(Bytes frame) : frame_(frame) {}
  Bytes frame_;
};

/// Linux cooked capture, version 2 (LINKTYPE_LINUX_SLL2).
class Cooked2Header {
 public:
  static constexpr std::size_t header_size = 20;
  static Decoded<Cooked2Header> parse(Bytes frame) {
    if (frame.size() < header_size)
      return DecodeError{Fault::truncated, "Linux SLL2", header_size, frame.size()};
    return Cooked2Header(frame);
  }
  std::uint16_t type() const { return be16(frame_, 0); }
  std::uint32_t interface_index() const { return be32(frame_, 4); }
  std::uint16_t hardware_type() const { return be16(frame_, 8); }
  std::uint8_t packet_type() const { return be8(frame_, 10); }
  std::uint8_t address_length() const { return be8(frame_, 11); }
  Bytes address() const { return frame_.subspan(12, address_length() < 8 ? address_length() : 8u); }

 private:
  explicit Cooked2Header(Bytes frame) : frame_(frame) {}
  Bytes frame_;
};

/// BSD loopback: an address family in four bytes (LINKTYPE_NULL, in the byte order of the machine
/// that captured; LINKTYPE_LOOP, big-endian).
class NullHeader {
 public:
  static constexpr std::size_t header_size = 4;
  static Decoded<NullHeader> parse(Bytes frame) {
    if (frame.size() < header_size)
      return DecodeError{Fault::truncated, "BSD loopback", header_size, frame.size()};
    return NullHeader(frame);
  }
  /// Families are small numbers, so whichever order gives one is the order it was written in.
  std::uint32_t family() const {
    const std::uint32_t big = be32(frame_, 0);
    return big > 0xffff ? __builtin_bswap32(big) : big;
  }
  /// The EtherType that the family stands for, 0 if none: AF_INET is 2 everywhere, AF_INET6 is
  /// 10 on Linux, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS.
  std::uint16_t type() const {
    // Some writers leave an EtherType in the second half instead.
    if (be16(frame_, 2) >= ether_type::smallest) return be16(frame_, 2);
    switch (family()) {
      case 2: return ether_type::ipv4;
      case 10:
      case 24:
      case 28:
      case 30: return ether_type::ipv6;
      default: return 0;
    }
  }

 private:
  explicit NullHeader(Bytes frame) : frame_(frame) {}
  Bytes frame_;
};

}  // namespace tracer
