// Whole frames, cut and damaged anywhere: the layers before the fault stay, and nothing is read
// beyond the bytes (a sanitizer build sees to that).
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/frames.hpp"
#include "tracer/wire/tcp_options.hpp"

namespace tracer {
namespace {

using namespace support;

struct Sample {
  const char* name;
  Buffer bytes;
  LinkType link = LinkType::ethernet;
};

std::vector<Sample> samples() {
  const Buffer segment =
      tcp({.options = hex("02 04 05 b4 04 02 08 0a 00 00 00 01 00 00 00 02 01 03 03 07")},
          text("payload"));
  const Buffer segment6 = tcp({}, text("payload"), "fd00::1", "fd00::2");
  return {
      {"TCP", ethernet(0x0800, ipv4({.options = hex("01 01 01 00")}, segment))},
      {"UDP behind tags",
       ethernet(0x88a8, vlan(1, 0x8100,
                             vlan(2, 0x0800, ipv4({.protocol = 17}, udp(1, 2, text("payload"))))))},
      {"extension headers",
       ethernet(0x86dd, ipv6({.next = 0},
                             join({hex("2b 00 00 00 00 00 00 00"), hex("2c 00 00 00 00 00 00 00"),
                                   hex("06 00 00 00 00 00 00 09"), segment6})))},
      {"ICMP error", ethernet(0x0800, ipv4({.protocol = 1}, icmp(3, 3, 0, ipv4({}, segment))))},
      {"ICMPv6 error", ethernet(0x86dd, ipv6({.next = 58}, icmp(1, 4, 0, ipv6({}, segment6))))},
      {"cooked", join({u16(0), u16(1), u16(6), Buffer(8), u16(0x0800), ipv4({}, segment)}),
       LinkType::linux_sll},
      {"cooked 2", join({u16(0x0800), Buffer(18), ipv4({}, segment)}), LinkType::linux_sll2},
      {"loopback", join({hex("02 00 00 00"), ipv4({}, segment)}), LinkType::null},
      {"raw", ipv6({}, segment6), LinkType::raw},
      {"ARP",
       ethernet(0x0806, hex("0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002"))},
  };
}

/// What any packet promises its readers.
void expect_consistent(const Packet& packet, const Buffer& bytes) {
  for (const Layer& layer : packet.layers) {
    EXPECT_LE(layer.header().size(), layer.bytes.size());
    if (layer.bytes.empty()) continue;
    EXPECT_GE(layer.bytes.data(), bytes.data());
    EXPECT_LE(layer.bytes.data() + layer.bytes.size(), bytes.data() + bytes.size());
  }
  transport_checksum_right(packet);
  if (packet.tcp) {
    TcpOptions::parse(packet.tcp->options());
    packet.tcp->payload();
  }
  if (packet.udp) packet.udp->payload();
}

TEST(Packet, EveryCutKeepsTheLayersBeforeIt) {
  for (const Sample& sample : samples()) {
    const Packet whole = decoded(sample.bytes, sample.link);
    EXPECT_FALSE(whole.fault) << sample.name;
    std::size_t previous = 0;
    for (std::size_t length = 0; length <= sample.bytes.size(); ++length) {
      const Buffer piece(sample.bytes.begin(),
                         sample.bytes.begin() + static_cast<std::ptrdiff_t>(length));
      Frame cut = frame(piece, sample.link);
      cut.original_length = static_cast<std::uint32_t>(sample.bytes.size());
      Packet packet;
      decode(cut, 1, packet);
      expect_consistent(packet, piece);
      EXPECT_GE(packet.layers.size(), previous) << sample.name << " cut to " << length;
      previous = packet.layers.size();
      if (packet.fault) {
        EXPECT_EQ(packet.fault->fault, Fault::truncated) << sample.name << " cut to " << length;
        EXPECT_LT(packet.fault->present, packet.fault->needed)
            << sample.name << " cut to " << length;
      }
    }
    EXPECT_EQ(previous, whole.layers.size()) << sample.name;
  }
}

TEST(Packet, EveryByteChangedIsStillSafe) {
  for (const Sample& sample : samples())
    for (std::size_t at = 0; at < sample.bytes.size(); ++at)
      for (const unsigned value : {0x00u, 0x01u, 0x7fu, 0x80u, 0xffu}) {
        Buffer changed = sample.bytes;
        changed[at] = static_cast<std::byte>(value);
        expect_consistent(decoded(changed, sample.link), changed);
      }
}

// A file may claim less on the wire than it has kept.
TEST(Packet, AnOriginalLengthUnderTheBytesIsSafe) {
  for (const Sample& sample : samples())
    for (const std::uint32_t claimed : {0u, 1u, 20u, 40u}) {
      Frame odd = frame(sample.bytes, sample.link);
      odd.original_length = claimed;
      Packet packet;
      decode(odd, 1, packet);
      expect_consistent(packet, sample.bytes);
    }
}

TEST(Packet, IsUsedAgainWithoutLeftovers) {
  const Buffer bytes =
      ethernet(0x0800, ipv4({.protocol = 1}, icmp(3, 3, 0, ipv4({}, tcp({}, {})))));
  Packet packet = decoded(bytes);
  const Buffer nothing;
  decode(frame(nothing), 2, packet);
  EXPECT_EQ(layers(packet), "Ethernet");
  EXPECT_FALSE(packet.icmp || packet.quoted || packet.has_network || packet.tcp || packet.fragment);
  EXPECT_TRUE(packet.transport.empty());
  EXPECT_EQ(packet.number, 2u);
}

/// All but the link layer, for comparing.
void expect_same_network(const Packet& a, const Packet& b, std::size_t link_layers_of_a,
                         std::size_t link_layers_of_b) {
  ASSERT_EQ(a.layers.size() - link_layers_of_a, b.layers.size() - link_layers_of_b);
  for (std::size_t i = link_layers_of_a; i < a.layers.size(); ++i) {
    const Layer &left = a.layers[i], &right = b.layers[i - link_layers_of_a + link_layers_of_b];
    EXPECT_EQ(left.protocol, right.protocol);
    EXPECT_EQ(left.quoted, right.quoted);
    EXPECT_EQ(left.header_size, right.header_size);
    EXPECT_EQ(left.wire_length, right.wire_length);
    EXPECT_TRUE(std::ranges::equal(left.bytes, right.bytes));
  }
  EXPECT_EQ(a.has_network, b.has_network);
  EXPECT_EQ(a.source.text(), b.source.text());
  EXPECT_EQ(a.destination.text(), b.destination.text());
  EXPECT_EQ(a.protocol, b.protocol);
  EXPECT_EQ(a.tcp.has_value(), b.tcp.has_value());
  EXPECT_EQ(a.tcp_length(), b.tcp_length());
  EXPECT_TRUE(std::ranges::equal(a.transport, b.transport));
  EXPECT_EQ(a.transport_wire_length, b.transport_wire_length);
  EXPECT_EQ(a.fault.has_value(), b.fault.has_value());
  EXPECT_EQ(a.fragment.has_value(), b.fragment.has_value());
}

// Plain TCP over Ethernet is decoded by a short way of its own, and behind a tag it is not.
TEST(Packet, TheShortWayToTcpSaysTheSame) {
  const Buffer packet =
      ipv4({}, tcp({.options = hex("01 01 08 0a 00 00 00 01 00 00 00 02")}, text("some payload")));
  const auto compare = [](const Buffer& ip, std::size_t kept, std::uint32_t wire) {
    const auto cut = [&](const Buffer& whole, std::size_t link) {
      return Buffer(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(link + kept));
    };
    const Buffer plain = cut(ethernet(0x0800, ip), 14),
                 tagged = cut(ethernet(0x8100, vlan(1, 0x0800, ip)), 18);
    Frame short_way = frame(plain), long_way = frame(tagged);
    short_way.original_length = 14 + wire;
    long_way.original_length = 18 + wire;
    Packet a, b;
    decode(short_way, 1, a);
    decode(long_way, 1, b);
    expect_same_network(a, b, 1, 2);
  };
  for (std::size_t kept = 0; kept <= packet.size(); ++kept)
    for (const std::size_t wire : {kept, packet.size(), packet.size() + 6, std::size_t{30}})
      compare(packet, kept, static_cast<std::uint32_t>(wire));
  for (std::size_t at = 0; at < 40; ++at)
    for (const unsigned value :
         {0x00u, 0x01u, 0x06u, 0x20u, 0x28u, 0x40u, 0x45u, 0x50u, 0x7fu, 0x80u, 0xffu}) {
      Buffer changed = packet;
      changed[at] = static_cast<std::byte>(value);
      compare(changed, changed.size(), static_cast<std::uint32_t>(changed.size()));
    }
}

TEST(Packet, LayersKnowTheirLengthOnTheWire) {
  const Buffer bytes = tcp_frame({}, text("payload"));
  const Packet packet = decoded(bytes);
  EXPECT_EQ(packet.layers[0].wire_length, 61u);
  EXPECT_EQ(packet.layers[1].wire_length, 47u);
  EXPECT_EQ(packet.layers[2].wire_length, 27u);
  EXPECT_EQ(packet.layers[2].header_size, 20u);
}

}  // namespace
}  // namespace tracer
