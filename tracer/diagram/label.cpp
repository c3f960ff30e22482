#include <fmt/format.h>

#include "tracer/diagram/ladder.hpp"
#include "tracer/wire/arp.hpp"

namespace tracer {
namespace {

constexpr std::size_t longest_preview = 40;  // characters

/// The payload's first words if they can be read; nothing if they cannot.
std::string preview(Bytes payload) {
  std::string text;
  for (const std::byte b : payload) {
    const auto c = std::to_integer<char>(b);
    if (c == '\r' || c == '\n') break;
    if (c < 0x20 || c == 0x7f) return {};
    if (text.size() == longest_preview) return text + "…";
    text += c;
  }
  return text;
}

std::vector<std::string> options_text(const TcpHeader& tcp, TcpFlags flags) {
  std::vector<std::string> found;
  TcpOptionReader reader(tcp.options());
  while (const auto option = reader.next()) {
    const Bytes value = option->value();
    switch (option->kind) {
      case tcp_option::end:
      case tcp_option::no_operation:
      case tcp_option::sack: break;  // blocks have their own place in the label
      case tcp_option::mss:
        if (value.size() == 2) found.push_back(fmt::format("MSS={}", be16(value, 0)));
        break;
      case tcp_option::window_scale:
        if (value.size() == 1) found.push_back(fmt::format("WS={}", 1u << (be8(value, 0) & 15)));
        break;
      case tcp_option::sack_permitted: found.emplace_back("SACK_PERM"); break;
      case tcp_option::timestamps:
        if (value.size() == 8 && flags.has(TcpFlags::syn))
          found.push_back(fmt::format("TSval={}", be32(value, 0)));
        break;
      case tcp_option::fast_open:
        found.push_back(fmt::format("TFO cookie of {}", value.size()));
        break;
      case tcp_option::md5: found.emplace_back("MD5"); break;
      case tcp_option::authentication: found.emplace_back("TCP-AO"); break;
      case tcp_option::multipath: found.emplace_back("MPTCP"); break;
      default: found.push_back(fmt::format("option {}", option->kind));
    }
  }
  return found;
}

std::string icmp_text(const IcmpHeader& icmp, bool v6) {
  const unsigned type = icmp.type(), code = icmp.code();
  const Bytes rest = icmp.rest();
  const auto echo = [&](const char* what) {
    return rest.size() < 4 ? std::string(what)
                           : fmt::format("{} id={} seq={}", what, be16(rest, 0), be16(rest, 2));
  };
  if (v6) {
    switch (type) {
      case 1:
        return code == 4   ? "ICMPv6 port unreachable"
               : code == 3 ? "ICMPv6 address unreachable"
               : code == 1 ? "ICMPv6 administratively prohibited"
                           : "ICMPv6 no route";
      case 2: return "ICMPv6 packet too big";
      case 3: return "ICMPv6 time exceeded";
      case 4: return "ICMPv6 parameter problem";
      case 128: return echo("ICMPv6 echo request");
      case 129: return echo("ICMPv6 echo reply");
      case 133: return "ICMPv6 router solicitation";
      case 134: return "ICMPv6 router advertisement";
      case 135: return "ICMPv6 neighbor solicitation";
      case 136: return "ICMPv6 neighbor advertisement";
      case 143: return "ICMPv6 multicast listener report";
      default: return fmt::format("ICMPv6 type {} code {}", type, code);
    }
  }
  switch (type) {
    case 0: return echo("ICMP echo reply");
    case 3:
      switch (code) {
        case 0: return "ICMP network unreachable";
        case 1: return "ICMP host unreachable";
        case 2: return "ICMP protocol unreachable";
        case 3: return "ICMP port unreachable";
        case 4: return "ICMP fragmentation needed";
        case 13: return "ICMP administratively prohibited";
        default: return fmt::format("ICMP unreachable code {}", code);
      }
    case 5: return "ICMP redirect";
    case 8: return echo("ICMP echo request");
    case 11: return code == 1 ? "ICMP reassembly time exceeded" : "ICMP time exceeded";
    case 12: return "ICMP parameter problem";
    default: return fmt::format("ICMP type {} code {}", type, code);
  }
}

std::string arp_text(const Packet& packet) {
  for (const Layer& layer : packet.layers) {
    if (layer.protocol != Protocol::arp) continue;
    const auto arp = ArpHeader::parse(layer.bytes);
    if (!arp || !arp->is_ipv4()) break;
    const std::string sender = IpAddress::from(arp->sender_protocol()).text(),
                      target = IpAddress::from(arp->target_protocol()).text();
    if (arp->operation() == 1) return fmt::format("ARP who has {}? tell {}", target, sender);
    if (arp->operation() == 2 && arp->hardware_size() == 6)
      return fmt::format("ARP {} is at {}", sender, mac_text(arp->sender_hardware()));
    return fmt::format("ARP operation {}", arp->operation());
  }
  return "ARP";
}

}  // namespace

Label label_of(const Packet& packet, const TcpFacts* facts, const TcpOptions& options) {
  Label label;
  if (packet.tcp) {
    label.kind = Label::Kind::tcp;
    label.flags = packet.tcp->flags();
    label.length = packet.tcp_length().value_or(0);
    label.window = packet.tcp->window();
    if (facts) {
      label.seq = facts->seq;
      label.ack = facts->ack;
      label.window = facts->window;
      for (const SackBlock& block : options.sack)
        label.sack.emplace_back(block.left.value - facts->ack_base,
                                block.right.value - facts->ack_base);
    } else {
      label.seq = packet.tcp->seq().value;
      label.ack = packet.tcp->ack().value;
    }
    label.options = options_text(*packet.tcp, label.flags);
    label.text = preview(packet.tcp->payload());
  } else if (packet.udp) {
    label.kind = Label::Kind::udp;
    const std::uint32_t length = packet.udp->length();
    label.length = length >= UdpHeader::header_size
                       ? length - 8
                       : packet.transport_wire_length -
                             std::min<std::uint32_t>(8, packet.transport_wire_length);
    label.text = preview(packet.udp->payload());
  } else if (packet.icmp) {
    label.kind = Label::Kind::icmp;
    label.text = icmp_text(*packet.icmp, packet.icmp_v6);
  } else if (packet.arp) {
    label.text = arp_text(packet);
  } else if (packet.fragment) {
    label.length = packet.fragment->wire_length;
    label.text = fmt::format("IP fragment id={:#06x} offset={}{}", packet.fragment->id,
                             packet.fragment->offset, packet.fragment->more ? " more" : " last");
  } else if (packet.misshapen_tcp) {
    label.text = fmt::format("TCP header of {} bytes", packet.misshapen_tcp->size());
  } else if (packet.has_network) {
    label.text = fmt::format("IP protocol {}", packet.protocol);
  } else if (!packet.layers.empty()) {
    label.text = fmt::format("{} frame", name(packet.layers[0].protocol));
  } else {
    label.text = fmt::format("frame of link type {}", static_cast<int>(packet.frame.link));
  }
  return label;
}

}  // namespace tracer
