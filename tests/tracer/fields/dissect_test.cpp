// Which fields a frame has, under Wireshark's names, and which bytes say so.
#include "tracer/fields/dissect.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "tests/support/segment.hpp"

namespace tracer {
namespace {

using namespace support;

/// Name -> values joined by commas, of the last of some frames, captured up to `snaplen`.
std::map<std::string, std::string> fields_of(const std::vector<Buffer>& frames,
                                             LinkType link = LinkType::ethernet,
                                             std::size_t snaplen = SIZE_MAX) {
  Tracker tracker;
  FieldSink sink(FieldSet::all());
  std::uint64_t number = 0;
  Packet packet;
  for (const Buffer& bytes : frames) {
    sink.clear();
    Frame captured = frame(bytes, link);
    captured.bytes = captured.bytes.first(std::min(snaplen, bytes.size()));
    decode(captured, ++number, packet);
    const Tracked& tracked = tracker.track(packet);
    dissect(packet, tracked, {}, sink);
  }
  std::map<std::string, std::string> found;
  for (const FieldValue& value : sink.values()) {
    const Bytes whole = frames.back();
    if (!value.where.empty() && !packet.reassembled) {
      EXPECT_GE(value.where.data(), whole.data()) << info(value.field).name;
      EXPECT_LE(value.where.data() + value.where.size(), whole.data() + whole.size())
          << info(value.field).name;
    }
    std::string& text = found[std::string(info(value.field).name)];
    if (!text.empty()) text += ',';
    append_value(text, value);
  }
  return found;
}

Buffer line(const char* notation) { return frame_of(parse_segment(notation), 7); }

TEST(Dissect, ATcpSegment) {
  auto fields = fields_of(
      {line("0.0  client > server  S   1000:1000(0) win 64240 <mss 1460,sackOK,TS 5 0,wscale 7>"),
       line("0.0  server > client  S.  5000:5000(0) ack 1001 win 65160 <mss 1400>")});
  EXPECT_EQ(fields["frame.number"], "2");
  EXPECT_EQ(fields["eth.type"], "0x0800");
  EXPECT_EQ(fields["ip.src"], "10.0.0.2");
  EXPECT_EQ(fields["ip.addr"], "10.0.0.2,10.0.0.1");
  EXPECT_EQ(fields["ip.id"], "0x0007");
  EXPECT_EQ(fields["ip.checksum.status"], "1");
  EXPECT_EQ(fields["tcp.port"], "7000,40000");
  EXPECT_EQ(fields["tcp.stream"], "0");
  EXPECT_EQ(fields["tcp.seq"], "0");
  EXPECT_EQ(fields["tcp.seq_raw"], "5000");
  EXPECT_EQ(fields["tcp.ack"], "1");
  EXPECT_EQ(fields["tcp.flags"], "0x0012");
  EXPECT_EQ(fields["tcp.flags.syn"], "1");
  EXPECT_EQ(fields["tcp.flags.fin"], "0");
  EXPECT_EQ(fields["tcp.checksum.status"], "1");
  EXPECT_EQ(fields["tcp.options.mss_val"], "1400");
  EXPECT_EQ(fields["tcp.analysis.acks_frame"], "1");
  EXPECT_EQ(fields.count("tcp.payload"), 0u);
}

// 68 bytes were once what tcpdump kept: 14 of the options.
TEST(Dissect, WhatTheCaptureCutIsNotThere) {
  const Buffer
      syn = line("0.0  client > server  S   1000:1000(0) <mss 1460,wscale 7,sackOK,TS 5 6>"),
      syn_ack = line("0.0  server > client  S.  5000:5000(0) ack 1001 <mss 1460,TS 8 5,wscale 9>"),
      request =
          line("0.0  client > server  .  1001:1001(0) ack 5001 win 10 <sack 5101:5201 5301:5401>");
  auto cut = fields_of({syn, syn_ack}, LinkType::ethernet, 68);
  EXPECT_EQ(cut["tcp.options.timestamp.tsval"], "8");
  EXPECT_EQ(cut.count("tcp.options.timestamp.tsecr"), 0u);
  EXPECT_EQ(cut.count("tcp.options.wscale.shift"), 0u);
  EXPECT_EQ(cut.count("tcp.analysis.acks_frame"), 0u);
  // Whether the answer had a window scale is not known: that of the SYN stands.
  cut = fields_of({syn, syn_ack, request}, LinkType::ethernet, 68);
  EXPECT_EQ(cut["tcp.window_size"], "1280");
  EXPECT_EQ(cut["tcp.options.sack_le"], "101");
  EXPECT_EQ(cut["tcp.options.sack_re"], "201");
  EXPECT_EQ(fields_of({syn, line("0.0  server > client  S.  5000:5000(0) ack 1001"), request},
                      LinkType::ethernet, 68)["tcp.window_size"],
            "10");
  const Buffer datagram = ethernet(0x0800, ipv4({.protocol = 17}, udp(5000, 7001, text("hello"))));
  cut = fields_of({datagram}, LinkType::ethernet, 40);
  EXPECT_EQ(cut["udp.port"], "5000,7001");
  EXPECT_EQ(cut["udp.length"], "13");
  EXPECT_EQ(cut.count("udp.checksum"), 0u);
}

// As tshark 4.0 tells them.
TEST(Dissect, OfACutIcmpHeaderWhatIsThere) {
  const Buffer four = ethernet(0x0800, ipv4({.protocol = 1}, icmp(8, 0, 0x10002, text("ping")))),
               six = ethernet(0x86dd, ipv6({.next = 58}, icmp(128, 0, 0x10002, text("ping"))));
  const auto names = [](Buffer frame, std::size_t kept) {
    std::string found;
    for (const auto& [name, value] : fields_of({std::move(frame)}, LinkType::ethernet, kept))
      if (name.starts_with("icmp") && !name.ends_with("_le") && !name.ends_with("status") &&
          name.find('.') != std::string::npos)
        found += name.substr(name.find('.')) + " ";
    return found;
  };
  EXPECT_EQ(names(four, 34 + 5), "");
  EXPECT_EQ(names(four, 34 + 6), ".checksum .code .ident .type ");
  EXPECT_EQ(names(four, 34 + 8), ".checksum .code .ident .seq .type ");
  EXPECT_EQ(names(six, 54 + 1), ".type ");
  EXPECT_EQ(names(six, 54 + 3), ".code .type ");
  EXPECT_EQ(names(six, 54 + 6), ".checksum .code .echo.identifier .type ");
}

// What is wrong with the options is no reason to say nothing of the segment.
TEST(Dissect, DamagedOptions) {
  auto fields = fields_of({line("0.0  client > server  P.  1000:1100(100) ack 1"),
                           line("0.0  server > client  .  1:1(0) ack 1100 <hex 02 09>")});
  EXPECT_EQ(fields["tcp.analysis.acks_frame"], "1");
}

TEST(Dissect, EveryTcpOption) {
  auto fields =
      fields_of({line("0.0  client > server  S   1000:1000(0) <mss 1460,sackOK,TS 5 6,wscale 7>")});
  EXPECT_EQ(fields["tcp.option_kind"], "2,1,1,4,1,1,8,1,3");
  EXPECT_EQ(fields["tcp.options.wscale.shift"], "7");
  EXPECT_EQ(fields["tcp.options.sack_perm"], "1");
  EXPECT_EQ(fields["tcp.options.timestamp.tsval"], "5");
  EXPECT_EQ(fields["tcp.options.timestamp.tsecr"], "6");
  auto sack = fields_of({line("0.0  client > server  P.  1000:1100(100) ack 1"),
                         line("0.0  server > client  .   1:1(0) ack 1000 <sack 1050:1100>")});
  EXPECT_EQ(sack["tcp.options.sack_le"], "51");  // relative, as all numbers
  EXPECT_EQ(sack["tcp.options.sack_re"], "101");
}

TEST(Dissect, AUdpDatagram) {
  auto fields = fields_of({ethernet(0x0800, ipv4({.protocol = 17}, udp(5000, 53, text("hi"))))});
  EXPECT_EQ(fields["udp.srcport"], "5000");
  EXPECT_EQ(fields["udp.length"], "10");
  EXPECT_EQ(fields["udp.checksum.status"], "1");
  EXPECT_EQ(fields["udp.stream"], "0");
  EXPECT_EQ(fields["udp.payload"], "6869");
}

TEST(Dissect, AnIcmpErrorHasItsOwnFieldsThenThoseOfTheQuote) {
  auto fields = fields_of(
      {ethernet(0x0800, ipv4({.source = "10.0.0.2", .destination = "10.0.0.1", .protocol = 1},
                             icmp(3, 4, 1400, ipv4({}, tcp({.seq = 99}, {})))))});
  EXPECT_EQ(fields["icmp.type"], "3");
  EXPECT_EQ(fields["icmp.code"], "4");
  EXPECT_EQ(fields["icmp.mtu"], "1400");
  EXPECT_EQ(fields["icmp.checksum.status"], "1");
  EXPECT_EQ(fields["ip.src"], "10.0.0.2,10.0.0.1");
  EXPECT_EQ(fields["tcp.dstport"], "7000");
  EXPECT_EQ(fields["tcp.seq_raw"], "99");
  EXPECT_EQ(fields.count("tcp.stream"), 0u);
}

TEST(Dissect, TagsOuterToInner) {
  auto fields =
      fields_of({ethernet(0x8100, vlan(100, 0x8100, vlan(5, 0x0800, ipv4({}, tcp({}, {})))))});
  EXPECT_EQ(fields["vlan.id"], "100,5");
  EXPECT_EQ(fields["eth.type"], "0x8100");
}

TEST(Dissect, ArpAndIpv6) {
  auto arp = fields_of(
      {ethernet(0x0806, hex("0001 0800 06 04 0001 020000000001 0a000001 000000000000 0a000002"))});
  EXPECT_EQ(arp["arp.opcode"], "1");
  EXPECT_EQ(arp["arp.dst.proto_ipv4"], "10.0.0.2");
  auto ipv6_fields =
      fields_of({ipv6({.next = 44},
                      join({hex("06 00 00 00 00 00 00 09"), tcp({}, {}, "fd00::1", "fd00::2")}))},
                LinkType::raw);
  EXPECT_EQ(ipv6_fields["ipv6.nxt"], "44");
  EXPECT_EQ(ipv6_fields["ipv6.fraghdr.ident"], "0x00000009");
  EXPECT_EQ(ipv6_fields["tcp.checksum.status"], "1");
}

TEST(Dissect, ABadChecksumIsZeroAndAnUncheckableOneTwo) {
  Buffer bad = tcp_frame({}, text("payload"));
  bad.back() ^= std::byte{1};
  EXPECT_EQ(fields_of({bad})["tcp.checksum.status"], "0");
  bad[24] ^= std::byte{1};
  EXPECT_EQ(fields_of({bad})["ip.checksum.status"], "0");
}

TEST(Dissect, EveryByteChangedAndEveryCutIsSafe) {
  const Buffer sample = ethernet(
      0x8100,
      vlan(1, 0x0800,
           ipv4({.protocol = 1},
                icmp(3, 3, 0,
                     ipv4({}, tcp({.options = hex("02 04 05 b4 01 03 03 07")}, text("x")))))));
  for (std::size_t at = 0; at < sample.size(); ++at) {
    fields_of({Buffer(sample.begin(), sample.begin() + static_cast<std::ptrdiff_t>(at))});
    for (const unsigned value : {0x00u, 0x7fu, 0xffu}) {
      Buffer changed = sample;
      changed[at] = static_cast<std::byte>(value);
      fields_of({changed});
    }
  }
}

}  // namespace
}  // namespace tracer
